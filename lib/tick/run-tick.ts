import type { Clock } from '../clock.ts';
import type { WatchKey, WatchStore } from '../stores/ports.ts';

export interface TickDeps {
  readonly watches: Pick<WatchStore, 'due'>;
  readonly clock: Clock;
  /** Looks at these watches here and now. */
  readonly look: (watches: readonly WatchKey[]) => Promise<void>;
  /** Hands them to an invocation of their own, without waiting for it. */
  readonly fanOut: (watches: readonly WatchKey[]) => Promise<void>;
}

/** Watches (clusters) one invocation looks at: its duration does not grow with the number of services. */
export const WATCHES_PER_SHARD = 20;
/** More than are looked at in a minute by five hundred invocations; what is left is due the next minute, soonest first. */
const MOST_DUE = 10_000;

/**
 * The minute's work: finds what is due by one query of the index and looks at it, in shards of a bounded
 * size, each in an invocation of its own when there is more than one.
 */
export async function runTick(deps: TickDeps): Promise<{ due: number; shards: number }> {
  const due = await deps.watches.due(deps.clock.now(), MOST_DUE);
  const shards: WatchKey[][] = [];
  for (let i = 0; i < due.length; i += WATCHES_PER_SHARD) shards.push(due.slice(i, i + WATCHES_PER_SHARD));
  const [first, ...rest] = shards;
  const results = await Promise.allSettled([...rest.map((shard) => deps.fanOut(shard)), ...(first ? [deps.look(first)] : [])]);
  const failures = results.flatMap((r) => (r.status === 'rejected' ? [r.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${shards.length} shards could not be looked at`);
  return { due: due.length, shards: shards.length };
}
