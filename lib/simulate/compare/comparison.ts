import type { Series } from '../series.ts';
import type { SimulationReport } from '../simulation-report.ts';
import type { Pair } from './pairs.ts';

/** The course of one run over time, for pictures. */
export interface Course {
  readonly trace: string;
  readonly scaler: string;
  readonly series: Series;
}

/** How the parameters of the tuned league were found. */
export interface Tuning {
  readonly objective: string;
  /** Sets of parameters that each scaler was allowed to try, its defaults among them. */
  readonly trials: number;
  readonly train: readonly string[];
  readonly test: readonly string[];
  readonly chosen: readonly { readonly scaler: string; readonly factors: Readonly<Record<string, number>>; readonly objective: number }[];
}

/** What `sluice compare` found. */
export interface Comparison {
  readonly runs: readonly SimulationReport[];
  readonly pairs: readonly Pair[];
  readonly tuning?: Tuning;
  /** Of the first seed; empty where no picture was asked for. */
  readonly courses: readonly Course[];
}
