import type { History, SecondSample } from '../scaler.ts';

/** What is taken of one second; undefined where it says nothing (a share of no tasks). */
export type Measure = (sample: SecondSample) => number | undefined;

/** Requests or jobs that wait or are being served: what a proxy, a broker or a gauge in the app counts. */
export const inFlight: Measure = ({ waiting, inService }) => waiting + inService;

/** Mean over the seconds [from, to) that were published; undefined where none was: unknown is not zero. */
export function meanOver(history: History, from: number, to: number, measure: Measure): number | undefined {
  let sum = 0;
  let count = 0;
  for (let t = Math.max(0, from); t < to; t++) {
    const sample = history.second(t);
    const value = sample && measure(sample);
    if (value === undefined) continue;
    sum += value;
    count++;
  }
  return count === 0 ? undefined : sum / count;
}

/** The largest over the seconds [from, to) that were published. */
export function maxOver(history: History, from: number, to: number, measure: Measure): number | undefined {
  let largest: number | undefined;
  for (let t = Math.max(0, from); t < to; t++) {
    const sample = history.second(t);
    const value = sample && measure(sample);
    if (value !== undefined && (largest === undefined || value > largest)) largest = value;
  }
  return largest;
}

/** A gauge as of the end of the second before `at`, or of one of the `patience` before that; undefined where none was published. */
export function gaugeAt(history: History, at: number, measure: Measure, patience = 1): number | undefined {
  for (let t = Math.floor(at) - 1; t >= 0 && t >= at - 1 - patience; t--) {
    const sample = history.second(t);
    if (sample) return measure(sample);
  }
  return undefined;
}
