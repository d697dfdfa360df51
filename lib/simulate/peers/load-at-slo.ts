import { erlangC, shareWaitingLonger } from '../erlang.ts';
import type { Scenario } from '../scaler.ts';

/** What one task can carry by itself while 95 % of its requests wait no longer than the SLO. */
export interface LoadAtSlo {
  /** Offered load λS in serving places, at most `concurrency`. */
  readonly load: number;
  /** Requests a second. */
  readonly perSecond: number;
  /** Waiting or in service, on average: load + C·load/(k − load). */
  readonly inFlight: number;
}

/**
 * What a load test of one task would find, which is how AWS, Prometheus users and others are told to find a target for request
 * traffic: M/M/k of a single task with k places, P(W > SLO) = C(k, a)·e^{−(k − a)·SLO/S} ≤ 5 %.
 */
export function loadAtSlo({ concurrency, serviceMs, sloMs }: Pick<Scenario, 'concurrency' | 'serviceMs' | 'sloMs'>): LoadAtSlo {
  let low = 0;
  let high = concurrency;
  for (let i = 0; i < 50; i++) {
    const load = (low + high) / 2;
    if (shareWaitingLonger(sloMs, concurrency, load, { serviceMs, cv: 1 }) <= 0.05) low = load;
    else high = load;
  }
  const waiting = (erlangC(concurrency, low) * low) / (concurrency - low);
  return { load: low, perSecond: (low * 1_000) / serviceMs, inFlight: low + waiting };
}

/** Waiting and running jobs per task by which the last of them starts within the SLO: k·max(1, SLO/S). */
export const jobsPerTask = ({ concurrency, serviceMs, sloMs }: Pick<Scenario, 'concurrency' | 'serviceMs' | 'sloMs'>): number =>
  concurrency * Math.max(1, sloMs / serviceMs);

/** The target per task for a scaler that divides what is waiting or in service: by load test for requests, by the SLO for jobs. */
export const inFlightPerTask = (scenario: Scenario): number =>
  scenario.kind === 'jobs' ? jobsPerTask(scenario) : loadAtSlo(scenario).inFlight;
