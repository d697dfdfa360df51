import type { TrailStep } from '../decision.ts';
import type { Facts } from '../facts.ts';
import { amount, capital } from '../sentence.ts';
import { wholeTasks } from '../whole-tasks.ts';
import { belowRange, type RangeReading, verdict } from './range.ts';
import type { Want } from './want.ts';
import type { WebLoad } from './web-load.ts';

/** At most so many times the tasks that the arrivals need are ordered to drain a backlog: the rest takes longer. */
export const MOST_DRAIN = 2;
/** While the limit of a task is not known, a backlog is to be gone in that time: what is known less well is drained less hard. */
const RATIO_DRAIN_MS = 2_000;
/** While the limit of a task is not known, that share of the tasks is tried without, at most. */
const TRY_SHARE = 0.2;

/**
 * What a task can carry is not known yet: the target has never been missed at full load. While it is
 * missed, the tasks that run serve what leaves, so the count follows from the ratio of what arrives to
 * that, and from how long the queue is. While it is far from missed, a fifth of the tasks is tried without, which finds the limit.
 */
export function ratioWant(range: RangeReading, load: WebLoad, stepwise: Want, facts: Facts): Want {
  const { desired, running } = facts.state;
  const note =
    'what one task serves at once is not known before the target has been missed once: the ratio of arrivals to departures decides';
  // Where the load is not known either, that is what is missing.
  const notes: readonly TrailStep[] =
    stepwise.notes.length > 0 ? stepwise.notes : [{ rule: 'drain', code: 'EstimateMissing', why: capital(note), value: null }];
  if (verdict(range, facts) === 'missed') {
    const queueMs = Math.max(range.value, range.newest ?? 0);
    const flow = 1 / (1 - Math.max(0, load.queueGrowth));
    const ratio = flow + Math.min(MOST_DRAIN * flow, Math.max(0, queueMs - range.top) / RATIO_DRAIN_MS);
    const proportional = wholeTasks(Math.max(1, Math.min(running, desired)) * ratio);
    const count = Math.max(stepwise.count ?? desired, proportional);
    if (count <= desired) return { ...stepwise, count: desired, newest: count, notes };
    const grows = load.queueGrowth >= 0.005 ? `; the queue grows by ${amount(load.queueGrowth)} s a second` : '';
    const why = `${range.label} (${range.show(queueMs)}) is over ${range.show(range.top)}${grows}`;
    return { ...stepwise, count, newest: count, code: 'AboveTarget', why, notes };
  }
  if (belowRange(range) && desired > 1) {
    const count = load.arrivals === 0 ? 0 : Math.max(1, desired - Math.max(1, Math.floor(desired * TRY_SHARE)));
    const why = load.arrivals === 0 ? `${stepwise.why}, and there are no requests` : stepwise.why;
    return { ...stepwise, count: Math.min(count, stepwise.count ?? count), newest: count, notes, why };
  }
  return { ...stepwise, notes };
}
