import { type RandomStream, randomStream } from '../../lib/simulate/random-stream.ts';
import type { JobsTrace, RequestsTrace } from '../../lib/simulate/trace.ts';

const HOUR = 3_600;

/** Rates by a formula, in bins of a minute unless said otherwise. */
export function aRequestsTrace(rateAt: (t: number) => number, seconds = 2 * HOUR, stepSeconds = 60): RequestsTrace {
  const rates = Float64Array.from({ length: Math.floor(seconds / stepSeconds) }, (_, i) => rateAt(i * stepSeconds));
  return { kind: 'requests', name: 'synthetic', stepSeconds, rates, durationSeconds: rates.length * stepSeconds };
}

export const steady = (rate = 100, seconds?: number) => aRequestsTrace(() => rate, seconds);
export const stepUp = (rate = 20, factor = 10, at = HOUR, seconds?: number) =>
  aRequestsTrace((t) => (t < at ? rate : rate * factor), seconds);
export const spike = (rate = 50, factor = 8, at = HOUR, lasts = 120, seconds?: number) =>
  aRequestsTrace((t) => (t >= at && t < at + lasts ? rate * factor : rate), seconds);

/** Two rates that change at random, each lasting for an exponential time of ten minutes: a Markov-modulated Poisson process. */
export function mmpp(low = 40, high = 160, seed = 1, seconds = 4 * HOUR): RequestsTrace {
  const random = randomStream(seed, 'mmpp');
  let until = 0;
  let isHigh = true;
  return aRequestsTrace((t) => {
    while (t >= until) {
      until += random.exponential(600);
      isHigh = !isHigh;
    }
    return isHigh ? high : low;
  }, seconds);
}

/** Poisson arrivals; service times by the draw, exponential unless said otherwise. */
export function aJobsTrace(
  ratePerSecond: number,
  meanServiceS: number,
  seconds: number,
  seed = 1,
  draw: (random: RandomStream) => number = (random) => random.exponential(meanServiceS),
): JobsTrace {
  const [arrivalsOf, servicesOf] = [randomStream(seed, 'job-arrivals'), randomStream(seed, 'job-services')];
  const arrivals: number[] = [];
  for (let t = arrivalsOf.exponential(1 / ratePerSecond); t < seconds; t += arrivalsOf.exponential(1 / ratePerSecond)) arrivals.push(t);
  return {
    kind: 'jobs',
    name: 'synthetic-jobs',
    arrivals: Float64Array.from(arrivals),
    services: Float64Array.from(arrivals, () => draw(servicesOf)),
    durationSeconds: Math.ceil(seconds / 60) * 60,
  };
}

/** All jobs of an hour at its half. */
export function batchDump(jobs = 300, serviceS = 20, hours = 2): JobsTrace {
  const arrivals = Float64Array.from({ length: jobs * hours }, (_, i) => (Math.floor(i / jobs) + 0.5) * HOUR + (i % jobs) * 0.01);
  return { kind: 'jobs', name: 'batch', arrivals, services: arrivals.map(() => serviceS), durationSeconds: hours * HOUR };
}
