import type { Comparison } from './comparison.ts';
import { figuresOf, type Pair } from './pairs.ts';

/** The comparison in a few numbers. */
export interface Tally {
  readonly pairs: number;
  readonly won: number;
  readonly lost: number;
  readonly tied: number;
  readonly dominated: number;
  /** Sluice's late share, mean over the traces; undefined where it did not run. */
  readonly lateShare?: number;
  /** Sluice's task-hours ÷ the clairvoyant's, mean over the traces. */
  readonly cost?: number;
}

/** Counts of verdicts. */
export function countPairs(pairs: readonly Pair[]): Pick<Tally, 'pairs' | 'won' | 'lost' | 'tied' | 'dominated'> {
  const of = (verdict: Pair['verdict']) => pairs.filter((pair) => pair.verdict === verdict).length;
  const dominated = pairs.filter((pair) => pair.dominated).length;
  return { pairs: pairs.length, won: of('won'), lost: of('lost'), tied: of('tied'), dominated };
}

export function tallyOf({ runs, pairs }: Pick<Comparison, 'runs' | 'pairs'>): Tally {
  const traces = [...new Set(runs.map(({ trace }) => trace))];
  const of = (trace: string, scaler: string) => runs.filter((run) => run.trace === trace && run.scaler === scaler);
  const both = traces.flatMap((trace) => {
    const sluice = of(trace, 'sluice');
    const clairvoyant = of(trace, 'clairvoyant');
    return sluice.length > 0 && clairvoyant.length > 0 ? [{ sluice: figuresOf(sluice), clairvoyant: figuresOf(clairvoyant) }] : [];
  });
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    ...countPairs(pairs),
    ...(both.length > 0 && {
      lateShare: mean(both.map(({ sluice }) => sluice.lateShare)),
      cost: mean(both.map(({ sluice, clairvoyant }) => sluice.taskHours / clairvoyant.taskHours)),
    }),
  };
}
