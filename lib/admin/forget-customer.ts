import type { ServiceConfig } from '../policy/policy.ts';
import type {
  AccountStore,
  ChangeStore,
  ConfigStore,
  DiscoveryStore,
  HistoryStore,
  PointStore,
  ReportStore,
  TokenStore,
} from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';
import { type RecordDeps, recorded } from './record-change.ts';
import { type RemoveDeps, takeOut } from './remove-service.ts';

export interface ForgetDeps extends RemoveDeps, RecordDeps {
  readonly configs: ConfigStore;
  readonly accounts: Pick<AccountStore, 'ofCustomer' | 'remove'>;
  readonly discovery: Pick<DiscoveryStore, 'remove'>;
  readonly tokenStore: Pick<TokenStore, 'ofService' | 'remove'>;
  readonly history: Pick<HistoryStore, 'removeSome'>;
  readonly changes: ChangeStore;
  readonly points: Pick<PointStore, 'removeSome'>;
  readonly reports: Pick<ReportStore, 'removeSome'>;
}

export interface Forgotten {
  readonly customer: string;
  /** False: there is more than one request should delete; ask again. Nothing of theirs is scaled any more all the same. */
  readonly done: boolean;
}

/** Items deleted in one step, and services in one request: seconds of work within the half minute that it has. */
const ITEMS_AT_ONCE = 2_000;
const SERVICES_AT_ONCE = 20;

/**
 * Deletes all that is stored of a customer: accounts with their external IDs, services, tokens, pauses, reports, points, history
 * and changes. Accounts go first, so that nothing is reached from then on, then tokens, so that nothing comes in. What remains
 * is a line on the operator's own record that it was done, and limits of principals to this customer: without those they would
 * see all others.
 */
export async function forgetCustomer(
  deps: ForgetDeps,
  { customer, confirm }: { readonly customer: string; readonly confirm: string },
): Promise<Forgotten> {
  if (confirm !== customer)
    throw new BadRequest([`confirm: has to repeat the customer's name, ${customer}: what is deleted does not come back`]);
  const [accounts, configs] = await Promise.all([deps.accounts.ofCustomer(customer), deps.configs.ofCustomer(customer)]);
  const known = accounts.length > 0 || configs.length > 0 || (await deps.changes.of(customer, { limit: 1 })).length > 0;
  if (!known) throw new BadRequest([`customer: nothing is stored of a customer ${customer}`]);
  const summary = `Deleted what was stored of customer ${customer}.`;
  return recorded(deps, [{ customer: null, what: 'customer', summary, before: null, after: null }], async () => {
    for (const { accountId } of accounts) {
      await deps.accounts.remove(customer, accountId);
      await deps.discovery.remove(customer, accountId);
    }
    const some = configs.slice(0, SERVICES_AT_ONCE);
    for (const config of some) if (!(await forgetService(deps, config))) return { customer, done: false };
    // Groups are known from their services, which therefore stay until what hangs on the group is gone.
    for (const group of new Set(some.map((config) => config.group))) {
      const { shards } = await deps.configs.group(customer, group);
      const left = [
        await deps.points.removeSome(customer, group, ITEMS_AT_ONCE),
        await deps.reports.removeSome(customer, group, shards, ITEMS_AT_ONCE),
      ];
      if (left.includes('more')) return { customer, done: false };
    }
    for (const { name } of some) await deps.configs.remove(customer, name);
    if (some.length < configs.length) return { customer, done: false };
    await deps.configs.putPause({ scope: 'customer', customer }, undefined);
    await deps.configs.forgetCustomer(customer);
    return { customer, done: (await deps.changes.removeSome(customer, ITEMS_AT_ONCE)) === 'all' };
  });
}

/** All of a service but its configuration; false: some of its history is still there. */
async function forgetService(deps: ForgetDeps, config: ServiceConfig): Promise<boolean> {
  const { customer, name } = config;
  for (const { keyId } of await deps.tokenStore.ofService(customer, name)) await deps.tokenStore.remove(customer, name, keyId);
  await takeOut(deps, config);
  return (await deps.history.removeSome(customer, name, ITEMS_AT_ONCE)) === 'all';
}
