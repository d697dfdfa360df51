import type { Clock } from '../clock.ts';
import type { AccountStore } from '../stores/ports.ts';
import type { ConnectedAccount } from './account.ts';
import type { TrustDeps, TrustProblemCode, TrustWarning } from './prove-trust.ts';
import { proveTrust } from './prove-trust.ts';

export type ConnectResult =
  | { readonly connected: true; readonly account: ConnectedAccount; readonly warnings: readonly TrustWarning[] }
  | { readonly connected: false; readonly code: TrustProblemCode | 'AccountNotPrepared' | 'RoleOfAnotherCustomer'; readonly why: string };

export interface ConnectDeps extends TrustDeps {
  readonly accounts: Pick<AccountStore, 'get' | 'bindRole' | 'setProblem'>;
  readonly clock: Clock;
}

export interface ConnectRequest {
  readonly customer: string;
  readonly accountId: string;
  /** From the person who connects the account; the external ID never is. */
  readonly roleArn: string;
  readonly allowOwnAccount?: boolean;
}

/**
 * The second step of connecting an account: the role is proved to trust Sluice under this account's
 * external ID and no other, and only then stored. A role belongs to one customer.
 */
export async function connectAccount(deps: ConnectDeps, request: ConnectRequest): Promise<ConnectResult> {
  const account = await deps.accounts.get(request.customer, request.accountId);
  if (account === undefined) {
    return refused(
      'AccountNotPrepared',
      `Account ${request.accountId} has no external ID yet. One is made first, the role is created with it, and then the role's ARN is given.`,
    );
  }
  const proof = await proveTrust(deps, account, request.roleArn, { allowOwnAccount: request.allowOwnAccount ?? false });
  if (!proof.proved) return refused(proof.code, proof.why);

  const provedAt = deps.clock.now();
  const bound = await deps.accounts.bindRole(account, request.roleArn, provedAt);
  // Says nothing of the other customer: that there is one is all that may be known.
  if (bound === 'belongs-to-another-customer')
    return refused('RoleOfAnotherCustomer', `${request.roleArn} is connected to another customer.`);
  if (account.problem !== undefined) await deps.accounts.setProblem(account, undefined);
  const { problem: _mended, ...rest } = account;
  return { connected: true, account: { ...rest, roleArn: request.roleArn, provedAt }, warnings: proof.warnings };
}

const refused = (code: Exclude<ConnectResult, { connected: true }>['code'], why: string): ConnectResult => ({
  connected: false,
  code,
  why,
});
