import type { CustomerAws } from '../accounts/customer-aws.ts';
import { serviceArn } from '../accounts/service-arn.ts';
import { AwsFailure } from '../aws/aws-failure.ts';
import { type EvaluateDeps, evaluateGroup, type Seen } from '../evaluate/evaluate-group.ts';
import type { Evaluated } from '../evaluate/evaluate-service.ts';
import { seenFrom } from '../evaluate/seen.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import { fileConfig } from '../policy/tag-limits.ts';
import type { AccountStore, ConfigStore, GroupConfig, WatchKey, WatchStore } from '../stores/ports.ts';
import type { Watch } from '../stores/records.ts';
import { nextLook, REST_MS } from './next-look.ts';
import { type ServiceTags, takeTags } from './take-tags.ts';

export interface LookDeps extends EvaluateDeps {
  readonly configs: ConfigStore;
  readonly accounts: Pick<AccountStore, 'get' | 'setProblem'>;
  readonly watches: Pick<WatchStore, 'load' | 'claim' | 'hasten'>;
  readonly customerAws: Pick<CustomerAws, 'reader'>;
}

/**
 * Looks at clusters: the true state of their services, then one evaluation for each group that they belong
 * to. Accounts and Regions go side by side; within one they go one after the other, because ECS's read
 * budget (20 requests a second, shared with the customer's own deployments) is the account's and Region's.
 */
export async function lookAtWatches(deps: LookDeps, keys: readonly WatchKey[]): Promise<void> {
  const watches = await deps.watches.load(keys);
  const lanes = new Map<string, Watch[]>();
  for (const watch of watches) {
    const lane = `${watch.accountId}#${watch.region}`;
    lanes.set(lane, [...(lanes.get(lane) ?? []), watch]);
  }
  const results = await Promise.allSettled(
    [...lanes.values()].map(async (lane) => {
      const failures: unknown[] = [];
      for (const watch of lane) await lookAt(deps, watch).catch((error: unknown) => failures.push(error));
      if (failures.length > 0)
        throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'Several clusters could not be looked at');
    }),
  );
  const failures = results.flatMap((r) => (r.status === 'rejected' ? [r.reason] : []));
  if (failures.length > 0)
    throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'Several accounts could not be looked at');
}

async function lookAt(deps: LookDeps, watch: Watch): Promise<void> {
  const now = deps.clock.now();
  // Claimed before the work: of two ticks one looks, and a crash costs one interval.
  if (!(await deps.watches.claim(watch, now + REST_MS))) return;
  const groups = await groupsOf(deps, watch);
  const configs = [...groups.values()].flatMap(({ due }) => due);
  if (configs.length === 0) return;
  const { seen, tags } = await see(deps, watch, configs);
  const evaluated: Evaluated[] = [];
  let failure: unknown;
  for (const [group, { config: stored, due }] of groups) {
    try {
      const config = await takeTags(deps.configs, stored, tags, seen, now);
      const only = new Set(due.map((service) => service.name));
      evaluated.push(...(await evaluateGroup(deps, watch.customer, group, { config, only, seen })));
    } catch (error) {
      failure = error;
    }
  }
  const next = failure === undefined ? nextLook(evaluated, now) : now;
  if (next < now + REST_MS) await deps.watches.hasten(watch, next);
  if (failure !== undefined) throw failure;
}

interface WatchedGroup {
  readonly config: GroupConfig;
  /** Its services that are in the cluster being looked at. */
  readonly due: readonly ServiceConfig[];
}

async function groupsOf(deps: LookDeps, watch: Watch): Promise<Map<string, WatchedGroup>> {
  const names = new Set(watch.services.map((s) => s.service));
  const groups = [...new Set(watch.services.map((s) => s.group))];
  const configs = await Promise.all(groups.map((group) => deps.configs.group(watch.customer, group)));
  return new Map(
    configs.flatMap((config, i) => {
      // By the file's mode: a service that a tag put to `off` is looked at all the same, or nobody would see the tag go.
      // One that moved to another cluster is no longer this watch's, whatever it still lists: a namesake's state is not its own.
      const due = config.services.filter((s) => names.has(s.name) && isIn(watch, s) && fileConfig(s).policy.mode !== 'off');
      const group = groups[i];
      return group === undefined || due.length === 0 ? [] : [[group, { config, due }] as const];
    }),
  );
}

const isIn = (watch: Watch, { arn }: ServiceConfig): boolean => {
  const { accountId, region, cluster } = serviceArn(arn);
  return accountId === watch.accountId && region === watch.region && cluster === watch.cluster;
};

interface Sight {
  readonly seen: Map<string, Seen>;
  readonly tags: ServiceTags;
}

/** The true state of every service of the watch, and its tags; an account that cannot be read leaves every one of them unknown, never zero. */
async function see(deps: LookDeps, watch: Watch, configs: readonly ServiceConfig[]): Promise<Sight> {
  const now = deps.clock.now();
  const blind = (code: string, why: string): Sight => ({
    seen: new Map(configs.map((c) => [c.name, { state: { kind: 'unknown', why }, problem: { code, why, at: now } }])),
    tags: new Map(),
  });
  const account = await deps.accounts.get(watch.customer, watch.accountId);
  if (!account?.roleArn) return blind('AccountNotConnected', `Account ${watch.accountId} is not connected`);
  try {
    const reader = await deps.customerAws.reader(
      { ...account, roleArn: account.roleArn },
      watch.region,
      configs.map((c) => c.arn),
    );
    const { found } = await reader.describe(
      watch.cluster,
      configs.map((c) => serviceArn(c.arn).service),
    );
    const byName = new Map(found.map((d) => [d.name, d]));
    if (account.problem) await deps.accounts.setProblem(account, undefined);
    const described = configs.map((c) => ({ ...c, found: byName.get(serviceArn(c.arn).service) }));
    return {
      seen: new Map(described.map(({ name, arn, found: description }) => [name, seenFrom(description, arn, now)])),
      tags: new Map(described.flatMap(({ name, found: description }) => (description?.tags ? [[name, description.tags]] : []))),
    };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    const why = `${error.action}: ${error.message}`;
    if (error.kind === 'denied') {
      if (account.problem?.code !== 'AccessDenied') await deps.accounts.setProblem(account, { code: 'AccessDenied', why, at: now });
      return blind('AccessDenied', why);
    }
    if (error.kind === 'not-found') return blind('ClusterNotFound', why);
    // A throttled or failing Region says nothing of the services: what was seen last still holds.
    deps.journal.warn('Services could not be looked at', {
      customer: watch.customer,
      account: watch.accountId,
      region: watch.region,
      cluster: watch.cluster,
      why,
    });
    return { seen: new Map(), tags: new Map() };
  }
}
