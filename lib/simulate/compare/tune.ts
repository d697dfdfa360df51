import { randomStream } from '../random-stream.ts';
import type { SimulationReport } from '../simulation-report.ts';
import { tunableOf } from './scalers.ts';

/** Fixed before anything was tuned: what the search minimises. */
export const OBJECTIVE =
  "task-hours ÷ the clairvoyant's, plus 0.2 for each percentage point of late share over 1 %, mean over the traces to train on";

/** What a run is worth to the search: less is better. */
export const objectiveOf = (
  { taskHours, lateShare }: Pick<SimulationReport, 'taskHours' | 'lateShare'>,
  clairvoyantHours: number,
): number => taskHours / clairvoyantHours + 20 * Math.max(0, lateShare - 0.01);

/** Factors on a scaler's default parameters; none changes nothing. */
export type Factors = Readonly<Record<string, number>>;

/**
 * The sets of factors that one scaler may try: first its defaults, then draws, uniform on a logarithmic scale within the range of each
 * parameter. Every scaler gets as many.
 */
export function candidatesFor(scaler: string, trials: number, seed: number): Factors[] {
  const ranges = Object.entries(tunableOf(scaler)?.tunable ?? {});
  const random = randomStream(seed, `tune ${scaler}`);
  return Array.from({ length: trials }, (_, trial) =>
    trial === 0
      ? {}
      : Object.fromEntries(ranges.map(([name, [low, high]]) => [name, Math.exp(Math.log(low) + random.uniform() * Math.log(high / low))])),
  );
}

/** Splits by trace: every other one to train on, beginning with the first, the rest to be judged on. */
export function split<T>(traces: readonly T[]): { readonly train: T[]; readonly test: T[] } {
  return { train: traces.filter((_, i) => i % 2 === 0), test: traces.filter((_, i) => i % 2 === 1) };
}
