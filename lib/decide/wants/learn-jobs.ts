import type { Facts } from '../facts.ts';
import type { Learned } from '../memory.ts';
import type { SlotPoint, TargetSignals } from '../observation.ts';
import { jobLoad } from './job-load.ts';
import { tasksIn } from './tasks-in.ts';

/** A rate over less than that is too rough. */
export const LEAST_SPAN_S = 20;
/** The first is better rough than late. */
const FIRST_SPAN_S = 10;
/** A change by less is not worth storing. */
const WORTH = 0.05;
/** Arrivals that stay the same are noted again that often. */
const REMIND_MS = 5 * 60_000;

/**
 * Jobs per second and task, k/S, learned while jobs wait: then all tasks have all the work that they can
 * do, and what leaves is what arrives (λ = Q ÷ age of the oldest, first in first out) less the growth of
 * the backlog. A new value moves the known one half way.
 */
export function jobsPerTask(signals: TargetSignals, before: Learned | null, facts: Facts): Learned | null {
  const newest = signals.series.findLast((slot) => slot.depth !== undefined);
  if (newest === undefined || newest.at <= (before?.at ?? 0)) return before;
  const load = jobLoad(signals.series, facts.now);
  if ('missing' in load || load.arrivals === undefined) return before;
  const rate = rateOf(signals, newest, before, facts);
  if (before === null && rate === undefined) return null;
  const moved = before === null || rate === undefined ? (rate ?? before?.value ?? 0) : (before.value + rate) / 2;
  const value = before !== null && Math.abs(moved - before.value) <= before.value * WORTH ? before.value : moved;
  const known = before?.load;
  const sameLoad = known !== undefined && Math.abs(known.rate - load.arrivals) <= load.arrivals * WORTH && newest.at - known.at < REMIND_MS;
  if (before !== null && value === before.value && sameLoad) return before;
  return { value, before: before?.value ?? 0, at: newest.at, proven: true, load: { rate: load.arrivals, at: newest.at } };
}

/** A depth is of one moment. Rates are over several slots: a task that is up early for a part of one hardly shows, and slots are few. */
const tasksOver = (slot: SlotPoint, facts: Facts) => tasksIn(slot, facts, { notUpShare: 0.5, reachesBackMs: 0 });

/** Jobs per second and task over the slots through which as many tasks worked, where they are long enough. */
function rateOf(signals: TargetSignals, newest: SlotPoint, before: Learned | null, facts: Facts): number | undefined {
  const tasks = tasksOver(newest, facts);
  if (tasks === undefined) return undefined;
  const since = signals.series.findLast((slot) => slot.at < newest.at && tasksOver(slot, facts) !== tasks)?.at;
  const load = jobLoad(signals.series, facts.now, since === undefined ? 0 : since + 1);
  if ('missing' in load || !load.saturated || load.span < (before === null ? FIRST_SPAN_S : LEAST_SPAN_S) || load.arrivals === undefined)
    return undefined;
  const rate = (load.arrivals - load.growth) / tasks;
  return rate > 0 ? rate : undefined;
}
