import { begins, type Fault, isOn } from './faults.ts';
import { Fleet } from './fleet.ts';
import { JobsModel } from './jobs-model.ts';
import { MetricsCollector } from './metrics.ts';
import type { Model } from './model.ts';
import { PublishedHistory } from './published-history.ts';
import { RequestsModel } from './requests-model.ts';
import type { Scaler, ScalerView, Scenario, SecondSample } from './scaler.ts';
import { type Series, SeriesCollector } from './series.ts';
import type { SimulationReport } from './simulation-report.ts';
import { demandOf, phaseOf, type Workload } from './workload.ts';

/** From a decision until ECS has the new desired count: stream, function and API call, the same for every scaler. */
const WRITE_S = 2;
/** ECS's default stopTimeout. */
const GRACE_S = 30;
/** A queue's visibility timeout that is left when a job is broken off. */
const REDELIVER_S = 30;
/** What the service needs at first is told by so much of the trace. */
const FIRST_S = 300;

export interface SimulationOptions {
  readonly workload: Workload;
  readonly min: number;
  readonly max: number;
  readonly concurrency: number;
  readonly sloMs: number;
  /** Median start-up time of a task, ms. */
  readonly startUpMs: number;
  readonly seed: number;
  readonly faults?: readonly Fault[];
  /** A new scaler for this run. */
  readonly scaler: (scenario: Scenario) => Scaler;
  /** Share that is done, 0..1; called at most a hundred times. */
  readonly onProgress?: (share: number) => void;
}

export interface SimulationResult {
  readonly report: SimulationReport;
  readonly series: Series;
}

interface Write {
  readonly at: number;
  readonly to: number;
  readonly why: string | undefined;
}

/** What scalers of a comparison are told alike. */
export function scenarioOf({ workload, min, max, concurrency, sloMs, startUpMs }: Omit<SimulationOptions, 'scaler' | 'seed'>): Scenario {
  return { kind: workload.kind, min, max, concurrency, serviceMs: workload.serviceMs, sloMs, startUpMs };
}

/**
 * Runs one scaler over one workload, second by second. The same options give the same result; under one seed all scalers meet the
 * same arrivals and start-up times. The service begins with the tasks that its first minutes need.
 */
export function simulate(options: SimulationOptions): SimulationResult {
  const { workload, min, max, concurrency, sloMs, startUpMs, seed, faults = [], onProgress } = options;
  const { durationSeconds, binSeconds } = workload;
  const demand = demandOf(workload, concurrency, sloMs);
  const phase = phaseOf(workload, seed);
  const model = modelOf(options, phase);
  const bounded = (count: number) => Math.min(max, Math.max(min, Math.round(count)));
  const fleet = new Fleet({ initial: bounded(demandAtFirst(demand, binSeconds)), startUpMedianS: startUpMs / 1_000, seed }, model);
  const history = new PublishedHistory();
  const metrics = new MetricsCollector(sloMs);
  const series = new SeriesCollector(durationSeconds);
  const scaler = options.scaler(scenarioOf(options));
  const writes: Write[] = [];
  const progressEvery = Math.max(1, Math.ceil(durationSeconds / 100));

  const change = ({ at, to, why }: Write, own: boolean) => {
    const from = fleet.desired;
    if (to === from) return;
    if (own) metrics.action(at, from, to);
    series.mark({ at, from, to, ...(why === undefined ? {} : { why }) });
    fleet.setDesired(to);
  };

  for (let t = 0; t < durationSeconds; t++) {
    const needed = demand[Math.min(demand.length - 1, Math.floor((t + phase) / binSeconds))] ?? 0;
    if (faults.length > 0) {
      if (begins(faults, 'reset', t)) change({ at: t, to: 1, why: 'somebody else set the desired count to 1' }, false);
      if (begins(faults, 'deployment', t)) fleet.deploy();
      if (begins(faults, 'cold-restart', t)) scaler.restart?.();
    }
    while (writes[0] !== undefined && writes[0].at <= t) {
      const write = writes.shift() as Write;
      if (!isOn(faults, 'throttle', t)) change(write, true);
    }
    fleet.step(t, isOn(faults, 'launch-failures', t));
    if (t > 0 && t % scaler.everySeconds === 0) {
      const deploying = fleet.replacing || isOn(faults, 'deployment', t);
      const view: ScalerView = { now: t, desired: fleet.desired, running: fleet.running, pending: fleet.pending, deploying, history };
      const wanted = scaler.decide(view);
      if (wanted !== undefined && Number.isFinite(wanted)) {
        const to = bounded(wanted);
        if (to !== fleet.desired && to !== writes.at(-1)?.to) writes.push({ at: t + WRITE_S, to, why: scaler.why?.() });
      }
    }
    model.step(t);
    const sample: SecondSample = {
      arrived: model.arrived,
      finished: model.finished,
      waiting: model.waiting,
      inService: model.inService,
      oldestMs: model.oldestMs,
      busyShare: model.busyShare,
      running: fleet.running,
      desired: fleet.desired,
    };
    history.add(t, sample, model.waits, !isOn(faults, 'metric-outage', t));
    const { running, desired } = fleet;
    metrics.second({ model, running, desired, billed: fleet.billed + model.stopping, demand: needed });
    series.second({ arrived: model.arrived, running, desired, demand: needed }, model.waits);
    if (onProgress !== undefined && t % progressEvery === 0) onProgress(t / durationSeconds);
  }
  onProgress?.(1);
  const report: SimulationReport = {
    trace: workload.name,
    scaler: scaler.id,
    seed,
    parameters: {
      kind: workload.kind,
      scale: workload.scale,
      serviceTimeMs: workload.serviceMs,
      serviceTimeCv: workload.serviceCv,
      concurrency,
      startUpMs,
      sloMs,
      min,
      max,
      graceSeconds: GRACE_S,
      faults,
      ...(scaler.lowerBoundTaskHours === undefined ? {} : { lowerBoundTaskHours: Number(scaler.lowerBoundTaskHours.toFixed(3)) }),
    },
    ...metrics.finish(model, model.oldestMs > sloMs ? model.waiting : 0),
  };
  return { report, series: series.finish() };
}

/** Mean over the first minutes, in whole tasks: a bin of a second says little. */
function demandAtFirst(demand: Float64Array, binSeconds: number): number {
  const first = demand.subarray(0, Math.max(1, Math.round(FIRST_S / binSeconds)));
  return Math.ceil(first.reduce((a, b) => a + b, 0) / first.length);
}

function modelOf({ workload, concurrency, seed }: SimulationOptions, phase: number): Model {
  if (workload.kind === 'jobs') {
    const { arrivals, services } = workload;
    return new JobsModel({ arrivals, services, concurrency, graceSeconds: GRACE_S, redeliverSeconds: REDELIVER_S, seed });
  }
  const { rates, binSeconds, serviceMs, serviceCv } = workload;
  const rateAt = (t: number) => rates[Math.min(rates.length - 1, Math.floor((t + phase) / binSeconds))] ?? 0;
  return new RequestsModel({ rateAt, concurrency, serviceMs, serviceCv, graceSeconds: GRACE_S, seed });
}
