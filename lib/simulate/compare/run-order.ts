import type { Fault } from '../faults.ts';
import { readTrace } from '../read-trace.ts';
import { scenarioOf, simulate } from '../run-simulation.ts';
import type { Series } from '../series.ts';
import type { SimulationReport } from '../simulation-report.ts';
import { firstDays, lookAlikes } from '../synthetic.ts';
import type { Trace } from '../trace.ts';
import { workloadOf } from '../workload.ts';
import { type Setting, scalerFor, tunableOf } from './scalers.ts';

/** Where a trace comes from; what a thread needs to have it, too. */
export type TraceSource =
  | { readonly from: 'file'; readonly path: string; readonly name: string }
  /** @property days so much of its beginning; absent: all of it. */
  | { readonly from: 'look-alike'; readonly index: number; readonly seed: number; readonly days?: number };

/** The model, as far as it is given; what is not follows from the kind of the trace. */
export interface Model {
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

/** One run to be made, in plain data: it may go to another thread. */
export interface RunOrder {
  readonly source: TraceSource;
  readonly model: Model;
  readonly scaler: string;
  readonly seed: number;
  /** Factors on the scaler's default parameters. */
  readonly factors?: Readonly<Record<string, number>>;
  readonly withCourse: boolean;
}

export interface RunDone {
  readonly report: SimulationReport;
  readonly series?: Series;
}

/** What a service has where nobody says anything else. */
export const BOUNDS_DEFAULT = { min: 1, max: 200 } as const;

/** What requests and jobs come with where nothing else is said. */
export const KIND_DEFAULTS = {
  requests: { concurrency: 8, sloMs: 200 },
  jobs: { concurrency: 1, sloMs: 30_000 },
} as const;

async function load(source: TraceSource): Promise<Trace> {
  if (source.from === 'look-alike') {
    const make = lookAlikes[source.index];
    if (make === undefined) throw new Error(`There are ${lookAlikes.length} look-alikes, and none of number ${source.index}.`);
    return source.days === undefined ? make(source.seed) : firstDays(make(source.seed), source.days);
  }
  const read = await readTrace(source.path);
  if (!read.ok) throw new Error(`${source.path} is no trace: ${read.problems[0]?.message ?? 'unknown'}`);
  return { ...read.trace, name: source.name };
}

/** Makes runs one after the other; the workload of the last trace is kept, since orders come trace by trace. */
export function createRunner(): (order: RunOrder) => Promise<RunDone> {
  let kept: { readonly key: string; readonly setting: Setting } | undefined;
  return async ({ source, model, scaler, seed, factors, withCourse }) => {
    const key = JSON.stringify([source, model]);
    if (kept?.key !== key) kept = { key, setting: settingOf(await load(source), model) };
    const setting: Setting = { ...kept.setting, seed };
    const defaults = factors && tunableOf(scaler)?.parameters(scenarioOf(setting));
    const parameters =
      defaults && Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, value * (factors[name] ?? 1)]));
    const { report, series } = simulate({ ...setting, scaler: scalerFor(scaler, setting, parameters) });
    return { report: { ...report, scaler }, ...(withCourse ? { series } : {}) };
  };
}

function settingOf(trace: Trace, model: Model): Setting {
  const concurrency = model.concurrency ?? KIND_DEFAULTS[trace.kind].concurrency;
  return {
    workload: workloadOf(trace, { ...model, concurrency }),
    concurrency,
    sloMs: model.sloMs ?? KIND_DEFAULTS[trace.kind].sloMs,
    min: model.min ?? BOUNDS_DEFAULT.min,
    max: model.max ?? BOUNDS_DEFAULT.max,
    startUpMs: model.startUpMs,
    faults: model.faults,
    seed: 1,
  };
}
