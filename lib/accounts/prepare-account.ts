import type { Random } from '../random.ts';
import type { AccountStore } from '../stores/ports.ts';
import type { Account } from './account.ts';
import { makeExternalId } from './external-id.ts';
import type { Parsed } from './parsed.ts';
import { parseAccountId } from './role-arn.ts';

/**
 * The first step of connecting an account: its external ID is made and stored before anybody names a
 * role. Asked again, it answers with the one that is there: an external ID never changes.
 */
export async function prepareAccount(
  deps: { readonly accounts: Pick<AccountStore, 'create'>; readonly random: Random },
  request: { readonly customer: string; readonly accountId: string },
): Promise<Parsed<Account>> {
  const accountId = parseAccountId(request.accountId);
  if (!accountId.ok) return accountId;
  const account: Account = { customer: request.customer, accountId: accountId.value, externalId: makeExternalId(deps.random) };
  return { ok: true, value: await deps.accounts.create(account) };
}
