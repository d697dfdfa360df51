import type { Clock, Instant } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { Digest } from '../reports/digest.ts';
import { shardOf } from '../reports/report-identity.ts';
import { SLOT_MS, slotStart } from '../reports/slot.ts';
import type { ReportBatch, ReportStore } from '../stores/ports.ts';
import type { StoredReport } from '../stores/records.ts';
import type { KnownGroup } from './group-watcher.ts';
import { goesByRate, groupMayWait, nearsScaleIn, saysNothingNew } from './may-wait.ts';
import { SeenLately } from './seen-lately.ts';

/** Requests in a slot from which on a warm function is sure to be called again soon after the slot, to store what waits. */
const CROWDED = 20;
/** After news of a group nothing of it waits for so long: the window of a percentile. */
const ALERT_MS = 30_000;
/** How long a report waits at most where rates decide nothing; elsewhere until its slot is over. */
const LONGEST_WAIT_MS = 30_000;
/** Reports of a group that wait at most, some items full, and groups remembered at most. */
const MOST_WAITING = 200;
const MOST_GROUPS = 5_000;
/** Reports stored besides in one invocation, a batch more or less: a call or two. */
const MOST_DUE = 150;

export interface TakenReport {
  readonly service: string;
  readonly reporter: string;
  readonly digest: Digest;
  /** It is at a target of a service of the group, or close to it. */
  readonly nearsTarget: boolean;
  readonly parts: readonly StoredReport[];
}

/**
 * Reports that say nothing new, kept by a warm function until their slot of 10 s is over, or for half a minute, so that several share an item
 * (docs/decisions/0011-calm-reports-share-an-item.md). Nothing is merged: what is stored later is what would have been stored at once.
 */
export interface HeldReports {
  /** Many reports reach this function: others are likely to run beside it. */
  readonly crowded: boolean;
  /** Stores the report, and with it what waits of its group; or lets it wait. @returns what was stored. */
  take(known: KnownGroup, report: TakenReport): Promise<readonly StoredReport[]>;
  /** What waits of the group. */
  waiting(known: KnownGroup): readonly StoredReport[];
  /** Stores what has waited long enough, as far as it is one call. Never fails: what could not be stored waits on. */
  releaseDue(): Promise<void>;
  /** Stores all that waits, for a process that ends and is told so beforehand. Never fails: what cannot be stored is told and left. */
  releaseAll(): Promise<void>;
}

interface Group {
  readonly seen: SeenLately;
  waiting: StoredReport[];
  known: KnownGroup;
  alertUntil: Instant;
  waitMs: number;
}

export function createHeldReports(deps: { readonly reports: ReportStore; readonly clock: Clock; readonly journal: Journal }): HeldReports {
  const { clock } = deps;
  const groups = new Map<string, Group>();
  /** Those of which something waits, the oldest first. */
  const waiting = new Set<Group>();
  const requests = { slot: 0, now: 0, before: 0 };

  const count = (now: Instant) => {
    const slot = slotStart(now);
    if (slot !== requests.slot) Object.assign(requests, { slot, now: 0, before: slot - requests.slot === SLOT_MS ? requests.now : 0 });
    requests.now++;
  };

  const groupOf = (known: KnownGroup): Group => {
    const key = `${known.customer}#${known.group}`;
    const found = groups.get(key) ?? {
      seen: new SeenLately(),
      waiting: [],
      known,
      alertUntil: 0,
      waitMs: SLOT_MS,
    };
    found.known = known;
    groups.delete(key);
    groups.set(key, found);
    if (groups.size > MOST_GROUPS) {
      const [oldest] = groups.keys();
      if (oldest !== undefined) groups.delete(oldest);
    }
    return found;
  };

  const mayWait = (group: Group, { service, reporter, digest, nearsTarget, parts }: TakenReport, now: Instant) => {
    const { known, seen } = group;
    const { config } = known;
    if (nearsTarget) group.alertUntil = now + ALERT_MS;
    // Whoever comes alone gains nothing by waiting; what is late or ahead belongs to another slot.
    if (requests.before < CROWDED || now < group.alertUntil || seen.expected(now) < (2 * LONGEST_WAIT_MS) / group.waitMs) return false;
    if (parts.length !== 1 || parts[0]?.slotAt !== slotStart(now) || !groupMayWait(config)) return false;
    if (!saysNothingNew(config, service, digest, seen.before(service, reporter))) return false;
    const controls = config.beside?.controls;
    if (controls === undefined || controls.some((control) => nearsScaleIn(control, config, control.service, now))) return false;
    group.waitMs = controls.some((control) => goesByRate(control, config, control.service)) ? SLOT_MS : LONGEST_WAIT_MS;
    return true;
  };

  /** What waits of the group, and `others`. */
  const batchOf = ({ known: { customer, group, config }, waiting: held }: Group, others: readonly StoredReport[]): ReportBatch => {
    const reports = [...held, ...others];
    return { customer, group, shard: shardOf(reports[0]?.reporter ?? '', config.shards), reports };
  };

  /** Stores what waits of these groups; where that fails, it waits again. */
  const store = async (released: readonly Group[], others: readonly StoredReport[] = []): Promise<readonly StoredReport[]> => {
    const batches = released.map((group) => batchOf(group, others));
    const before = released.map((group) => ({ group, held: group.waiting }));
    for (const group of released) {
      group.waiting = [];
      waiting.delete(group);
    }
    try {
      await deps.reports.putTogether(batches);
    } catch (error) {
      for (const { group, held } of before) {
        group.waiting = [...held, ...group.waiting].slice(-MOST_WAITING);
        if (held.length > 0) waiting.add(group);
      }
      throw error;
    }
    return batches.flatMap(({ reports }) => reports);
  };

  /** The first of those that `isOver`, as many as fit into one call or a few. @returns whether there were any, and they are stored. */
  const release = async (isOver: (group: Group) => boolean): Promise<boolean> => {
    const over: Group[] = [];
    let due = 0;
    for (const group of waiting) {
      if (due >= MOST_DUE) break;
      if (!isOver(group)) continue;
      due += group.waiting.length;
      over.push(group);
    }
    if (over.length === 0) return false;
    try {
      await store(over);
      return true;
    } catch (error) {
      deps.journal.warn('Reports that waited could not be stored yet', { error: String(error) });
      return false;
    }
  };

  return {
    get crowded() {
      return requests.before >= CROWDED;
    },
    async take(known, report) {
      const now = clock.now();
      count(now);
      const group = groupOf(known);
      const waits = mayWait(group, report, now);
      group.seen.add(report.service, report.reporter, report.digest, now);
      const [first] = report.parts;
      if (!waits || group.waiting.length >= MOST_WAITING) return store([group], report.parts);
      if (first && !group.waiting.some(({ reporter, hash }) => reporter === first.reporter && hash === first.hash))
        group.waiting.push(first);
      waiting.add(group);
      return [];
    },
    waiting: (known) => groupOf(known).waiting,
    async releaseDue() {
      const now = clock.now();
      await release((group) => (group.waiting[0]?.slotAt ?? 0) + group.waitMs <= now);
    },
    async releaseAll() {
      while (await release(() => true));
    },
  };
}
