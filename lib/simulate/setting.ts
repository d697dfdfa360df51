import type { Fault } from './faults.ts';
import type { SimulationOptions } from './run-simulation.ts';
import type { Trace } from './trace.ts';
import { workloadOf } from './workload.ts';

/** How a trace is to be simulated; what is left out takes the default of its kind. Times in ms. */
export interface SettingOptions {
  readonly scale: 'auto' | number;
  readonly serviceMs: number;
  readonly serviceCv: number;
  readonly serviceTimeScale?: number;
  readonly concurrency?: number;
  readonly startUpMs: number;
  readonly sloMs?: number;
  readonly min?: number;
  readonly max?: number;
  readonly faults: readonly Fault[];
}

/** What a run has where nobody says anything else. */
export const MODEL_DEFAULTS = {
  serviceMs: 200,
  serviceCv: 1,
  startUpMs: 23_000,
  min: 1,
  max: 200,
  requests: { concurrency: 8, sloMs: 200 },
  jobs: { concurrency: 1, sloMs: 30_000 },
} as const;

/** A trace put into the model: everything that a simulation takes but the scaler. */
export function settingOf(trace: Trace, options: SettingOptions, seed: number): Omit<SimulationOptions, 'scaler' | 'onProgress'> {
  const { scale, serviceMs, serviceCv, serviceTimeScale, startUpMs, faults } = options;
  const concurrency = options.concurrency ?? MODEL_DEFAULTS[trace.kind].concurrency;
  const workload = workloadOf(trace, {
    scale,
    serviceMs,
    serviceCv,
    concurrency,
    ...(serviceTimeScale === undefined ? {} : { serviceTimeScale }),
  });
  return {
    workload,
    concurrency,
    startUpMs,
    faults,
    seed,
    min: options.min ?? MODEL_DEFAULTS.min,
    max: options.max ?? MODEL_DEFAULTS.max,
    sloMs: options.sloMs ?? MODEL_DEFAULTS[trace.kind].sloMs,
  };
}
