import { serviceArn } from '../accounts/service-arn.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { AccountStore, ConfigStore, TokenStore } from '../stores/ports.ts';
import { NothingDone } from './record-change.ts';
import { type RemoveDeps, takeOut } from './remove-service.ts';
import { PartlyStored } from './store-service.ts';

export interface ConnectedDeps extends Pick<RemoveDeps, 'controls' | 'watches'> {
  readonly accounts: Pick<AccountStore, 'get'>;
  readonly configs: Pick<ConfigStore, 'remove' | 'putPause'>;
  readonly tokenStore: Pick<TokenStore, 'ofService' | 'remove'>;
}

/** The account was disconnected while a service of it was stored; nothing of that service is left. */
export class AccountGone extends NothingDone {
  readonly customer: string;
  readonly accountId: string;
  constructor(customer: string, accountId: string) {
    super(`account ${accountId} of ${customer} was disconnected meanwhile`);
    this.customer = customer;
    this.accountId = accountId;
  }
}

/**
 * To be called after a service was stored: takes it away again where its account is not connected any more. A disconnect removes the
 * account first and lists its services after that, so that a policy stored meanwhile is found there or here, whichever came last.
 * @param token of a token that was made just now. @throws AccountGone, or PartlyStored where it could not be taken away.
 */
export async function demandConnected(deps: ConnectedDeps, config: ServiceConfig, token: string | undefined): Promise<void> {
  const { customer, name, arn } = config;
  const { accountId } = serviceArn(arn);
  const account = await deps.accounts.get(customer, accountId);
  if (account?.roleArn) return;
  try {
    await takeOut(deps, config);
    for (const { keyId } of await deps.tokenStore.ofService(customer, name)) await deps.tokenStore.remove(customer, name, keyId);
    // The disconnect may have taken it off the list that tells its group.
    await deps.configs.remove(customer, name, { storedIn: config.group });
  } catch (error) {
    throw new PartlyStored(token, error);
  }
  throw new AccountGone(customer, accountId);
}
