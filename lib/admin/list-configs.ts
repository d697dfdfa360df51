import type { Clock, Instant } from '../clock.ts';
import type { Override, ServiceConfig, TagLimits } from '../policy/policy.ts';
import { storeServiceConfig } from '../policy/store-policy.ts';
import type { StoredService } from '../policy/stored-service.ts';
import type { ConfigStore } from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';

export interface ListedConfig {
  /** As it was applied: what a policy file says of it. */
  readonly config: StoredService;
  /** Those in force; one that ran out stays stored until the next is given. */
  readonly overrides: readonly Override[];
  /** What tags on the ECS service say in the place of the file. */
  readonly tags: TagLimits;
}

/** What is configured, of one customer or of all, or of one service. */
export async function listConfigs(
  { configs, clock }: { readonly configs: Pick<ConfigStore, 'customers' | 'ofCustomer' | 'find'>; readonly clock: Clock },
  { customer, service }: { readonly customer?: string | undefined; readonly service?: string | undefined },
): Promise<ListedConfig[]> {
  const now = clock.now();
  if (service !== undefined) {
    if (customer === undefined) throw new BadRequest(['customer: a service is one customer’s: say whose']);
    const config = await configs.find(customer, service);
    if (!config) throw new BadRequest([`service: customer ${customer} has no service ${service}`]);
    return [listed(config, now)];
  }
  const customers = customer === undefined ? await configs.customers() : [customer];
  return (await Promise.all(customers.map((name) => configs.ofCustomer(name)))).flat().map((config) => listed(config, now));
}

const listed = (config: ServiceConfig, now: Instant): ListedConfig => ({
  config: storeServiceConfig(config),
  overrides: (config.overrides ?? []).filter(({ until }) => until > now),
  tags: config.tags?.say ?? {},
});
