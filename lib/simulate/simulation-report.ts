import type { Fault } from './faults.ts';

/** The model that a run was made with; everything that can be given, as it was in the end. */
export interface Parameters {
  readonly kind: 'requests' | 'jobs';
  /** By what the trace's load was multiplied; of jobs, their service times. */
  readonly scale: number;
  readonly serviceTimeMs: number;
  readonly serviceTimeCv: number;
  readonly concurrency: number;
  readonly startUpMs: number;
  readonly sloMs: number;
  readonly min: number;
  readonly max: number;
  readonly graceSeconds: number;
  readonly faults: readonly Fault[];
  /** Of the clairvoyant alone: what no scaler that keeps the SLO can go below. What it pays over that is its gap. */
  readonly lowerBoundTaskHours?: number;
}

/** One run of one scaler over one trace: what `simulate --json` prints. Hours are task-hours paid for, from launch to end. */
export interface SimulationReport {
  readonly trace: string;
  readonly scaler: string;
  readonly seed: number;
  readonly parameters: Parameters;
  /** Minutes whose p95 queue time was over the SLO. */
  readonly violationMinutes: number;
  /** Share of requests or jobs whose queue time was over the SLO, 0..1. */
  readonly lateShare: number;
  readonly queueTimeMs: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number };
  readonly taskHours: number;
  /** Task-hours of ready tasks over the demand. */
  readonly overProvisionedTaskHours: number;
  /** Changes of the desired count that took effect. */
  readonly actions: number;
  /** Those that went the other way than the one before, within 10 minutes of it. */
  readonly reversals: number;
  readonly maxTasks: number;
  /** Times that a job was broken off by a task that had to end. */
  readonly lostJobs: number;
  /** The longest time in one piece in which the p95 of each 10 s was over the SLO. */
  readonly recoverySeconds: number;
  /** Elasticity, percent: see metrics.ts. */
  readonly spec: {
    readonly thetaU: number;
    readonly thetaO: number;
    readonly tauU: number;
    readonly tauO: number;
    readonly upsilon: number;
  };
}
