import type { Instant } from '../clock.ts';
import type { CollectedReading } from './collected.ts';
import type { Sketch } from './sketch.ts';

/** The newest value of one metric of one queue. */
export interface QueueValue {
  readonly value: number;
  readonly at: Instant;
}

/** What a report said of one queue. A metric that no adapter reports is absent, never 0. */
export interface QueueReadings {
  /** Age of the oldest waiting job, ms. */
  readonly latency?: QueueValue;
  /** Jobs waiting. */
  readonly depth?: QueueValue;
  /** Jobs running. */
  readonly busy?: QueueValue;
}

/** Web samples of one stretch of a report's time. */
export interface WebStep {
  /** How old the stretch is: its newest end lies `step * 10 s` before the digest's base. */
  readonly step: number;
  /** Request queue time, ms. */
  readonly queueTime: Sketch;
  /** App (handler) time, ms. */
  readonly appTime: Sketch;
  /** Time that the client took to send the body, ms; of Ruby's adapter only, which takes it off the queue time. */
  readonly networkTime: { readonly count: number; readonly sum: number; readonly max: number };
}

/**
 * What one report comes down to. Digests are plain values: the sketches in them add up over processes,
 * while utilisation and queues take the newest.
 */
export interface Digest {
  /** Time of the newest sample, or of the arrival for a report without samples. */
  readonly base: Instant;
  /**
   * Not to be counted as a report of its own, which would be one of no load where it tells of no requests: the second or a later part
   * of a report, or one whose requests were all refused.
   */
  readonly continued: boolean;
  /** Share of the time in which the process had a request in flight, 0..1. */
  readonly utilization?: QueueValue;
  /** Newest first; steps without a sample are left out. */
  readonly web: readonly WebStep[];
  /** By name, in the order of names. */
  readonly queues: ReadonlyMap<string, QueueReadings>;
  /** By key: what Sluice collected itself. Absent in every report; a digest that has it is no report of any process. */
  readonly collected?: ReadonlyMap<string, CollectedReading>;
}

/** Nothing but that the process lives: a report without samples, or with none that was accepted. */
export const isSignOfLife = ({ utilization, web, queues }: Digest): boolean =>
  utilization === undefined && web.length === 0 && queues.size === 0;

const STEP_MS = 10_000;
/** Whole-second stamps and a late timer stretch a report of 10 s to 11 and some: it is still one step. */
const STEP_SLACK_MS = 2_000;

/** The step of a sample that is so much older than the newest one: 0 up to 12 s, 1 up to 22 s, … */
export const stepOfAge = (ageMs: number): number => Math.max(0, Math.floor((ageMs - STEP_SLACK_MS) / STEP_MS));

/** The newest end of a step of a digest. */
export const stepEnd = (base: Instant, step: number): Instant => base - step * STEP_MS;
