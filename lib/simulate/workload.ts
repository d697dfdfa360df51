import { tasksNeeded } from './erlang.ts';
import { randomStream } from './random-stream.ts';
import type { Trace } from './trace.ts';

/** A trace put to work: scaled, with the service times it comes with or is given. */
export type Workload = RequestsWorkload | JobsWorkload;

interface CommonWorkload {
  readonly name: string;
  readonly durationSeconds: number;
  /** By what the load was multiplied. */
  readonly scale: number;
  /** Mean service time, ms. */
  readonly serviceMs: number;
  readonly serviceCv: number;
  /** Length of a bin of `loads`, seconds. */
  readonly binSeconds: number;
  /** True offered load of each bin, in servers busy (λS); of jobs, as if each began on arrival. */
  readonly loads: Float64Array;
}
export interface RequestsWorkload extends CommonWorkload {
  readonly kind: 'requests';
  /** True mean rate of each bin, requests per second. */
  readonly rates: Float64Array;
}
export interface JobsWorkload extends CommonWorkload {
  readonly kind: 'jobs';
  readonly arrivals: Float64Array;
  /** Seconds. */
  readonly services: Float64Array;
}

export interface WorkloadOptions {
  /** `auto`: so that the mean load is that of ten tasks. For jobs it multiplies the service times, not the arrivals. */
  readonly scale: 'auto' | number;
  /** Of requests; jobs bring their own. */
  readonly serviceMs: number;
  readonly serviceCv: number;
  /** Multiplies the service times of jobs. Given together with `auto` it stands, and nothing else is scaled. */
  readonly serviceTimeScale?: number;
  readonly concurrency: number;
}

/** Mean number of busy tasks that `auto` scales to. */
const AUTO_TASKS = 10;
const JOBS_BIN_S = 60;

export function workloadOf(trace: Trace, options: WorkloadOptions): Workload {
  return trace.kind === 'requests' ? requestsOf(trace, options) : jobsOf(trace, options);
}

function requestsOf(trace: Extract<Trace, { kind: 'requests' }>, options: WorkloadOptions): RequestsWorkload {
  const serviceS = options.serviceMs / 1_000;
  const mean = trace.rates.reduce((a, b) => a + b, 0) / trace.rates.length;
  const scale = options.scale === 'auto' ? (AUTO_TASKS * options.concurrency) / (mean * serviceS) : options.scale;
  const rates = trace.rates.map((rate) => rate * scale);
  return {
    kind: 'requests',
    name: trace.name,
    durationSeconds: trace.durationSeconds,
    scale,
    serviceMs: options.serviceMs,
    serviceCv: options.serviceCv,
    binSeconds: trace.stepSeconds,
    rates,
    loads: rates.map((rate) => rate * serviceS),
  };
}

function jobsOf(trace: Extract<Trace, { kind: 'jobs' }>, options: WorkloadOptions): JobsWorkload {
  const given = options.serviceTimeScale ?? 1;
  const work = trace.services.reduce((a, b) => a + b, 0);
  const auto = options.serviceTimeScale === undefined && work > 0 ? (AUTO_TASKS * options.concurrency * trace.durationSeconds) / work : 1;
  const scale = given * (options.scale === 'auto' ? auto : options.scale);
  const services = trace.services.map((service) => service * scale);
  const mean = (work * scale) / services.length;
  const variance = services.reduce((sum, service) => sum + (service - mean) ** 2, 0) / services.length;
  return {
    kind: 'jobs',
    name: trace.name,
    durationSeconds: trace.durationSeconds,
    scale,
    serviceMs: mean * 1_000,
    serviceCv: mean > 0 ? Math.sqrt(variance) / mean : 0,
    binSeconds: JOBS_BIN_S,
    loads: jobLoads(trace.arrivals, services, Math.ceil(trace.durationSeconds / JOBS_BIN_S)),
    arrivals: trace.arrivals,
    services,
  };
}

/** Mean number of jobs in service in each bin, had each begun on arrival. */
function jobLoads(arrivals: Float64Array, services: Float64Array, bins: number): Float64Array {
  const loads = new Float64Array(bins);
  // Whole bins by differences, the two ends by what they cover.
  const whole = new Float64Array(bins + 1);
  for (let i = 0; i < arrivals.length; i++) {
    const from = (arrivals[i] as number) / JOBS_BIN_S;
    const to = Math.min(bins, from + (services[i] as number) / JOBS_BIN_S);
    const [first, last] = [Math.floor(from), Math.floor(to)];
    if (first === last) (loads[first] as number) += to - from;
    else {
      (loads[first] as number) += first + 1 - from;
      if (last < bins) (loads[last] as number) += to - last;
      (whole[first + 1] as number)++;
      (whole[last] as number)--;
    }
  }
  let running = 0;
  for (let bin = 0; bin < bins; bin++) {
    running += whole[bin] as number;
    (loads[bin] as number) += running;
  }
  return loads;
}

/**
 * The demand r_t of the elasticity metrics, per bin: the least number of tasks at which the predicted p95 wait is within the SLO for
 * the true load (Erlang C, Allen and Cunneen). It knows of no scaler, start-up or backlog.
 */
export function demandOf(workload: Workload, concurrency: number, sloMs: number): Float64Array {
  const service = { serviceMs: workload.serviceMs, cv: workload.serviceCv };
  const known = new Map<number, number>();
  return workload.loads.map((load) => {
    let tasks = known.get(load);
    if (tasks === undefined) {
      tasks = tasksNeeded(load, concurrency, sloMs, 0.05, service);
      known.set(load, tasks);
    }
    return tasks;
  });
}

/**
 * How far into its first bin a run of requests begins, seconds: the bins of a trace and the looks of a scaler have nothing to do with
 * each other, and a jump of the load must not always fall right after a look.
 */
export function phaseOf(workload: Workload, seed: number): number {
  return workload.kind === 'jobs' ? 0 : Math.floor(randomStream(seed, 'phase').uniform() * Math.min(60, workload.binSeconds));
}
