import type { CustomerData } from '../stores/customer-data.ts';
import type { AccountStore, ChangeStore, ConfigStore, TokenStore } from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';
import { type RecordDeps, recorded } from './record-change.ts';
import { type RemoveDeps, takeOut } from './remove-service.ts';

export interface ForgetDeps extends RemoveDeps, RecordDeps {
  readonly configs: ConfigStore;
  readonly accounts: Pick<AccountStore, 'ofCustomer' | 'remove'>;
  readonly tokenStore: Pick<TokenStore, 'ofService' | 'remove'>;
  readonly changes: ChangeStore;
  readonly customerData: CustomerData;
}

export interface Forgotten {
  readonly customer: string;
  /** False: there is more than one request should delete; ask again. Nothing of theirs is scaled any more all the same. */
  readonly done: boolean;
}

/** Items deleted in one request: they may all lie in one partition, which takes 1,000 write units a second. */
const ITEMS_AT_ONCE = 900;
/** Services taken out of care in one request: seconds of work within the half minute that it has. */
const SERVICES_AT_ONCE = 20;

/**
 * Deletes all that is stored of a customer: accounts with their external IDs, services, tokens, pauses, reports, points, history
 * and changes, those of services that were removed or disconnected before as well. Accounts go first, so that nothing is reached
 * from then on, then tokens, so that nothing comes in. What remains is a line on the operator's own record that it was done, and
 * limits of principals to this customer: without those they would see all others.
 */
export async function forgetCustomer(
  deps: ForgetDeps,
  { customer, confirm }: { readonly customer: string; readonly confirm: string },
): Promise<Forgotten> {
  if (confirm !== customer)
    throw new BadRequest([`confirm: has to repeat the customer's name, ${customer}: what is deleted does not come back`]);
  const [accounts, configs, hasNames] = await Promise.all([
    deps.accounts.ofCustomer(customer),
    deps.configs.ofCustomer(customer),
    deps.customerData.hasNames(customer),
  ]);
  const known = accounts.length > 0 || configs.length > 0 || hasNames || (await deps.changes.of(customer, { limit: 1 })).length > 0;
  if (!known) throw new BadRequest([`customer: nothing is stored of a customer ${customer}`]);
  const summary = `Deleted what was stored of customer ${customer}.`;
  return recorded(deps, [{ customer: null, what: 'customer', summary, before: null, after: null }], async () => {
    for (const { accountId } of accounts) await deps.accounts.remove(customer, accountId);
    const some = configs.slice(0, SERVICES_AT_ONCE);
    for (const config of some) {
      const { name } = config;
      for (const { keyId } of await deps.tokenStore.ofService(customer, name)) await deps.tokenStore.remove(customer, name, keyId);
      await takeOut(deps, config);
      // Its name stays for what it has left behind to be found by.
      await deps.configs.remove(customer, name);
    }
    if (some.length < configs.length) return { customer, done: false };
    if ((await deps.customerData.removeSome(customer, ITEMS_AT_ONCE)) === 'more') return { customer, done: false };
    await deps.configs.forgetCustomer(customer);
    return { customer, done: true };
  });
}
