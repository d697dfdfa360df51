import type { Observation, Reading, SlotPoint, StateReading, TargetSignals } from '../../../lib/decide/observation.ts';
import type { Policy } from '../../../lib/policy/policy.ts';
import { hours, minutes, seconds, T0 } from '../../builders/times.ts';

/** mulberry32: a number of 32 bits makes a stream, so that a history of any length is one small arbitrary. */
function streamOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Evaluations drawn from a seed: any gap, count, deployment, write and reading after any other, with the signals of every target of the
 * policy. Made without fast-check, whose trees for thousands of values take longer than what is tested with them; a failure is found
 * again by its seed and length.
 */
export function seededHistory(policy: Policy, seed: number, length: number): { now: number; observation: Observation }[] {
  const random = streamOf(seed);
  const int = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const one = <T>(...of: readonly T[]): T => of[int(0, of.length - 1)] as T;
  const maybe = (share = 0.5) => random() < share;
  const size = () => one(0, random() * 5, random() * 1_000, random() * 1e6, 1e9 / 3);

  const reading = (now: number): Reading =>
    maybe(0.8) ? { kind: 'known', value: size(), at: now - one(0, 0, 0, seconds(61)) } : { kind: 'unknown', why: 'silence' };
  const point = (at: number, jobs: boolean): SlotPoint => ({
    at,
    reports: int(0, 20),
    ...(maybe(0.8) &&
      !jobs && { requests: int(0, 20_000), serviceMs: random() * 5_000, valueMs: random() * 60_000, samples: int(0, 20_000) }),
    ...(maybe(0.8) &&
      jobs && { depth: int(0, 100_000), latencyMs: random() * 3_600_000, ...(maybe() && { serviceMs: random() * 60_000 }) }),
    ...(maybe() && { busy: int(0, 100) }),
    ...(maybe() && { utilization: random() }),
  });
  const signals = (now: number, jobs: boolean): TargetSignals => {
    const slots = int(0, 30);
    const end = Math.floor(now / 10_000) * 10_000;
    return {
      reading: reading(now),
      recent: reading(now),
      label: 'the reading',
      samples: int(0, 1_000),
      busy: maybe() ? { kind: 'known', value: int(0, 50), at: now } : { kind: 'unknown', why: 'not told' },
      series: Array.from({ length: slots }, (_, i) => point(end - (slots - i) * 10_000, jobs)),
    };
  };

  let now = T0;
  let desired = int(0, 5_000);
  return Array.from({ length }, () => {
    now += one(0, 1_000, 7_919, 10_000, 10_000, 60_000, 60_000, 400_000);
    if (maybe(0.6)) desired = one(int(0, 5_000), Math.max(0, desired + int(-40, 40)), desired);
    const state: StateReading = maybe(0.95)
      ? {
          kind: 'known',
          at: now - one(0, 0, seconds(30), minutes(4)),
          desired,
          running: one(desired, int(0, 5_000)),
          pending: 0,
          deployment: one('none', 'none', 'none', 'in-progress', 'failed'),
          ...(maybe() && { deploymentCreatedAt: one(T0 - hours(900), T0 + int(0, minutes(300)), now) }),
        }
      : { kind: 'unknown', why: 'throttled' };
    const observation: Observation = {
      state,
      ...(maybe(0.9) && { lastReportAt: now }),
      targets: policy.targets.map(({ kind }) => signals(now, kind === 'job-latency' || kind === 'job-depth')),
      intervals: [],
      paused: { in: maybe(0.1), out: maybe(0.1) },
      ...(maybe() && {
        lastWrite: {
          decision: 'd',
          at: now - int(0, seconds(60)),
          from: int(0, 5_000),
          to: one(desired, int(0, 5_000)),
          result: one('applied', 'unknown', 'failed'),
        },
      }),
    };
    return { now, observation };
  });
}
