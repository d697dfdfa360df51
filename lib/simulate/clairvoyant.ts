import { planCapacity, type StepCost } from './capacity-plan.ts';
import { better, LATE_SHARE_ALLOWED, search, type Tried } from './cheapest-plan.ts';
import { erlangC, meanWaitOfWaiting } from './erlang.ts';
import { heldMost } from './held-most.ts';
import { type SimulationOptions, simulate } from './run-simulation.ts';
import type { Scaler } from './scaler.ts';
import { type JobsWorkload, phaseOf, type RequestsWorkload, type Workload } from './workload.ts';

/** Steps of the plan are at least that long: within a shorter one queues do not come to rest. */
const LEAST_STEP_S = 10;
/** How much earlier than needed tasks are ordered, in median start-up times: of these the cheapest is taken. */
const LEADS = [1.2, 2];
/** Between these the worth of a late request is searched, in task-seconds. */
const WORTHS = [1e-4, 1e5] as const;
/**
 * Of jobs: how much earlier than its arrival a place for a job is ordered, in median start-up times (the SLO may allow a wait as long as
 * a start-up; null: no sooner than it is there), and how long a count that was needed is kept, in seconds.
 */
const JOB_VARIANTS = [
  { lead: null, hold: 60 },
  { lead: 0, hold: 120 },
  { lead: 0, hold: 300 },
  { lead: 0, hold: 600 },
  { lead: 0, hold: 1_200 },
  { lead: 0, hold: 1_800 },
  { lead: 0.4, hold: 600 },
  { lead: 2.2, hold: 120 },
] as const;
/** Factors on the demand of jobs, the smallest last. */
const MARGINS = [2, 1.6, 1.3, 1.15, 1, 0.8, 0.5] as const;
const SEARCH_STEPS = 8;
const MARGIN_STEPS = 5;
const WRITE_S = 2;

export type ClairvoyantOptions = Omit<SimulationOptions, 'scaler' | 'faults' | 'onProgress'>;

/** A clairvoyant made for one workload, with what the run that it was chosen by cost. */
export interface ClairvoyantPlan extends Tried {
  readonly scaler: () => Scaler;
  /** No scaler that keeps the late share can pay for less: the work itself, or the minimum. */
  readonly lowerBoundTaskHours: number;
}

/**
 * Plans with the whole trace known, under the same start-up, launch limits and bounds as everybody: the fewest task-hours whose late
 * share is at most 1 %.
 *
 * Requests: for a given worth of a late arrival the plan is the optimum of a dynamic programme whose late arrivals are those of a queue
 * at rest. Jobs: a place for every job in the system and for those that will arrive while a task starts, times a margin, held for
 * a while so that fewer jobs are broken off. Worth and margin are searched, each time by a run in the simulator, until the late share is just
 * allowed. It is not proven to be the least of all: what it pays over a lower bound, the gap, is stated with it.
 */
export function planClairvoyant(options: ClairvoyantOptions): ClairvoyantPlan {
  const { workload } = options;
  const plans = workload.kind === 'requests' ? requestPlans(workload, options) : jobPlans(workload, options);
  return plans.reduce(better);
}

function requestPlans(workload: RequestsWorkload, options: ClairvoyantOptions): ClairvoyantPlan[] {
  const { min, startUpMs } = options;
  const every = Math.max(1, Math.ceil(LEAST_STEP_S / workload.binSeconds));
  const stepSeconds = workload.binSeconds * every;
  const steps = requestSteps(workload, every, options);
  const needed = steps.reduce((most, { first, late }) => Math.max(most, first + late.length), min);
  const max = Math.min(options.max, needed);
  return LEADS.map((lead) => {
    const leadSeconds = Math.round((lead * startUpMs) / 1_000) + WRITE_S;
    return search(WORTHS, SEARCH_STEPS, (worth) => {
      const counts = planCapacity({ steps, min, max, stepSeconds, worth, startCost: leadSeconds });
      return run(options, () => planned(counts, stepSeconds, leadSeconds, phaseOf(workload, options.seed)));
    });
  });
}

function jobPlans(workload: JobsWorkload, options: ClairvoyantOptions): ClairvoyantPlan[] {
  const startUpS = options.startUpMs / 1_000;
  const varied = JOB_VARIANTS.map(({ lead, hold }) => {
    const attempt = (margin: number) =>
      run(options, () => forJobs(workload, options.concurrency, lead === null ? 0 : lead * startUpS + WRITE_S, hold, margin));
    let [best, kept] = [attempt(MARGINS[0]), MARGINS[0] as number];
    for (const margin of MARGINS.slice(1)) {
      const found = attempt(margin);
      // More of a margin also starts more jobs that are broken off: the share does not only fall with it.
      if (found.lateShare > LATE_SHARE_ALLOWED && best.lateShare <= LATE_SHARE_ALLOWED)
        return better(best, search([margin, kept], MARGIN_STEPS, attempt));
      if (better(best, found) === found) kept = margin;
      best = better(best, found);
    }
    return best;
  });
  return [...varied, fixedCount(options)];
}

/** The least count that keeps the SLO without ever being changed. */
function fixedCount(options: ClairvoyantOptions): ClairvoyantPlan {
  const attempt = (count: number) => run(options, () => ({ id: 'clairvoyant', everySeconds: 1, decide: () => count }));
  let [low, high] = [options.min, options.max];
  let best = attempt(high);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = attempt(middle);
    best = better(best, found);
    if (found.lateShare <= LATE_SHARE_ALLOWED) high = middle;
    else low = middle + 1;
  }
  return best;
}

/** The clairvoyant of a plan, for one run. */
export const clairvoyant = ({ scaler, lowerBoundTaskHours }: ClairvoyantPlan): Scaler => ({ ...scaler(), lowerBoundTaskHours });

function run(options: ClairvoyantOptions, scaler: () => Scaler): ClairvoyantPlan {
  const { lateShare, taskHours } = simulate({ ...options, scaler }).report;
  return { scaler, lateShare, taskHours, lowerBoundTaskHours: lowerBound(options.workload, options) };
}

/** Looks ahead by its lead: what will be needed until then is ordered now, what will not is let go. */
function planned(counts: Uint16Array, stepSeconds: number, leadSeconds: number, phase: number): Scaler {
  return {
    id: 'clairvoyant',
    everySeconds: 1,
    decide({ now: t }) {
      const now = t + phase;
      const last = Math.min(counts.length - 1, Math.floor((now + leadSeconds) / stepSeconds));
      let most = 0;
      for (let i = Math.min(last, Math.floor((now + WRITE_S) / stepSeconds)); i <= last; i++) most = Math.max(most, counts[i] as number);
      return last < 0 ? undefined : most;
    },
  };
}

/** Knows what is in the system, which arrivals come while a task starts, and nothing better than to keep what was needed for a while. */
function forJobs({ arrivals }: JobsWorkload, concurrency: number, leadSeconds: number, holdSeconds: number, margin: number): Scaler {
  let arrived = 0;
  let coming = 0;
  const held = heldMost(holdSeconds);
  return {
    id: 'clairvoyant',
    everySeconds: 1,
    decide({ now, history }) {
      while (arrived < arrivals.length && (arrivals[arrived] as number) < now) arrived++;
      while (coming < arrivals.length && (arrivals[coming] as number) < now + leadSeconds) coming++;
      const last = history.second(now - 1);
      const jobs = (last?.waiting ?? 0) + (last?.inService ?? 0) + coming - arrived;
      return held(now, Math.ceil((margin * jobs) / concurrency));
    },
  };
}

/** Late arrivals by count from Erlang C at the load of each bin in the step. */
function requestSteps(
  { loads, binSeconds, serviceMs, serviceCv }: RequestsWorkload,
  every: number,
  options: ClairvoyantOptions,
): StepCost[] {
  const { concurrency, sloMs } = options;
  const service = { serviceMs, cv: serviceCv };
  const lateOf = (load: number, tasks: number) => {
    const servers = tasks * concurrency;
    const share = servers <= load ? 1 : erlangC(servers, load) * Math.exp(-sloMs / meanWaitOfWaiting(servers, load, service));
    return ((load * 1_000) / serviceMs) * binSeconds * share;
  };
  return inSteps(loads, every, (values) => {
    const first = Math.floor(values.reduce((a, b) => a + b, 0) / values.length / concurrency);
    const arrivals = (values.reduce((a, b) => a + b, 0) * 1_000 * binSeconds) / serviceMs;
    const late: number[] = [];
    for (let tasks = first; arrivals > 0; tasks++) {
      const sum = values.reduce((total, load) => total + lateOf(load, tasks), 0);
      if (sum < 1e-7 * arrivals) break;
      late.push(sum);
    }
    return { first, late: Float64Array.from(late) };
  });
}

function inSteps<T>(bins: Float64Array, every: number, make: (values: Float64Array, i: number) => T): T[] {
  return Array.from({ length: Math.ceil(bins.length / every) }, (_, i) => make(bins.subarray(i * every, (i + 1) * every), i));
}

/** At most 1 % of the arrivals may be late or unserved; all others are work that tasks do at `concurrency` at once. */
function lowerBound({ loads, binSeconds, kind, ...rest }: Workload, { min, concurrency }: ClairvoyantOptions): number {
  const seconds = rest.durationSeconds;
  const work =
    kind === 'requests' ? loads.reduce((a, b) => a + b, 0) * binSeconds * (1 - LATE_SHARE_ALLOWED) : workOfShortest(rest as JobsWorkload);
  return Math.max(min * seconds, work / concurrency) / 3_600;
}

/** The 1 % that may be late could be the longest jobs, and never run. */
function workOfShortest({ services }: JobsWorkload): number {
  const sorted = services.slice().sort();
  return sorted.subarray(0, Math.ceil(sorted.length * (1 - LATE_SHARE_ALLOWED))).reduce((a, b) => a + b, 0);
}
