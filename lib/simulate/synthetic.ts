import { type RandomStream, randomStream } from './random-stream.ts';
import type { Trace } from './trace.ts';

const DAY_S = 86_400;
const MINUTE_S = 60;

/** Shape of a day: lowest at 4 h, highest at 16 h, between 1 − depth and 1 + depth. */
const daily = (t: number, depth: number) => 1 - depth * Math.cos((2 * Math.PI * (t - 4 * 3_600)) / DAY_S);

/** Noise that a minute shares with the one before: an autoregression of first order with the given deviation. */
function drift(random: RandomStream, deviation: number, memory: number): () => number {
  let value = 0;
  return () => {
    value = memory * value + Math.sqrt(1 - memory * memory) * random.normal() * deviation;
    return Math.exp(value);
  };
}

function rates(name: string, stepSeconds: number, durationSeconds: number, rateAt: (t: number) => number): Trace {
  const bins = Math.floor(durationSeconds / stepSeconds);
  return {
    kind: 'requests',
    name,
    stepSeconds,
    rates: Float64Array.from({ length: bins }, (_, i) => Math.max(0, rateAt(i * stepSeconds))),
    durationSeconds: bins * stepSeconds,
  };
}

/** A bump that rises over `rise` seconds before `at`, stays for `stays` and falls over `fall`: 0 to 1. */
function bump(t: number, at: number, rise: number, stays: number, fall: number): number {
  if (t < at - rise || t > at + stays + fall) return 0;
  if (t < at) return 1 - (at - t) / rise;
  return t <= at + stays ? 1 : 1 - (t - at - stays) / fall;
}

/** A week of a sports site at one minute: days and nights, and a match or two a day of up to twenty times the usual traffic. */
function matchDays(seed: number): Trace {
  const random = randomStream(seed, 'match-days');
  const noise = drift(random, 0.08, 0.9);
  const matches = Array.from({ length: 7 }, (_, day) => day).flatMap((day) =>
    [13, 19].map((hour) => ({
      at: day * DAY_S + hour * 3_600 + random.uniform() * 1_800,
      size: 2 + 16 * random.uniform() ** 2,
      rise: 120 + 900 * random.uniform(),
    })),
  );
  return rates('match-days', MINUTE_S, 7 * DAY_S, (t) => {
    const extra = matches.reduce((sum, { at, size, rise }) => sum + size * bump(t, at, rise, 5_400, 2_400), 0);
    return 60 * (daily(t, 0.5) + extra) * noise();
  });
}

/** Ten days of a clean daily and weekly rhythm at one minute, with one flash crowd. */
function dailyRhythm(seed: number): Trace {
  const random = randomStream(seed, 'daily-rhythm');
  const noise = drift(random, 0.12, 0.6);
  const crowd = (4 + 4 * random.uniform()) * DAY_S;
  return rates('daily-rhythm', MINUTE_S, 10 * DAY_S, (t) => {
    const weekend = Math.floor(t / DAY_S) % 7 >= 5 ? 0.6 : 1;
    return 0.8 * weekend * daily(t, 0.6) * noise() * (1 + 5 * bump(t, crowd, 180, 1_200, 3_600));
  });
}

/** A week at one minute: a daily rhythm, and several times a day a square burst of up to five times within two minutes. */
function squareBursts(seed: number): Trace {
  const random = randomStream(seed, 'square-bursts');
  const noise = drift(random, 0.05, 0.8);
  const bursts: { from: number; to: number; factor: number }[] = [];
  for (let t = random.exponential(5 * 3_600); t < 7 * DAY_S; t += random.exponential(5 * 3_600)) {
    bursts.push({ from: t, to: t + 300 + random.exponential(900), factor: 1.5 + 3.5 * random.uniform() });
  }
  return rates('square-bursts', MINUTE_S, 7 * DAY_S, (t) => {
    const burst = bursts.find(({ from, to }) => t >= from && t < to)?.factor ?? 1;
    return 55 * daily(t, 0.3) * burst * noise();
  });
}

/** An hour of counts at one second, near Poisson: a good policy hardly moves. */
function nearPoisson(seed: number): Trace {
  const random = randomStream(seed, 'near-poisson');
  const noise = drift(random, 0.2, 0.995);
  return rates('near-poisson', 1, 3_600, () => random.poisson(5.5 * noise()));
}

/** A week of a small load balancer at five minutes: hardly any traffic, and spikes that nothing announces. */
function tinySpiky(seed: number): Trace {
  const random = randomStream(seed, 'tiny-spiky');
  return rates('tiny-spiky', 300, 7 * DAY_S, (t) => {
    const spike = random.uniform() < 0.04 ? 1 + 6 * random.uniform() ** 2 : 1;
    return (random.poisson(45 * daily(t, 0.5) * spike * Math.exp(0.5 * random.normal())) + 1) / 300;
  });
}

/** Three days of batch jobs: arrivals in clumps, run times with a heavy tail (lognormal, coefficient of variation about 3). */
function gridJobs(seed: number): Trace {
  const random = randomStream(seed, 'grid-jobs');
  const arrivals: number[] = [];
  const services: number[] = [];
  for (let t = 0; t < 3 * DAY_S; ) {
    // A user submits a clump of jobs that resemble each other.
    const clump = 1 + Math.floor(random.exponential(random.uniform() < 0.03 ? 20 : 2));
    const typical = 20 * Math.exp(0.8 * random.normal());
    for (let i = 0, at = t; i < clump && at < 3 * DAY_S; i++, at += random.exponential(2)) {
      arrivals.push(at);
      services.push(Math.min(3_600, typical * Math.exp(1.1 * random.normal())));
    }
    t += random.exponential(45 / daily(t, 0.5));
  }
  const order = arrivals.map((_, i) => i).sort((a, b) => (arrivals[a] ?? 0) - (arrivals[b] ?? 0));
  return {
    kind: 'jobs',
    name: 'grid-jobs',
    arrivals: Float64Array.from(order, (i) => arrivals[i] ?? 0),
    services: Float64Array.from(order, (i) => services[i] ?? 0),
    durationSeconds: 3 * DAY_S,
  };
}

/**
 * Made-up workloads in the shapes of those that autoscalers are judged by, deterministic by seed. They resemble no particular
 * recording: whoever has recordings gives their paths.
 */
export const lookAlikes: readonly ((seed: number) => Trace)[] = [matchDays, dailyRhythm, squareBursts, nearPoisson, tinySpiky, gridJobs];

/** The beginning of a trace; a shorter one as it is. */
export function firstDays(trace: Trace, days: number): Trace {
  const durationSeconds = Math.min(trace.durationSeconds, days * DAY_S);
  if (trace.kind === 'requests')
    return { ...trace, durationSeconds, rates: trace.rates.slice(0, Math.ceil(durationSeconds / trace.stepSeconds)) };
  const jobs = trace.arrivals.findIndex((at) => at >= durationSeconds);
  const upTo = jobs < 0 ? trace.arrivals.length : jobs;
  return { ...trace, durationSeconds, arrivals: trace.arrivals.slice(0, upTo), services: trace.services.slice(0, upTo) };
}
