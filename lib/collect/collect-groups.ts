import type { KnownGroup } from '../ingest/group-watcher.ts';
import type { CollectKey, CollectStore } from '../stores/collect-store.ts';
import { type AskDeps, askSources } from './ask-sources.ts';
import type { Complaints } from './complaints.ts';
import type { Source } from './sources.ts';
import { sourcesOf } from './sources.ts';
import { type StoreDeps, storeReadings } from './store-readings.ts';

export interface CollectDeps extends AskDeps, StoreDeps {
  readonly collects: Pick<CollectStore, 'drop'>;
  readonly complaints: Complaints;
  /** False: one round in which everything is due, for whoever calls more often than once a minute. Default: true. */
  readonly wholeMinute?: boolean;
}

/** Rounds begin so far apart at least; `every` of a policy is a multiple of it. */
const ROUND_MS = 10_000;
const MINUTE_MS = 60_000;

/**
 * One minute of collecting for these groups: everything at once at its beginning, and what a policy wants more often again in its
 * course. A round that took too long costs the ones that it reached into, no more.
 */
export async function collectGroups(deps: CollectDeps, keys: readonly CollectKey[]): Promise<void> {
  const { clock, wholeMinute = true } = deps;
  const startedAt = clock.now();
  const loaded = await Promise.allSettled(keys.map((key) => loadGroup(deps, key)));
  const failures = loaded.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  const groups = loaded.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []));
  const all = groups.flatMap(({ sources }) => sources);
  for (let offset = 0; offset < (wholeMinute ? MINUTE_MS : 1); offset += ROUND_MS) {
    const due = all.filter(({ everySeconds }) => offset % (everySeconds * 1_000) === 0);
    const late = clock.now() - startedAt - offset;
    if (due.length === 0 || late >= ROUND_MS) continue;
    if (late < 0) await clock.sleep(-late);
    await round(deps, groups, due, all).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0)
    throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'Several groups could not be collected for');
}

interface LoadedGroup {
  readonly known: KnownGroup;
  readonly sources: readonly Source[];
}

async function loadGroup(deps: CollectDeps, key: CollectKey): Promise<LoadedGroup | undefined> {
  const known = await deps.groups.of(key.customer, key.group);
  const hasMetrics = known.config.services.some(({ policy }) => policy.targets.some(({ kind }) => kind === 'metric'));
  if (!hasMetrics) await deps.collects.drop(key, deps.clock.now());
  const sources = known.config.services.flatMap(sourcesOf);
  return sources.length === 0 ? undefined : { known, sources };
}

/** Asks, and lets each group go on by itself from what was answered. */
async function round(deps: CollectDeps, groups: readonly LoadedGroup[], due: readonly Source[], all: readonly Source[]): Promise<void> {
  const asked = await askSources(deps, due, all);
  deps.complaints.hear(asked);
  const results = await Promise.allSettled(
    groups.map(async ({ known }) => {
      const own = asked.filter(({ source }) => source.customer === known.customer && source.group === known.group);
      // Policies may have changed since the minute began.
      if (own.length > 0) await storeReadings(deps, await deps.groups.of(known.customer, known.group), own);
    }),
  );
  const failures = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'Several groups could not be stored');
}
