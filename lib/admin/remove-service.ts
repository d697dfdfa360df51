import { serviceArn } from '../accounts/service-arn.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import { storeServiceConfig } from '../policy/store-policy.ts';
import type { ConfigStore, ControlStore, WatchStore } from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';
import { asJson, type RecordDeps, recorded } from './record-change.ts';

export interface RemoveDeps extends RecordDeps {
  readonly configs: Pick<ConfigStore, 'find' | 'remove' | 'putPause'>;
  readonly controls: Pick<ControlStore, 'remove'>;
  readonly watches: Pick<WatchStore, 'drop'>;
}

/**
 * Takes one service out of care: its count stays as it is. Its report tokens and its history stay, so that applying it again,
 * or taking the change back, finds both as they were.
 */
export async function removeService(
  deps: RemoveDeps,
  { customer, service, takesBack }: { readonly customer: string; readonly service: string; readonly takesBack?: string },
): Promise<{ removed: string }> {
  const config = await deps.configs.find(customer, service);
  if (!config) throw new BadRequest([`service: customer ${customer} has no service ${service}`]);
  const draft = {
    customer,
    service,
    what: 'config',
    summary: `Took ${service} out of care.`,
    before: asJson(storeServiceConfig(config)),
    after: null,
    ...(takesBack === undefined ? {} : { takesBack }),
  };
  return recorded(deps, [draft], async () => {
    await takeOut(deps, config);
    // Last, so that a request that was cut short can be made again.
    await deps.configs.remove(customer, service);
    return { removed: service };
  });
}

/** Ends what is done for a service; its configuration stays for the caller to remove. */
export async function takeOut(
  deps: Pick<RemoveDeps, 'controls' | 'watches'> & { readonly configs: Pick<ConfigStore, 'putPause'> },
  { customer, group, name, arn }: ServiceConfig,
): Promise<void> {
  const { accountId, region, cluster } = serviceArn(arn);
  await deps.watches.drop({ customer, accountId, region, cluster }, name);
  await deps.controls.remove(customer, group, name);
  await deps.configs.putPause({ scope: 'service', customer, group, service: name }, undefined);
}
