import type { AccountStore } from '../stores/ports.ts';
import type { AccountKey } from './discover-account.ts';

export interface RunDeps {
  readonly accounts: Pick<AccountStore, 'connected'>;
  /** Looks at one account here and now. */
  readonly look: (account: AccountKey) => Promise<unknown>;
  /** Hands one to an invocation of its own, without waiting for it. */
  readonly fanOut: (account: AccountKey) => Promise<void>;
}

/** The hour's work: every connected account, each in an invocation of its own but the first. One that fails keeps no other from its turn. */
export async function runDiscovery(deps: RunDeps): Promise<{ readonly accounts: number }> {
  const [first, ...rest] = await deps.accounts.connected();
  const handed = await Promise.allSettled(rest.map((account) => deps.fanOut(account)));
  const looked = await Promise.allSettled(first ? [deps.look(first)] : []);
  const failures = [...handed, ...looked].flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${rest.length + 1} accounts could not be looked at`);
  return { accounts: rest.length + (first ? 1 : 0) };
}
