import { type EvaluateDeps, evaluateGroup } from '../evaluate/evaluate-group.ts';
import { type GroupWatcher, type KnownGroup, nearsTarget } from '../ingest/group-watcher.ts';
import { COLLECTOR } from '../reports/collected.ts';
import type { Digest } from '../reports/digest.ts';
import { packDigest } from '../reports/pack-digest.ts';
import { bodyHash, reporterId, shardOf } from '../reports/report-identity.ts';
import { slotStart } from '../reports/slot.ts';
import type { LeaseStore, ReportStore } from '../stores/ports.ts';
import type { Asked } from './ask-sources.ts';

export interface StoreDeps extends Omit<EvaluateDeps, 'reports'> {
  readonly reports: ReportStore;
  readonly leases: LeaseStore;
  readonly groups: GroupWatcher;
}

const REPORTER = reporterId(COLLECTOR, '', '');
/**
 * Filed so far ahead: of a group with many reporters an evaluation reads the last minute alone, and what is collected once a minute
 * must not drop out of it just before the next round. Its own times say how old it is.
 */
const AHEAD_MS = 120_000;

/**
 * Stores what was collected for a group, missing numbers included, beside its reports; then decides the group at once where a target
 * is breached, or where nobody has looked for a while: a group without adapters has no other occasion. A failing evaluation is told
 * in the log and fails nothing: the next round or tick decides from what was stored.
 */
export async function storeReadings(deps: StoreDeps, known: KnownGroup, asked: readonly Asked[]): Promise<void> {
  const { customer, group, config } = known;
  const collected = new Map(asked.map(({ source, reading }) => [source.key, reading]));
  const digest: Digest = { base: deps.clock.now(), continued: false, web: [], queues: new Map(), collected };
  const hash = bodyHash(JSON.stringify([...collected]), digest);
  const slotAt = slotStart(digest.base + AHEAD_MS);
  const own = packDigest(digest).map((packed, part) => ({ service: COLLECTOR, reporter: REPORTER, hash, part, slotAt, digest: packed }));
  await deps.reports.put(customer, group, shardOf(REPORTER, config.shards), own);
  try {
    if (await deps.groups.shouldEvaluate(deps.leases, known, nearsTarget(known, COLLECTOR, digest)))
      await evaluateGroup(deps, customer, group, { config, own });
  } catch (error) {
    deps.journal.warn('What was collected was stored; deciding its group failed', { customer, group, error: String(error) });
  }
}
