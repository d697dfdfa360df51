import type { Sketch } from '../reports/sketch.ts';

/**
 * What a simulated scaler sees and says. Each sees what it would see in life, with its own cadence, aggregation and lag;
 * the simulator keeps the raw history and hands out only what has been published by then.
 */

/** What was measured in one second of simulated time; counts, not rates. */
export interface SecondSample {
  /** Requests or jobs that arrived. */
  readonly arrived: number;
  /** Requests or jobs that were finished. */
  readonly finished: number;
  /** Waiting at the end of the second. */
  readonly waiting: number;
  /** In service at the end of the second. */
  readonly inService: number;
  /** Age of the oldest that waits, ms; 0 when none waits. */
  readonly oldestMs: number;
  /** Share 0..1 of the serving places (running tasks × concurrency) that were busy, mean over the second. */
  readonly busyShare: number;
  /** Ready tasks at the end of the second. */
  readonly running: number;
  /** Desired count at the end of the second. */
  readonly desired: number;
}

/** Queue times of the requests that began service in one slot, as quantiles can be asked of them. */
export interface QueueTimes {
  readonly count: number;
  /** ms; `share` 0..1. */
  quantile(share: number): number;
  readonly meanMs: number;
  readonly maxMs: number;
  /** The same as an adapter's report would hold it. */
  readonly sketch?: () => Sketch;
}

/** The published past, as seen from `now`; times in simulated seconds from the start of the trace. */
export interface History {
  /** Seconds [from, to) that lie in the published past; missing where a fault ate them. */
  second(t: number): SecondSample | undefined;
  /**
   * Queue times of requests begun in [from, to); undefined where nothing was published.
   * @param share how much of a second counts, 0..1; absent: all of each.
   */
  queueTimes(from: number, to: number, share?: (t: number) => number): QueueTimes | undefined;
  /** The longest of them, ms; 0 where nothing was published. */
  longestMs(from: number, to: number): number;
}

export interface ScalerView {
  /** Simulated seconds since the start of the trace. */
  readonly now: number;
  readonly desired: number;
  readonly running: number;
  /** Ordered and not yet ready. */
  readonly pending: number;
  readonly deploying: boolean;
  readonly history: History;
}

/** A scaler under comparison. A new one is made for each run: it may keep state. */
export interface Scaler {
  readonly id: string;
  /** Seconds between two looks. */
  readonly everySeconds: number;
  /** The desired count that it would set now; the present one, or undefined, to leave it alone. */
  decide(view: ScalerView): number | undefined;
  /** After a simulated cold restart: forget what a process would forget. */
  restart?(): void;
  /** Of the clairvoyant: no scaler that keeps the SLO can pay for fewer task-hours. */
  readonly lowerBoundTaskHours?: number;
  /** The sentence of the decision last made, where it has one. */
  why?(): string | undefined;
}

/** What every scaler of a comparison is given alike. */
export interface Scenario {
  readonly kind: 'requests' | 'jobs';
  readonly min: number;
  readonly max: number;
  /** Requests (or jobs) that one task serves at once. */
  readonly concurrency: number;
  /** Mean service time, ms. */
  readonly serviceMs: number;
  /** Queue time (or latency) that must not be exceeded, ms. */
  readonly sloMs: number;
  /** Median start-up time of a task, ms. */
  readonly startUpMs: number;
}
