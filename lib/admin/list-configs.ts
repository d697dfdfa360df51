import type { Override, TagLimits } from '../policy/policy.ts';
import { storeServiceConfig } from '../policy/store-policy.ts';
import type { StoredService } from '../policy/stored-service.ts';
import type { ConfigStore } from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';

export interface ListedConfig {
  /** As it was applied: what a policy file says of it. */
  readonly config: StoredService;
  readonly overrides: readonly Override[];
  /** What tags on the ECS service say in the place of the file. */
  readonly tags: TagLimits;
}

/** What is configured, of one customer or of all, or of one service. */
export async function listConfigs(
  deps: { readonly configs: Pick<ConfigStore, 'customers' | 'ofCustomer' | 'find'> },
  { customer, service }: { readonly customer?: string | undefined; readonly service?: string | undefined },
): Promise<ListedConfig[]> {
  if (service !== undefined) {
    if (customer === undefined) throw new BadRequest(['customer: a service is one customer’s: say whose']);
    const config = await deps.configs.find(customer, service);
    if (!config) throw new BadRequest([`service: customer ${customer} has no service ${service}`]);
    return [{ config: storeServiceConfig(config), overrides: config.overrides ?? [], tags: config.tags?.say ?? {} }];
  }
  const customers = customer === undefined ? await deps.configs.customers() : [customer];
  const configs = (await Promise.all(customers.map((name) => deps.configs.ofCustomer(name)))).flat();
  return configs.map((config) => ({
    config: storeServiceConfig(config),
    overrides: config.overrides ?? [],
    tags: config.tags?.say ?? {},
  }));
}
