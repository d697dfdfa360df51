import type { RequestQueueTimeTarget } from '../../policy/policy.ts';
import { serversFor } from '../erlang.ts';
import type { Facts } from '../facts.ts';
import type { Learned, Memory } from '../memory.ts';
import type { SlotPoint, TargetSignals } from '../observation.ts';
import { MARGIN } from './drain-web.ts';
import { jobsPerTask } from './learn-jobs.ts';
import { tasksIn } from './tasks-in.ts';
import { completeSlots, SLOT_MS } from './web-load.ts';

/** Fewer requests in a slot say nothing about a percentile of it. */
const LEAST_SAMPLES = 20;
/** A target missed at less than this share of what was known to be possible has another cause than load. */
const LEAST_SHARE = 0.5;
/** A change by less is not worth storing. */
const WORTH = 0.03;

/**
 * What one task carries, learned per target from the newest complete slots. Each slot is learned from
 * once, and what was learned from it counts from the next slot on: evaluations within a slot agree.
 */
export function learn(facts: Facts): Memory['learned'] {
  const { policy, observation, memory } = facts;
  const learned = policy.targets.map((target, i) => {
    const before = memory.learned[i] ?? null;
    const signals = observation.targets[i];
    if (signals === undefined) return before;
    if (target.kind === 'request-queue-time') return requestsPerTask(target, signals, before, facts);
    return target.kind === 'job-latency' ? jobsPerTask(signals, before, facts) : before;
  });
  return learned.some((l) => l !== null) ? learned : [];
}

/** What may be used in this evaluation: nothing that its own newest slot has taught. */
export function learnedFor(facts: Facts, target: number): Learned | null {
  const learned = facts.memory.learned[target] ?? null;
  const newest = newestSlot(facts.observation.targets[target], facts);
  if (learned === null || newest === undefined || learned.at < newest.at) return learned;
  return learned.before > 0 ? { ...learned, value: learned.before } : null;
}

/** The newest slot that `learn` would learn from: of jobs the newest with a depth, for that is no sum over time. */
function newestSlot(signals: TargetSignals | undefined, facts: Facts): SlotPoint | undefined {
  const series = signals?.series ?? [];
  return series.some((slot) => slot.depth !== undefined)
    ? series.findLast((slot) => slot.depth !== undefined)
    : completeSlots(series, facts.now).at(-1);
}

/**
 * Work in progress per task, λS/n (Little's law). The most that went while the target held is a lower
 * bound of what a task can carry; what went while it was missed in two slots in a row is the limit.
 */
function requestsPerTask(target: RequestQueueTimeTarget, signals: TargetSignals, before: Learned | null, facts: Facts): Learned | null {
  const [previous, newest] = completeSlots(signals.series, facts.now).slice(-2);
  if (newest === undefined || newest.at <= (before?.at ?? 0)) return before;
  const work = workPerTask(newest, facts);
  if (work === undefined || newest.valueMs === undefined || (newest.samples ?? 0) < LEAST_SAMPLES) return before;
  const known = before?.value ?? 0;
  const next = (value: number, proven: boolean): Learned => ({ value, before: known, at: newest.at, proven });
  if (newest.valueMs <= target.topMs) return work > known * (1 + WORTH) ? next(work, before?.proven ?? false) : before;
  if (work < Math.max(1, known) * LEAST_SHARE || signals.reading.kind === 'unknown' || signals.reading.value <= target.topMs) return before;

  const { topMs, percentile } = target;
  const serviceMs = newest.serviceMs ?? 0;
  const saturated = previous?.valueMs !== undefined && Math.min(previous.valueMs, newest.valueMs) > Math.max(2 * topMs, serviceMs);
  // Enough by the formula, and not enough in fact: the least limit at which the formula agrees.
  const tasks = tasksIn(newest, facts) ?? 1;
  const limit = saturated ? work : (serversFor(work * tasks, serviceMs, topMs, MARGIN * (1 - percentile / 100)) / tasks) * 0.98;
  const value = before?.proven ? Math.min(limit, known) : saturated ? Math.max(limit, known) : limit;
  return before?.proven && known - value <= known * WORTH ? before : { ...next(value, true), before: before?.proven ? known : 0 };
}

function workPerTask(slot: SlotPoint, facts: Facts): number | undefined {
  const tasks = tasksIn(slot, facts);
  if (tasks === undefined || slot.requests === undefined || slot.serviceMs === undefined) return undefined;
  return ((slot.requests / (SLOT_MS / 1_000)) * slot.serviceMs) / 1_000 / tasks;
}
