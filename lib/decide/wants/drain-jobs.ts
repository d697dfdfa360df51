import type { JobLatencyTarget } from '../../policy/policy.ts';
import type { TrailStep } from '../decision.ts';
import type { Facts } from '../facts.ts';
import type { Learned } from '../memory.ts';
import type { TargetSignals } from '../observation.ts';
import { amount, duration, tasks } from '../sentence.ts';
import { wholeTasks } from '../whole-tasks.ts';
import { jobLoad } from './job-load.ts';
import { LEAST_SPAN_S } from './learn-jobs.ts';
import { placesForAll, placesPerTask } from './places.ts';
import { belowRange, type RangeReading, rangeWant, verdict } from './range.ts';
import { usable, type Want } from './want.ts';

/** A backlog is to be gone within the target's own latency after the new tasks are up, and not within less. */
const LEAST_DRAIN_MS = 30_000;
/**
 * Of jobs one cannot know how long they take before they end, and each task that turns out not to be needed breaks off jobs as it goes:
 * twice the tasks that run, or four more, are ordered at most until those are up and show what they do.
 */
const LARGEST_GROWTH = 2;
const LEAST_GROWTH = 4;
/** Tasks are planned to be busy for that share of their time, so that a queue can shrink at all. */
const BUSY_SHARE = 0.9;

/**
 * Sizing by queueing theory for jobs: `c = ⌈(λ̂/ρ + max(0, Q̂ − Q*)/T) ÷ r⌉`, r = k/S the jobs that one task
 * does per second (learned while jobs wait, or `concurrency` over the reported time), Q̂ the backlog when
 * tasks ordered now are up, Q* = λ̂ × target the backlog that the target allows, T the time to drain the
 * rest. Where it is known how many jobs run, a place for each and for each that waits is the most; and where a job takes longer than it
 * may wait, just that (`places.ts`). At zero tasks any waiting job wakes the service. While the target is missed, at least what
 * `range` wants.
 */
export function drainJobsWant(
  target: JobLatencyTarget,
  range: RangeReading,
  signals: TargetSignals,
  learned: Learned | null,
  facts: Facts,
): Want {
  const { desired } = facts.state;
  const stepwise = rangeWant(range, facts);
  const load = jobLoad(signals.series, facts.now);
  const waiting = range.value > 0 || (!('missing' in load) && load.depth > 0);
  const awake = desired > 0 || !waiting ? stepwise : wake(stepwise, range);
  if ('missing' in load) return fallBack(awake, `there are ${load.missing}`);
  const rate = jobsPerSecond(target, signals, learned);
  const { running } = facts.state;
  const working = Math.min(running, desired);
  const most = Math.max(desired, running * LARGEST_GROWTH, running + LEAST_GROWTH);
  const busy = usable(signals.busy, facts, 'running jobs');
  const told = 'value' in busy ? busy.value : 0;
  const k = placesPerTask(target.concurrency, told, working);
  // Where jobs wait for seconds every place is taken, by jobs of queues whose adapter does not tell as well.
  const run = load.arrivals === undefined ? told : Math.max(told, working * k);
  const places = 'value' in busy ? placesForAll(run, load.depth, k) : undefined;
  const placed = `${amount(run)} jobs run and ${amount(load.depth)} wait`;
  if (rate === undefined) {
    const missing = 'how many jobs a task does is not known yet, it is learned while jobs wait';
    const step = fallBack(awake, missing);
    // What tasks that have come up do has to be seen before there are more; where none works on anything, more are of no use.
    const seen = facts.now - (facts.memory.upAt ?? 0) >= LEAST_SPAN_S * 1_000 && (told > 0 || working === 0);
    const count = Math.min(most, places ?? 0);
    if (load.depth === 0 || belowRange(range) || !seen || count <= (step.count ?? count)) return step;
    const why = `${range.label} is ${range.show(range.value)}, ${placed}: ${tasks(count)} until it is known how many jobs a task does`;
    return { ...fallBack(awake, missing, 'What runs and what waits decides.'), count, code: 'DemandAboveCapacity', why };
  }
  const arrivals = arrivalsOf(load, working * rate, 'value' in busy ? busy.value : undefined, target.concurrency, rate);
  if (arrivals === undefined) return remembering(fallBack(awake, 'what arrives cannot be told while no job waits'), rate, learned, facts);

  const startUpS = facts.startUp.p50Ms / 1_000;
  const drainMs = Math.max(LEAST_DRAIN_MS, range.top);
  const queue = Math.max(0, load.depth + Math.max(-load.depth, (arrivals - working * rate) * startUpS));
  const excess = Math.max(0, queue - (arrivals * range.top) / 1_000);
  const needed = arrivals / BUSY_SHARE / rate;
  const jobMs = (k * 1_000) / rate;
  const long = places !== undefined && jobMs > range.top;
  const all = wholeTasks(needed + excess / (drainMs / 1_000) / rate);
  const wanted = long ? places : Math.min(all, places ?? all);
  const count = Math.max(waiting ? 1 : 0, Math.min(most, wanted));
  const base = wholeTasks(needed);

  const missed = verdict(range, facts) === 'missed';
  const over = missed ? `${range.label} (${range.show(range.value)}) is over ${range.show(range.top)}; ` : '';
  const backlog = all > base ? `, ${all - base} more for the ${amount(load.depth)} that wait, within ${duration(drainMs)}` : '';
  const first = count < wanted ? `; not over ${count} until those that start show what they do` : '';
  const byRate = `${amount(arrivals)} jobs/s at ${amount(rate)} jobs/s per task need ${tasks(base)}${backlog}`;
  const enough = wanted < all ? `; ${placed}: ${tasks(wanted)} have a place for each` : '';
  const byPlaces = `${placed}, ${duration(jobMs)} or so each: ${tasks(wanted)} have a place for each`;
  const why = `${over}${long ? byPlaces : byRate + enough}${first}`;
  const want = { rule: 'drain', notes: [] as TrailStep[], newest: count } as const;
  if (missed && awake.count !== null && awake.count > count) {
    if (awake.count === desired) return { ...want, count: desired, code: 'AwaitingStartUp', why: `${why}; ${awake.why}` };
    return {
      ...want,
      count: awake.count,
      code: 'EstimateDoesNotExplain',
      why: `${why}, which does not explain the queue: a step of ${tasks(awake.count - desired)} is tried`,
    };
  }
  // A queue that those at work would have done well inside its range when new tasks are up needs none of them.
  const calm = desired > 0 && !missed && belowRange(range) && queue <= (desired * rate * range.low) / 1_000;
  if (count > desired && !calm) return { ...want, count, code: 'DemandAboveCapacity', why };
  if (count > desired)
    return { ...want, count: desired, newest: desired, code: 'WithinRange', why: `${awake.why}; ${why}, and the queue stays short` };
  if (count < desired && !belowRange(range)) return { ...want, count: desired, code: 'WithinRange', why: `${awake.why}; ${why}` };
  return { ...want, count, code: count < desired ? 'DemandBelowCapacity' : 'DemandMatchesCapacity', why };
}

/** An empty queue does not show what arrives: what arrived when jobs waited last is planned for so long. */
const REMEMBERED_MS = 20 * 60_000;

function remembering(stepwise: Want, rate: number, learned: Learned | null, facts: Facts): Want {
  const { desired } = facts.state;
  const last = learned?.load;
  if (last === undefined || stepwise.count === null || stepwise.count >= desired || facts.now - last.at >= REMEMBERED_MS) return stepwise;
  const needed = Math.min(desired, wholeTasks(last.rate / BUSY_SHARE / rate));
  if (needed <= stepwise.count) return stepwise;
  const why = `${stepwise.why}; ${amount(last.rate)} jobs/s came ${duration(facts.now - last.at)} ago, which need ${tasks(needed)}`;
  return { ...stepwise, count: needed, newest: needed, why, ...(needed === desired && { code: 'DemandMatchesCapacity' as const }) };
}

/** As reported, or as learned. */
function jobsPerSecond(target: JobLatencyTarget, signals: TargetSignals, learned: Learned | null): number | undefined {
  const serviceMs = signals.series.findLast((slot) => slot.serviceMs !== undefined && slot.serviceMs > 0)?.serviceMs;
  return serviceMs === undefined ? learned?.value : ((target.concurrency ?? 1) * 1_000) / Math.max(1, serviceMs);
}

/**
 * With a backlog of some age by Little's law; with a young one what the tasks do plus its growth; without,
 * what keeps the running jobs running. Otherwise it is not known.
 */
function arrivalsOf(
  load: { readonly saturated: boolean; readonly growth: number; readonly depth: number; readonly arrivals: number | undefined },
  capacity: number,
  busy: number | undefined,
  concurrency: number | undefined,
  rate: number,
): number | undefined {
  if (load.arrivals !== undefined) return load.arrivals;
  if (load.saturated || (load.depth > 0 && capacity === 0)) return Math.max(0, capacity + load.growth);
  if (busy !== undefined) return Math.min(Math.max(capacity, 0), (busy / (concurrency ?? 1)) * rate) + Math.max(0, load.growth);
  return load.depth > 0 ? capacity + Math.max(0, load.growth) : undefined;
}

const wake = (stepwise: Want, range: RangeReading): Want => ({
  ...stepwise,
  count: Math.max(1, stepwise.count ?? 1),
  newest: Math.max(1, stepwise.newest ?? 1),
  code: 'WorkWaiting',
  why: `jobs wait (${range.label} ${range.show(range.value)}) and no task runs`,
});

/** `missing` says what there is not, as a clause. */
function fallBack(stepwise: Want, missing: string, decides = 'Steps decide.'): Want {
  const why = `Sizing by queueing theory is not possible: ${missing}. ${decides}`;
  return { ...stepwise, notes: [...stepwise.notes, { rule: 'drain', code: 'EstimateMissing', why, value: null }] };
}
