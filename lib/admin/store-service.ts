import { serviceArn } from '../accounts/service-arn.ts';
import type { Clock } from '../clock.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { CollectStore } from '../stores/collect-store.ts';
import type { ConfigStore, ControlStore, TokenStore, WatchKey, WatchStore } from '../stores/ports.ts';
import type { TokenAuthority } from '../tokens/token-authority.ts';
import { NothingDone } from './record-change.ts';

export interface StoreServiceDeps {
  readonly configs: Pick<ConfigStore, 'put' | 'remove' | 'pauseOf' | 'putPause'>;
  readonly controls: Pick<ControlStore, 'remove'>;
  readonly collects: Pick<CollectStore, 'add'>;
  readonly watches: Pick<WatchStore, 'add' | 'drop'>;
  readonly tokens: Pick<TokenAuthority, 'issue'>;
  readonly tokenStore: Pick<TokenStore, 'ofService' | 'put' | 'remove'>;
  readonly clock: Clock;
}

/** Some of a service was stored, and could not be taken back either. */
export class PartlyStored extends Error {
  override readonly name = 'PartlyStored';
  /** Of a token that was made, which would be told to nobody otherwise. */
  readonly token: string | undefined;
  constructor(token: string | undefined, cause: unknown) {
    super(`some of it was stored: ${String(cause)}`, { cause });
    this.token = token;
  }
}

/**
 * Stores one service with all that goes with it: who looks at it, a token for its reports, its policy. Everything or nothing: what
 * was written before an error is taken back. The policy comes after what it needs, since only with it anything is in force.
 * @param before what is stored of the service; where it is the same already, only what is missing beside it is made.
 * @throws NothingDone where all was taken back, PartlyStored where that failed, too.
 */
export async function storeService(
  deps: StoreServiceDeps,
  before: ServiceConfig | undefined,
  config: ServiceConfig,
  { same }: { readonly same: boolean },
): Promise<{ readonly token?: string }> {
  const { customer, name, group } = config;
  /** Ways back, each good whether its step was made, was not, or nobody knows. */
  const back: (() => Promise<unknown>)[] = [];
  let token: string | undefined;
  try {
    const [watch, old] = [watchOf(config), before && watchOf(before)];
    const tokens = await deps.tokenStore.ofService(customer, name);
    // None is stored that nobody collects for. A group without metrics leaves the list by itself.
    if (config.policy.targets.some((target) => target.kind === 'metric')) await deps.collects.add({ customer, group }, deps.clock.now());
    if (tokens.length === 0) {
      back.push(() => removeTokens(deps, config));
      token = await deps.tokens.issue({ customer, service: name, group });
    }
    back.push(() =>
      before && old && sameWatch(old, watch)
        ? deps.watches.add(old, { service: name, group: before.group }, deps.clock.now())
        : deps.watches.drop(watch, name),
    );
    await deps.watches.add(watch, { service: name, group }, deps.clock.now());
    if (!same) {
      // What was remembered of another service, or under another group, says nothing of this one.
      if (before && (before.group !== group || before.arn !== config.arn)) await deps.controls.remove(customer, before.group, name);
      // What a person ordered goes along, and what was ordered of it there once before does not count any more.
      const [from, to] = [pauseScope(before ?? config), pauseScope(config)];
      const moves = from.group !== to.group;
      const [pause, stale] = moves ? [await deps.configs.pauseOf(from), await deps.configs.pauseOf(to)] : [];
      if (pause || stale) {
        back.push(() => deps.configs.putPause(to, stale));
        await deps.configs.putPause(to, pause);
      }
      back.push(() => putBack(deps, before, config));
      await deps.configs.put(config);
      if (pause) {
        back.push(() => deps.configs.putPause(from, pause));
        await deps.configs.putPause(from, undefined);
      }
    }
    // Report URLs outlive a move to another group.
    for (const known of tokens.filter((one) => one.group !== group)) {
      back.push(() => deps.tokenStore.put(known));
      await deps.tokenStore.put({ ...known, group });
    }
    if (before && old && !sameWatch(old, watch)) {
      back.push(() => deps.watches.add(old, { service: name, group: before.group }, deps.clock.now()));
      await deps.watches.drop(old, name);
    }
    return token === undefined ? {} : { token };
  } catch (error) {
    if (await takenBack(back)) throw new NothingDone(String(error), { cause: error });
    throw new PartlyStored(token, error);
  }
}

const pauseScope = ({ customer, group, name }: ServiceConfig) => ({ scope: 'service', customer, group, service: name }) as const;
const watchOf = ({ customer, arn }: ServiceConfig): WatchKey => {
  const { accountId, region, cluster } = serviceArn(arn);
  return { customer, accountId, region, cluster };
};
const sameWatch = (a: WatchKey, b: WatchKey) => a.accountId === b.accountId && a.region === b.region && a.cluster === b.cluster;

/** The last step first; one that fails does not keep the others from being taken back. */
async function takenBack(back: readonly (() => Promise<unknown>)[]): Promise<boolean> {
  let all = true;
  for (const step of back.toReversed()) {
    await step().catch(() => {
      all = false;
    });
  }
  return all;
}

async function removeTokens({ tokenStore }: StoreServiceDeps, { customer, name }: ServiceConfig): Promise<void> {
  for (const { keyId } of await tokenStore.ofService(customer, name)) await tokenStore.remove(customer, name, keyId);
}

const putBack = ({ configs }: StoreServiceDeps, before: ServiceConfig | undefined, { customer, name }: ServiceConfig): Promise<void> =>
  before === undefined ? configs.remove(customer, name) : configs.put(before);
