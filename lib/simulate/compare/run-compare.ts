import { lookAlikes } from '../synthetic.ts';
import type { Comparison, Tuning } from './comparison.ts';
import { pairsOf } from './pairs.ts';
import { type RunAllOptions, runAll } from './run-all.ts';
import type { Model, RunDone, RunOrder, TraceSource } from './run-order.ts';
import { isPeer, tunableOf } from './scalers.ts';
import { candidatesFor, type Factors, OBJECTIVE, objectiveOf, split } from './tune.ts';

export interface CompareOptions extends RunAllOptions {
  readonly traces: readonly TraceSource[];
  readonly model: Model;
  readonly scalers: readonly string[];
  /** Seeds 1 to this. */
  readonly seeds: number;
  readonly league: 'defaults' | 'tuned';
  /** Of the tuned league, for each scaler. */
  readonly trials: number;
  /** Keep the course of the first seed for pictures. */
  readonly withCourses: boolean;
}

/**
 * Runs every scaler over every trace with every seed and judges the pairs. In the tuned league the scalers first search
 * their parameters on every other trace, with equal budgets, and are compared on the rest.
 */
export async function runCompare(options: CompareOptions): Promise<Comparison> {
  if (options.league === 'defaults') return compareOn(options.traces, options, {});
  const { train, test } = split(options.traces);
  if (train.length === 0 || test.length === 0)
    throw new Error('The tuned league needs at least two traces: one to train on and one to be judged on.');
  const { chosen, factors } = await tune(train, options);
  const names = (sources: readonly TraceSource[]) => sources.map(nameOf);
  const tuning: Tuning = { objective: OBJECTIVE, trials: options.trials, train: names(train), test: names(test), chosen };
  return { ...(await compareOn(test, options, factors)), tuning };
}

async function compareOn(
  traces: readonly TraceSource[],
  { model, scalers, seeds, withCourses, ...how }: CompareOptions,
  factors: Readonly<Record<string, Factors>>,
): Promise<Comparison> {
  // Rule (a) and the costs need the clairvoyant, asked for or not.
  const judged = scalers.includes('sluice') && scalers.some(isPeer);
  const needed = judged && !scalers.includes('clairvoyant') ? [...scalers, 'clairvoyant'] : scalers;
  const orders = traces.flatMap((source) =>
    needed.flatMap((scaler) =>
      seedsUpTo(seeds).map((seed): RunOrder => {
        const tuned = factors[scaler];
        return {
          source,
          model,
          scaler,
          seed,
          withCourse: withCourses && seed === 1 && scalers.includes(scaler),
          ...(tuned ? { factors: tuned } : {}),
        };
      }),
    ),
  );
  const done = await runAll(orders, how);
  const all = done.map(({ report }) => report);
  return {
    runs: all.filter(({ scaler }) => scalers.includes(scaler)),
    pairs: pairsOf(all, isPeer),
    courses: done.flatMap(({ report, series }) => (series ? [{ trace: report.trace, scaler: report.scaler, series }] : [])),
  };
}

async function tune(train: readonly TraceSource[], { model, scalers, trials, ...how }: CompareOptions) {
  const tuned = scalers.filter((scaler) => tunableOf(scaler) !== undefined);
  const candidates = new Map(tuned.map((scaler) => [scaler, candidatesFor(scaler, trials, 1)]));
  const order = (source: TraceSource, scaler: string, factors?: Factors): RunOrder => ({
    source,
    model,
    scaler,
    seed: 1,
    withCourse: false,
    ...(factors ? { factors } : {}),
  });
  const orders = train.flatMap((source) => [
    order(source, 'clairvoyant'),
    ...tuned.flatMap((scaler) => (candidates.get(scaler) ?? []).map((factors) => order(source, scaler, factors))),
  ]);
  const done = await runAll(orders, how);
  const chosen = tuned.map((scaler) => {
    const scored = (candidates.get(scaler) ?? []).map((factors) => ({ scaler, factors, objective: score(orders, done, scaler, factors) }));
    return scored.reduce((best, other) => (other.objective < best.objective ? other : best));
  });
  return { chosen, factors: Object.fromEntries(chosen.map(({ scaler, factors }) => [scaler, factors])) };
}

/** Mean of the objective over the traces for one candidate. */
function score(orders: readonly RunOrder[], done: readonly RunDone[], scaler: string, factors: Factors): number {
  const runs = done.filter((_, i) => orders[i]?.scaler === scaler && orders[i]?.factors === factors).map(({ report }) => report);
  const ideal = new Map(done.filter(({ report }) => report.scaler === 'clairvoyant').map(({ report }) => [report.trace, report.taskHours]));
  return runs.reduce((sum, run) => sum + objectiveOf(run, ideal.get(run.trace) ?? Number.NaN), 0) / runs.length;
}

const seedsUpTo = (seeds: number) => Array.from({ length: seeds }, (_, i) => i + 1);

const nameOf = (source: TraceSource): string =>
  source.from === 'file' ? source.name : (lookAlikes[source.index]?.(source.seed).name ?? `look-alike ${source.index}`);
