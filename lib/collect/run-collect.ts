import type { CollectKey, CollectStore } from '../stores/collect-store.ts';

export interface RunCollectDeps {
  readonly collects: Pick<CollectStore, 'all'>;
  /** Collects for these groups here and now. */
  readonly collect: (groups: readonly CollectKey[]) => Promise<void>;
  /** Hands them to an invocation of their own, without waiting for it. */
  readonly fanOut: (groups: readonly CollectKey[]) => Promise<void>;
}

/** Groups one invocation collects for: its duration does not grow with their number. */
export const GROUPS_PER_SHARD = 50;
const MOST_GROUPS = 10_000;

/**
 * The minute's work: all groups that metrics are collected for, by one query of the index, in shards of a bounded size. A customer's
 * groups stay together where they can, so that one call asks for the metrics of many.
 */
export async function runCollect(deps: RunCollectDeps): Promise<{ groups: number; shards: number }> {
  const groups = await deps.collects.all(MOST_GROUPS);
  const ordered = groups.toSorted((a, b) => compare(a.customer, b.customer) || compare(a.group, b.group));
  const shards: CollectKey[][] = [];
  for (let i = 0; i < ordered.length; i += GROUPS_PER_SHARD) shards.push(ordered.slice(i, i + GROUPS_PER_SHARD));
  const [first, ...rest] = shards;
  const results = await Promise.allSettled([...rest.map((shard) => deps.fanOut(shard)), ...(first ? [deps.collect(first)] : [])]);
  const failures = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${shards.length} shards could not be collected`);
  return { groups: groups.length, shards: shards.length };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
