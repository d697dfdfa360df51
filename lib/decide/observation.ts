import type { Instant } from './time.ts';

/** A measurement, or the reason why there is none. Unknown is never zero. */
export type Reading =
  | { readonly kind: 'known'; readonly value: number; readonly at: Instant }
  | { readonly kind: 'unknown'; readonly why: string };

/** What ECS last said of the service, or why that is not known. */
export type StateReading =
  | {
      readonly kind: 'known';
      readonly at: Instant;
      readonly desired: number;
      readonly running: number;
      readonly pending: number;
      readonly deployment: 'none' | 'in-progress' | 'failed';
      /** When the PRIMARY deployment was created: a deploy that resets the count is told by it. */
      readonly deploymentCreatedAt?: Instant;
    }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * One 10 s slot of what was seen for a target. Every field is absent when nothing was reported in
 * the slot: absent is unknown, 0 is a measurement.
 */
export interface SlotPoint {
  /** Start of the slot. */
  readonly at: Instant;
  /** Reports seen in the slot: a report without requests is a sign of life, and a reading of no load. */
  readonly reports: number;
  /** Requests that ended in the slot, from the count of app times (or of queue times, whichever is larger). */
  readonly requests?: number;
  /** Mean app (handler) time of those requests, ms. */
  readonly serviceMs?: number;
  /** The target's percentile of request queue time or response time in the slot, ms. */
  readonly valueMs?: number;
  /** Samples behind `valueMs`. */
  readonly samples?: number;
  /** Median over processes of utilisation, 0..1. */
  readonly utilization?: number;
  /** Jobs waiting, summed over the target's queues (the newest of each queue). */
  readonly depth?: number;
  /** Jobs running now, summed over the target's queues. */
  readonly busy?: number;
  /** Latency of the worst of the target's queues (age of its oldest waiting job), ms. */
  readonly latencyMs?: number;
}

/** What was measured for one target of the policy; `targets[i]` belongs to `policy.targets[i]`. */
export interface TargetSignals {
  /**
   * The target's metric over its standard window (30 s, widened up to 5 min where samples are few):
   * ms for times, share 0..1 for utilisation, jobs for depth. Latency and depth take the newest.
   */
  readonly reading: Reading;
  /** The same over the newest 10 s only; unknown where that has too few samples. */
  readonly recent: Reading;
  /** What `reading` is, in words: "p95 queue time of the last 30 s", "latency of queue mailers". */
  readonly label: string;
  /** Samples behind `reading`. */
  readonly samples: number;
  /** Worst or only queue for job targets. */
  readonly queue?: string;
  /** Jobs running now over the target's queues, where an adapter says so. */
  readonly busy: Reading;
  /**
   * Where `reading` is unknown because one of several queues is not reported: the sum, or the worst, of
   * those that are. A lower bound: it may scale out, never in.
   */
  readonly atLeast?: { readonly value: number; readonly at: Instant };
  /** How long `reading` can be gone by, where that is longer than the policy's `staleAfterMs`: its source is slower. */
  readonly freshForMs?: number;
  /** Up to 30 newest 10 s slots, oldest first; for rates, trends and start-up aware sizing. */
  readonly series: readonly SlotPoint[];
}

/** A dated interval in which the calendar or a person changes the bounds. Expanded outside. */
export interface BoundsInterval {
  readonly from: Instant;
  readonly to: Instant;
  readonly min?: number;
  readonly max?: number;
  /** What the user called it; spoken in the trail. */
  readonly name: string;
  readonly source: 'schedule' | 'override';
  /**
   * How much earlier the floor applies so that tasks are ready at `from`: 'auto' is the service's
   * measured start-up time (p95). Only the floor is led, never the cap.
   */
  readonly lead: 'auto' | number;
}

/** The last count that Sluice itself sent. */
export interface LastWrite {
  readonly decision: string;
  readonly at: Instant;
  readonly from: number;
  readonly to: number;
  /** `unknown`: the answer was lost, the write may or may not have happened. */
  readonly result: 'applied' | 'unknown' | 'failed';
}

export interface Observation {
  readonly state: StateReading;
  /** Newest report of any reporter of this service's group; absent when none is known. */
  readonly lastReportAt?: Instant;
  readonly targets: readonly TargetSignals[];
  /** Intervals that are in force or begin within the next two hours. */
  readonly intervals: readonly BoundsInterval[];
  /** A person's pause of this service, its customer or everything. */
  readonly paused: { readonly in: boolean; readonly out: boolean; readonly why?: string };
  /** The fleet-wide breaker is open: hold what would scale in. */
  readonly breaker?: string;
  /** Another autoscaler has the service as its target: two scalers would fight. */
  readonly rival?: string;
  readonly lastWrite?: LastWrite;
  /** A decision that was stored and not yet acted upon. */
  readonly inFlight?: { readonly decision: string; readonly at: Instant; readonly to: number };
}
