import type { RequestQueueTimeTarget } from '../../policy/policy.ts';
import { serversFor } from '../erlang.ts';
import type { Facts } from '../facts.ts';
import type { Learned, Memory } from '../memory.ts';
import type { SlotPoint, TargetSignals } from '../observation.ts';
import { MARGIN } from './drain-web.ts';
import { fullLoad, workOf } from './full-load.ts';
import { headroomSpent, withHeadroom } from './headroom.ts';
import { jobsPerTask } from './learn-jobs.ts';
import { LEAST_SAMPLES } from './range.ts';
import { tasksIn } from './tasks-in.ts';
import { completeSlots, SLOT_MS } from './web-load.ts';

/** A limit below this share of what was known to be possible has another cause than load. */
const LEAST_SHARE = 0.5;
/** A change by less is not worth storing. */
const WORTH = 0.03;
/** A queue that is so many times as long as in the slot before grows. */
const GROWS = 2;
/** A queue that crept over the target grew through so many slots. */
const CREEPING = 4;
/** Requests differ by so much from slot to slot by chance. */
const SAME_LOAD = 1.1;
/** The limit falls by no more than that at once, and rises by 2 % in two hours. */
const LARGEST_FALL = 0.8;
const RISE = 1.02;
const RISE_EVERY_MS = 2 * 3_600_000;

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
    if (target.kind === 'request-queue-time') {
      const known = requestsPerTask(target, signals, before, facts);
      return known && withHeadroom(known, target.topMs, signals, facts);
    }
    return target.kind === 'job-latency' ? jobsPerTask(signals, before, facts) : before;
  });
  return learned.some((l) => l !== null) ? learned : [];
}

/**
 * What may be used in this evaluation: of what a task carries nothing that its own newest slot has taught; the headroom as `taught`
 * has it, for a miss asks for it at once.
 */
export function learnedFor(facts: Facts, target: number, taught: Memory['learned'] = []): Learned | null {
  const learned = facts.memory.learned[target] ?? null;
  if (learned === null) return null;
  const newest = newestSlot(facts.observation.targets[target], facts);
  const headroom = taught[target]?.headroom;
  const known = { ...learned, ...(headroom && { headroom }) };
  if (newest === undefined || learned.at < newest.at) return known;
  return learned.before > 0 ? { ...known, value: learned.before } : null;
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
 * bound of what a task can carry. Where it is missed with requests queueing all the time, what went is
 * the limit itself; where it is missed by little and no limit is known yet, that is the highest for which the formula asks for
 * more tasks than there were. Once one is known, a small miss teaches headroom instead, or both would be paid for it; the limit is doubted
 * again when there is no more headroom to be learned, and where the load stands still and the queue does not: a task was removed right
 * before, or it creeps over the target. A limit rises very slowly while the target holds, so that one bad day is not paid for for ever.
 */
function requestsPerTask(target: RequestQueueTimeTarget, signals: TargetSignals, before: Learned | null, facts: Facts): Learned | null {
  const slots = completeSlots(signals.series, facts.now);
  const [previous, newest] = slots.slice(-2);
  if (newest === undefined || newest.at <= (before?.at ?? 0)) return before;
  const queueMs = queueTime(newest, signals, facts);
  const load = workOf(newest);
  if (load === undefined || queueMs === undefined) return before;
  const known = before?.value ?? 0;
  const proven = before?.proven ?? false;
  const tasks = tasksIn(newest, facts);
  if (queueMs <= target.topMs) {
    if (tasks === undefined) return before;
    const work = load / tasks;
    if (work > known * (1 + WORTH)) return { ...before, value: work, before: known, at: newest.at, proven };
    const risen = proven && newest.at - (before?.at ?? 0) >= RISE_EVERY_MS && work > 0;
    return risen ? { ...before, value: known * RISE, before: known, at: newest.at, proven } : before;
  }
  if (signals.reading.kind === 'unknown' || signals.reading.value <= target.topMs) return before;
  const { topMs, percentile } = target;
  const serviceMs = newest.serviceMs ?? 0;
  // Also at the end of the slot, as far as the queue shrinks.
  const least = previous?.valueMs === undefined ? 0 : Math.min(previous.valueMs, queueMs, 2 * queueMs - previous.valueMs);
  const saturated = least > Math.max(2 * topMs, serviceMs);
  const creeps = crept(slots);
  const shown = creeps || (previous !== undefined && removed(newest, previous, facts));
  // A queue that comes or goes misses the target for what changed: what goes now says nothing of the limit.
  const changing =
    previous?.valueMs !== undefined &&
    (queueMs < previous.valueMs || (previous.valueMs <= topMs ? !shown : queueMs > GROWS * previous.valueMs));
  if (!saturated && (changing || (proven && !shown && !headroomSpent(before ?? {}, newest.at)))) return before;
  // Where tasks were removed, what those that stayed cannot carry is a limit all the same.
  const limited = tasks ?? tasksIn(newest, facts, { least: true });
  if (limited === undefined) return before;
  const limit =
    (saturated || creeps ? (fullLoad(slots, topMs) ?? load) : serversFor(load, serviceMs, topMs, MARGIN * (1 - percentile / 100)) * 0.98) /
    limited;
  // Doubted again, what is known has proved too much itself: it falls step by step instead.
  if (limit < Math.max(1, known) * LEAST_SHARE && (saturated || !proven)) return before;
  const value = limitFrom(limit, { known, proven, saturated });
  if (proven && Math.abs(known - value) <= known * (WORTH / 3)) return before;
  return { ...before, value, before: proven ? known : 0, at: newest.at, proven: true };
}

/** Some tasks went in the slot or right before it, and no more came in than before: a queue that comes then came for that. */
const removed = (slot: SlotPoint, previous: SlotPoint, { memory }: Facts): boolean =>
  (slot.requests ?? 0) <= (previous.requests ?? 0) * SAME_LOAD &&
  memory.changes.some(({ at, from, to }) => to < from && to >= from * LEAST_SHARE && Math.abs(at - slot.at) < SLOT_MS);

/** Slot by slot a longer queue of no more requests: they are a little more than the tasks can do, which is the limit to a hair. */
const crept = (slots: readonly SlotPoint[]): boolean => {
  const last = slots.slice(-CREEPING);
  const [first, newest] = [last[0], last.at(-1)];
  return (
    first !== undefined &&
    newest?.at === first.at + (CREEPING - 1) * SLOT_MS &&
    (newest.requests ?? 0) <= (first.requests ?? 0) * SAME_LOAD &&
    last.every((slot, i) => i === 0 || (slot.valueMs ?? 0) > (last[i - 1]?.valueMs ?? 0))
  );
};

/** What a saturated slot shows is the limit itself: the known one goes half way to it, either way. Others only lower it. */
function limitFrom(limit: number, { known, proven, saturated }: { known: number; proven: boolean; saturated: boolean }): number {
  if (!proven) return saturated ? Math.max(limit, known) : limit;
  const least = Math.max(limit, known * LARGEST_FALL);
  return saturated ? (known + least) / 2 : Math.min(known, least);
}

/** The queue time in the slot; with few requests in it that of the wider window, if the same tasks ran all through. */
function queueTime(slot: SlotPoint, signals: TargetSignals, facts: Facts): number | undefined {
  if ((slot.samples ?? 0) >= LEAST_SAMPLES) return slot.valueMs;
  if (signals.reading.kind === 'unknown' || signals.samples < LEAST_SAMPLES) return undefined;
  const tasks = tasksIn(slot, facts);
  return completeSlots(signals.series, facts.now).every((other) => tasksIn(other, facts) === tasks) ? signals.reading.value : undefined;
}
