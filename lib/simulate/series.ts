import { WaitBuckets } from './wait-buckets.ts';
import type { Waits } from './waits.ts';

/** Points of a chart, one per stretch of equal length. */
export interface Series {
  readonly stepSeconds: number;
  /** Arrivals per second. */
  readonly rate: number[];
  /** Mean ready tasks. */
  readonly running: number[];
  readonly desired: number[];
  /** Tasks needed. */
  readonly demand: number[];
  /** p95 queue time, ms; null where nothing began service. */
  readonly queueTimeMs: (number | null)[];
  /** Changes of the desired count, at most a few thousand. */
  readonly marks: Mark[];
}

export interface Mark {
  /** Seconds from the start. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  /** The scaler's sentence, where it has one. */
  readonly why?: string;
}

/** More points do not show on a chart. */
const POINTS = 1_500;
/** Changes that a series keeps, from the start. */
export const MARKS = 5_000;

/** Gathers the chart of a run in memory that does not grow with it. */
export class SeriesCollector {
  readonly series: Series;
  readonly #waits = new WaitBuckets();
  #sums = { seconds: 0, arrived: 0, running: 0, desired: 0, demand: 0 };

  constructor(durationSeconds: number) {
    const stepSeconds = Math.max(10, Math.ceil(durationSeconds / POINTS / 10) * 10);
    this.series = { stepSeconds, rate: [], running: [], desired: [], demand: [], queueTimeMs: [], marks: [] };
  }

  mark(mark: Mark): void {
    if (this.series.marks.length < MARKS) this.series.marks.push(mark);
  }

  second(point: { arrived: number; running: number; desired: number; demand: number }, waits: Waits): void {
    const sums = this.#sums;
    sums.seconds++;
    sums.arrived += point.arrived;
    sums.running += point.running;
    sums.desired += point.desired;
    sums.demand += point.demand;
    for (let i = 0; i < waits.length; i++) this.#waits.add(waits.ms[i] as number, waits.buckets[i] as number, waits.weights[i] as number);
    if (sums.seconds === this.series.stepSeconds) this.#flush();
  }

  finish(): Series {
    if (this.#sums.seconds > 0) this.#flush();
    return this.series;
  }

  #flush(): void {
    const { seconds, arrived, running, desired, demand } = this.#sums;
    const { series } = this;
    series.rate.push(arrived / seconds);
    series.running.push(running / seconds);
    series.desired.push(desired / seconds);
    series.demand.push(demand / seconds);
    series.queueTimeMs.push(this.#waits.count > 0 ? this.#waits.quantile(0.95) : null);
    this.#waits.clear();
    this.#sums = { seconds: 0, arrived: 0, running: 0, desired: 0, demand: 0 };
  }
}
