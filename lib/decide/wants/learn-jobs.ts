import type { Facts } from '../facts.ts';
import type { Learned } from '../memory.ts';
import type { TargetSignals } from '../observation.ts';
import { jobLoad } from './job-load.ts';
import { tasksIn } from './tasks-in.ts';

/** A rate over less than that is too rough. */
const LEAST_SPAN_S = 20;
/** A change by less is not worth storing. */
const WORTH = 0.05;

/**
 * Jobs per second and task, k/S, learned while jobs wait: then all tasks have all the work that they can
 * do, and what leaves is what arrives (λ = Q ÷ age of the oldest, first in first out) less the growth of
 * the backlog. A new value moves the known one half way.
 */
export function jobsPerTask(signals: TargetSignals, before: Learned | null, facts: Facts): Learned | null {
  const newest = signals.series.findLast((slot) => slot.depth !== undefined);
  const tasks = newest && tasksIn(newest, facts);
  if (newest === undefined || tasks === undefined || newest.at <= (before?.at ?? 0)) return before;
  // Only slots through which as many tasks worked.
  const since = signals.series.findLast((slot) => slot.at < newest.at && tasksIn(slot, facts) !== tasks)?.at;
  const load = jobLoad(signals.series, facts.now, since === undefined ? 0 : since + 1);
  if ('missing' in load || !load.saturated || load.span < LEAST_SPAN_S || load.arrivals === undefined) return before;
  const rate = (load.arrivals - load.growth) / tasks;
  if (!(rate > 0)) return before;
  const value = before === null ? rate : (before.value + rate) / 2;
  if (before !== null && Math.abs(value - before.value) <= before.value * WORTH) return before;
  return { value, before: before?.value ?? 0, at: newest.at, proven: true };
}
