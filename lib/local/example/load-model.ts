import { seededNumbers } from './seeded-numbers.ts';

/** How much arrives, as a share of the peak, at a time since the start (ms). */
export type Shape = (sinceStartMs: number) => number;

/** A wave that comes again and again; times in ms since the beginning of each period. */
export interface Wave {
  readonly periodMs: number;
  /** It rises between these two … */
  readonly rise: readonly [number, number];
  /** … and falls between these. */
  readonly fall: readonly [number, number];
  /** Share of the peak outside of the wave, 0..1. */
  readonly base: number;
}

/**
 * Web requests: quiet for a moment so that a viewer sees the service at rest, then a wave of half a minute. The rise comes
 * early enough for a scale-out within 30 s, the fall early enough for a scale-in within two minutes.
 */
const webWave = { periodMs: 130_000, rise: [5_000, 13_000], fall: [24_000, 28_000] } as const;

/** Jobs: a shorter, later wave, so that the two services do not move in step. */
const jobWave = { periodMs: 90_000, rise: [12_000, 16_000], fall: [27_000, 31_000] } as const;

/** A wave as a function of time: straight lines between base and peak. */
export function waveShape(wave: Wave): Shape {
  const [riseFrom, riseTo] = wave.rise;
  const [fallFrom, fallTo] = wave.fall;
  return (sinceStartMs) => {
    const t = sinceStartMs % wave.periodMs;
    if (t < riseFrom || t >= fallTo) return wave.base;
    if (t < riseTo) return wave.base + ((1 - wave.base) * (t - riseFrom)) / (riseTo - riseFrom);
    if (t < fallFrom) return 1;
    return 1 - ((1 - wave.base) * (t - fallFrom)) / (fallTo - fallFrom);
  };
}

/**
 * Arrival times of a Poisson process whose rate follows the wave, in ms since the start, ascending and without end. Drawn by
 * thinning (Lewis and Shedler 1979): candidates at the peak rate, each kept with probability rate ÷ peak. The same seed
 * gives the same arrivals.
 */
export function* arrivalTimes(load: Pick<Load, 'wave' | 'peakPerSecond' | 'seed'>): Generator<number, never, undefined> {
  const { peakPerSecond } = load;
  const shape = waveShape(load.wave);
  const random = seededNumbers(load.seed);
  let at = 0;
  while (true) {
    at += (-Math.log(1 - random()) * 1_000) / peakPerSecond;
    if (random() < shape(at)) yield at;
  }
}

/** What the example's tasks can do, and what comes at them. Plain data: it is handed to threads. */
export interface Load {
  readonly wave: Wave;
  readonly peakPerSecond: number;
  /** How long one request or job takes. */
  readonly serviceMs: number;
  /** What one task serves at once. */
  readonly concurrency: number;
  readonly seed: number;
}

const PEAK_REQUESTS_PER_SECOND = 60;
const PEAK_JOBS_PER_SECOND = 12;
/** What the fewest tasks allowed are kept busy with between the waves: low enough to hold every target. */
const BASE_UTILIZATION = 0.4;

/**
 * Load for a service with these bounds. The peak rate is the same for every service, so that one machine bears it; how long
 * a request takes is stretched until the peak keeps 60 % of the tasks between min and max busy.
 */
export function loadFor(kind: 'web' | 'jobs', tasks: { readonly min: number; readonly max: number }, seed: number): Load {
  const concurrency = kind === 'web' ? 4 : 1;
  const peakPerSecond = kind === 'web' ? PEAK_REQUESTS_PER_SECOND : PEAK_JOBS_PER_SECOND;
  const least = Math.max(1, tasks.min);
  const atPeak = least + Math.max(0, tasks.max - least) * 0.6;
  const serviceMs = Math.min(8_000, Math.max(20, Math.round((atPeak * concurrency * 1_000) / peakPerSecond)));
  const base = (BASE_UTILIZATION * least) / atPeak;
  return { wave: { ...(kind === 'web' ? webWave : jobWave), base }, peakPerSecond, serviceMs, concurrency, seed };
}
