import { serviceArn } from '../accounts/service-arn.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { AccountStore, ConfigStore, ControlStore, DiscoveryStore, HistoryStore, TokenStore, WatchStore } from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';

export interface DisconnectDeps {
  readonly accounts: Pick<AccountStore, 'get' | 'ofCustomer' | 'remove'>;
  readonly configs: Pick<ConfigStore, 'ofCustomer' | 'remove' | 'putPause' | 'forgetCustomer'>;
  readonly controls: Pick<ControlStore, 'remove'>;
  readonly watches: Pick<WatchStore, 'drop'>;
  readonly tokenStore: Pick<TokenStore, 'ofService' | 'remove'>;
  readonly history: Pick<HistoryStore, 'removeSome'>;
  readonly discovery: Pick<DiscoveryStore, 'remove'>;
}

export interface DisconnectRequest {
  readonly customer: string;
  readonly accountId: string;
  readonly deleteHistory?: boolean | undefined;
}

export interface Disconnected {
  readonly customer: string;
  readonly accountId: string;
  /** Services that were taken out of care by this request. */
  readonly services: readonly { readonly name: string; readonly arn: string }[];
  /** False: there is more to delete than one request should; ask again. Nothing is scaled any more all the same. */
  readonly done: boolean;
}

const SERVICES_AT_ONCE = 200;
const IN_PARALLEL = 10;
/** A partition takes 1,000 write units a second, and the history of a service is one. */
const HISTORY_AT_ONCE = 1_000;

/**
 * Ends the connection to an account. The account goes first, with its external ID and its claim to the role: from then on no
 * session can be made, so nothing is looked at or changed there, whatever else is still stored. Then its services, each with its
 * configuration last, so that a request that was cut short can be made again. Reports and leases expire by themselves within minutes.
 */
export async function disconnectAccount(deps: DisconnectDeps, request: DisconnectRequest): Promise<Disconnected> {
  const { customer, accountId, deleteHistory = false } = request;
  const account = await deps.accounts.get(customer, accountId);
  if (account !== undefined) await deps.accounts.remove(customer, accountId);
  // After the account: what an apply stores later than this list it takes away itself (demand-connected.ts).
  const configs = await deps.configs.ofCustomer(customer);
  const there = configs.filter(({ arn }) => serviceArn(arn).accountId === accountId);
  if (account === undefined && there.length === 0)
    throw new BadRequest([`accountId: account ${accountId} is not connected for customer ${customer}`]);
  await deps.discovery.remove(customer, accountId);

  const services: { name: string; arn: string }[] = [];
  const now = there.slice(0, deleteHistory ? IN_PARALLEL : SERVICES_AT_ONCE);
  for (let i = 0; i < now.length; i += IN_PARALLEL) {
    const some = now.slice(i, i + IN_PARALLEL);
    // Where one fails the others are waited for all the same: nothing goes on after the answer, in the midst of another request.
    const removed = await Promise.allSettled(some.map((config) => removeService(deps, config, deleteHistory)));
    some.forEach(({ name, arn }, j) => {
      const one = removed[j];
      if (one?.status === 'rejected') throw one.reason;
      if (one?.value) services.push({ name, arn });
    });
  }
  const done = services.length === there.length;
  if (done && there.length === configs.length && (await deps.accounts.ofCustomer(customer)).length === 0) {
    await deps.configs.putPause({ scope: 'customer', customer }, undefined);
    await deps.configs.forgetCustomer(customer);
  }
  return { customer, accountId, services, done };
}

/** False: some of its history is still there, and its configuration with it. */
async function removeService(deps: DisconnectDeps, config: ServiceConfig, deleteHistory: boolean): Promise<boolean> {
  const { customer, group, name, arn } = config;
  const { accountId, region, cluster } = serviceArn(arn);
  await deps.watches.drop({ customer, accountId, region, cluster }, name);
  for (const { keyId } of await deps.tokenStore.ofService(customer, name)) await deps.tokenStore.remove(customer, name, keyId);
  await deps.configs.putPause({ scope: 'service', customer, group, service: name }, undefined);
  await deps.controls.remove(customer, group, name);
  if (deleteHistory && (await deps.history.removeSome(customer, name, HISTORY_AT_ONCE)) === 'more') return false;
  await deps.configs.remove(customer, name);
  return true;
}
