import { serviceArn } from '../accounts/service-arn.ts';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { WatchStore } from '../stores/ports.ts';

export interface LookSoonDeps {
  readonly watches: Pick<WatchStore, 'hasten'>;
  readonly clock: Clock;
  readonly journal: Journal;
}

/**
 * Has a service looked at by the next tick, after something of it was changed. The change stands whether or not this can be
 * stored: without it, tick comes when it would have come anyway.
 */
export async function lookSoon(
  deps: LookSoonDeps,
  { customer, name, arn }: Pick<ServiceConfig, 'customer' | 'name' | 'arn'>,
): Promise<void> {
  const { accountId, region, cluster } = serviceArn(arn);
  try {
    await deps.watches.hasten({ customer, accountId, region, cluster }, deps.clock.now());
  } catch (error) {
    deps.journal.warn('A service that was changed is looked at when its time comes, not at once', {
      customer,
      service: name,
      error: String(error),
    });
  }
}
