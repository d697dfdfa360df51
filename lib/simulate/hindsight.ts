import { better, search } from './cheapest-plan.ts';
import type { ClairvoyantOptions } from './clairvoyant.ts';
import { tasksNeeded } from './erlang.ts';
import { heldMost } from './held-most.ts';
import { simulate } from './run-simulation.ts';
import type { Scaler } from './scaler.ts';
import { phaseOf } from './workload.ts';

/** For so long a count that was needed is kept, seconds. */
const HOLDS = [0, 60, 300, 1_200] as const;
/** Between these the factor on the load is searched. */
const HEADROOMS = [0.5, 4] as const;
const SEARCH_STEPS = 7;
/** Bins shorter than this say what chance does, not what the load is. */
const LEAST_BIN_S = 10;
/** As many times the tasks that the load needs may drain a backlog. */
const MOST_DRAIN = 2;
/** Of the requests so many may be late where the load stands still. */
const LATE_AT_REST = 0.01;

interface Rule {
  readonly headroom: number;
  readonly holdSeconds: number;
}

/**
 * What reacting could come to at best: a scaler that knows the load in the very second in which it changes, and the queue, but nothing of the
 * future. It plans for the load times a headroom, keeps a count that was needed for a while, and drains a backlog; headroom and time are
 * those, of the ones tried, with which it is cheapest on this very workload with at most 1 % late, or least late where that takes more than four times the load.
 * A rule learned beforehand cannot do better than one chosen afterwards, as far as rules are of this kind; it is no bound on those that foresee.
 */
export function hindsight(options: ClairvoyantOptions): Scaler {
  const attempt = (rule: Rule) => {
    const { lateShare, taskHours } = simulate({ ...options, scaler: () => reacting(rule, options) }).report;
    return { rule, lateShare, taskHours };
  };
  const ofHold = (holdSeconds: number) => search(HEADROOMS, SEARCH_STEPS, (headroom) => attempt({ headroom, holdSeconds }));
  const best = HOLDS.map(ofHold).reduce(better);
  return reacting(best.rule, options);
}

function reacting({ headroom, holdSeconds }: Rule, options: ClairvoyantOptions): Scaler {
  const { workload, concurrency, sloMs, seed } = options;
  const isWeb = workload.kind === 'requests';
  const phase = phaseOf(workload, seed);
  const loads = isWeb ? smoothed(workload.loads, Math.ceil(LEAST_BIN_S / workload.binSeconds)) : workload.loads;
  const service = { serviceMs: workload.serviceMs, cv: workload.serviceCv };
  const known = new Map<number, number>();
  const tasksFor = (load: number) => {
    const before = known.get(load);
    if (before !== undefined) return before;
    const tasks = tasksNeeded(load, concurrency, sloMs, LATE_AT_REST, service);
    known.set(load, tasks);
    return tasks;
  };
  const held = heldMost(holdSeconds);
  return {
    id: 'hindsight',
    everySeconds: 1,
    decide({ now, history }) {
      const last = history.second(now - 1);
      const load = isWeb
        ? (loads[Math.min(loads.length - 1, Math.floor((now + phase) / workload.binSeconds))] ?? 0)
        : (last?.waiting ?? 0) + (last?.inService ?? 0);
      const count = isWeb ? tasksFor(load * headroom) : Math.ceil((load * headroom) / concurrency);
      const most = held(now, count);
      if (!isWeb) return most;
      // What waits for longer than the SLO is to be gone in a second.
      const excess = Math.max(0, (last?.waiting ?? 0) - (load * sloMs) / workload.serviceMs);
      const draining = Math.min(MOST_DRAIN * load, (excess * workload.serviceMs) / 1_000);
      return Math.max(most, Math.ceil((load + draining) / concurrency));
    },
  };
}

/** The mean of so many bins up to each. */
function smoothed(loads: Float64Array, bins: number): Float64Array {
  if (bins <= 1) return loads;
  let sum = 0;
  return loads.map((load, i) => {
    sum += load - (i >= bins ? (loads[i - bins] ?? 0) : 0);
    return sum / Math.min(i + 1, bins);
  });
}
