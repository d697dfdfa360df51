import type { Memory } from '../../../lib/decide/memory.ts';
import type { BoundsInterval, Observation, Reading, SlotPoint, StateReading, TargetSignals } from '../../../lib/decide/observation.ts';
import type { Behavior, Policy, Target } from '../../../lib/policy/policy.ts';
import fc from '../../builders/fast-check.ts';
import { hours, minutes, seconds, T0 } from '../../builders/times.ts';

/** Of every property: 1,000 in `npm test`, 3,000 in the extended run, 50,000 in the soak, through SLUICE_PROPERTY_RUNS. */
export const RUNS = Number(process.env['SLUICE_PROPERTY_RUNS'] ?? 1_000);

/** Properties take as long as their runs do, on a machine with much else to do ten times as long. */
export const TIMEOUT_MS = 60_000 + RUNS * 300;

const optional = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined });
type Shape<T> = { readonly [K in keyof T]-?: fc.Arbitrary<T[K] | undefined> };
/** Leaves out what is undefined: with exact optional properties an absent key is absent. */
const record = <T>(shape: Shape<T>): fc.Arbitrary<T> =>
  fc
    .record(shape as Record<string, fc.Arbitrary<unknown>>)
    .map((value) => Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T);

const rate = fc.oneof(
  fc.record({ tasks: fc.integer({ min: 1, max: 50 }), periodMs: fc.integer({ min: 5, max: 600 }).map(seconds) }),
  fc.record({ share: fc.double({ min: 0.05, max: 4, noNaN: true }), periodMs: fc.integer({ min: 5, max: 600 }).map(seconds) }),
);
const direction = fc.record({
  max: fc.array(rate, { maxLength: 2 }),
  cooldownMs: fc.constantFrom(0, seconds(30), minutes(5)),
  stabilizeMs: fc.constantFrom(0, seconds(20), minutes(5), hours(1)),
  paused: fc.constant(false),
});

export const behavior: fc.Arbitrary<Behavior> = record<Behavior>({
  scaleOut: direction,
  scaleIn: direction,
  deadBand: fc.constantFrom(0, 0.1, 0.2),
  panic: optional(fc.constantFrom({ threshold: 2, windowMs: seconds(10) }, { threshold: 2, windowMs: seconds(60) })),
  staleAfterMs: fc.constant(seconds(60)),
  fallback: optional(fc.record({ tasks: fc.integer({ min: 0, max: 60 }), afterMs: fc.constantFrom(0, minutes(3)) })),
  busy: fc.constantFrom('ignore', 'hold', 'down-to-busy', 'task-protection'),
  respectManualMs: fc.constantFrom(0, minutes(30)),
  startUpMs: optional(fc.constantFrom(0, seconds(20), minutes(3))),
});

const common = {
  step: fc.record({ out: fc.integer({ min: 1, max: 5 }), in: fc.integer({ min: 1, max: 5 }) }),
  by: fc.constantFrom('auto', 'range', 'per-task', 'drain'),
} as const;
const times = fc
  .integer({ min: 1, max: 5_000 })
  .chain((topMs) => fc.record({ topMs: fc.constant(topMs), lowMs: fc.integer({ min: 0, max: topMs }) }));

export const target: fc.Arbitrary<Target> = fc.oneof(
  times.chain((t) =>
    record<Target>({
      kind: fc.constant('request-queue-time'),
      percentile: fc.constantFrom(50, 95, 99.9),
      concurrency: optional(fc.integer({ min: 1, max: 50 })),
      ...common,
      topMs: fc.constant(t.topMs),
      lowMs: fc.constant(t.lowMs),
    } as never),
  ),
  times.chain((t) =>
    record<Target>({
      kind: fc.constant('response-time'),
      percentile: fc.constant(95),
      ...common,
      topMs: fc.constant(t.topMs),
      lowMs: fc.constant(t.lowMs),
    } as never),
  ),
  times.chain((t) =>
    record<Target>({
      kind: fc.constant('job-latency'),
      ...common,
      topMs: fc.constant(t.topMs * 100),
      lowMs: fc.constant(t.lowMs * 100),
    } as never),
  ),
  record<Target>({
    kind: fc.constant('job-depth'),
    perTask: fc.integer({ min: 1, max: 100 }),
    includeBusy: fc.boolean(),
    activation: fc.constantFrom(0, 5),
    ...common,
  } as never),
  record<Target>({
    kind: fc.constant('metric'),
    source: fc.constant({ from: 'sqs', queueArn: 'arn:aws:sqs:us-east-1:111122223333:jobs', attribute: 'visible' }),
    everySeconds: fc.constant(60),
    perTask: fc.integer({ min: 1, max: 100 }),
    activation: optional(fc.constantFrom(0, 5)),
    ...common,
  } as never),
  record<Target>({
    kind: fc.constant('utilization'),
    target: fc.constantFrom(0.5, 0.7),
    low: fc.constantFrom(0.1, 0.35),
    ...common,
  } as never),
);

export const policyOf = (most: { readonly targets: number }): fc.Arbitrary<Policy> =>
  fc.integer({ min: 0, max: 60 }).chain((min) =>
    record<Policy>({
      mode: fc.constantFrom('on', 'on', 'on', 'out-only', 'observe'),
      min: fc.constant(min),
      max: fc.integer({ min, max: 120 }),
      activeMin: optional(fc.constant(3)),
      targets: fc.array(target, { minLength: 1, maxLength: most.targets }),
      behavior,
      schedules: fc.constant([]),
    }),
  );

export const policy = policyOf({ targets: 3 });

const value = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 5, noNaN: true }), fc.double({ min: 0, max: 100_000, noNaN: true }));
export const known = (now: number): fc.Arbitrary<Reading> => value.map((v) => ({ kind: 'known', value: v, at: now }));
export const unknown: fc.Arbitrary<Reading> = fc.constantFrom({ kind: 'unknown', why: 'silence' });
export const stale = (now: number): fc.Arbitrary<Reading> => value.map((v) => ({ kind: 'known', value: v, at: now - seconds(61) }));

const point = record<Omit<SlotPoint, 'at'>>({
  reports: fc.integer({ min: 0, max: 20 }),
  requests: optional(fc.integer({ min: 0, max: 20_000 })),
  serviceMs: optional(fc.double({ min: 0, max: 5_000, noNaN: true })),
  valueMs: optional(fc.double({ min: 0, max: 60_000, noNaN: true })),
  samples: optional(fc.integer({ min: 0, max: 20_000 })),
  utilization: optional(fc.double({ min: 0, max: 1, noNaN: true })),
  depth: optional(fc.integer({ min: 0, max: 100_000 })),
  busy: optional(fc.integer({ min: 0, max: 100 })),
  latencyMs: optional(fc.double({ min: 0, max: 3_600_000, noNaN: true })),
});

export const signals = (now: number, reading: fc.Arbitrary<Reading>): fc.Arbitrary<TargetSignals> =>
  fc.record({
    reading,
    recent: fc.oneof(unknown, reading),
    label: fc.constant('the reading'),
    samples: fc.integer({ min: 0, max: 1_000 }),
    busy: fc.oneof(
      unknown,
      fc.integer({ min: 0, max: 50 }).map((n): Reading => ({ kind: 'known', value: n, at: now })),
    ),
    series: fc
      .array(point, { maxLength: 30 })
      .map((points) => points.map((p, i) => ({ at: Math.floor(now / 10_000) * 10_000 - (points.length - i) * 10_000, ...p }))),
  });

export const state = (now: number): fc.Arbitrary<Extract<StateReading, { kind: 'known' }>> =>
  fc.integer({ min: 0, max: 150 }).chain((desired) =>
    record<Extract<StateReading, { kind: 'known' }>>({
      kind: fc.constant('known'),
      at: fc.integer({ min: 0, max: 300 }).map((s) => now - seconds(s)),
      desired: fc.constant(desired),
      running: fc.oneof(fc.constant(desired), fc.integer({ min: 0, max: 150 })),
      pending: fc.constant(0),
      deployment: fc.constantFrom('none', 'none', 'none', 'in-progress', 'failed'),
      deploymentCreatedAt: optional(fc.constantFrom(T0 - hours(5), T0 + minutes(1), T0 + minutes(10))),
    }),
  );

const interval: fc.Arbitrary<BoundsInterval> = record<BoundsInterval>({
  from: fc.integer({ min: -60, max: 60 }).map((m) => T0 + minutes(m)),
  to: fc.integer({ min: 61, max: 120 }).map((m) => T0 + minutes(m)),
  min: optional(fc.integer({ min: 0, max: 130 })),
  max: optional(fc.integer({ min: 0, max: 130 })),
  name: fc.constant('window'),
  source: fc.constantFrom('schedule', 'override'),
  lead: fc.constantFrom<'auto' | number>('auto', 0, minutes(5)),
});

export const observation = (policy: Policy, now: number, reading: (now: number) => fc.Arbitrary<Reading>): fc.Arbitrary<Observation> =>
  record<Observation>({
    state: state(now),
    lastReportAt: optional(fc.constant(now)),
    targets: fc.tuple(...policy.targets.map(() => signals(now, reading(now)))),
    intervals: fc.array(interval, { maxLength: 2 }),
    paused: fc.record({ in: fc.constantFrom(false, false, true), out: fc.constantFrom(false, false, false, true) }),
    breaker: optional(fc.constantFrom('half of all services want in')),
    rival: fc.constant(undefined),
    inFlight: fc.constant(undefined),
    lastWrite: optional(
      fc.record({
        decision: fc.constant('d'),
        at: fc.constant(now - seconds(30)),
        from: fc.integer({ min: 0, max: 100 }),
        to: fc.integer({ min: 0, max: 100 }),
        result: fc.constantFrom('applied', 'unknown', 'failed'),
      }),
    ),
  });

/** A history of evaluations: how much time lies before each, and what was observed. */
export const history = (
  policy: Policy,
  length: number,
  reading: (now: number) => fc.Arbitrary<Reading>,
): fc.Arbitrary<{ now: number; observation: Observation }[]> =>
  fc.array(fc.constantFrom(0, 1_000, 10_000, 10_000, 60_000, 400_000), { minLength: 1, maxLength: length }).chain((gaps) => {
    let now = T0;
    return fc.tuple(
      ...gaps.map((gap) => {
        now += gap;
        const at = now;
        return observation(policy, at, reading).map((o) => ({ now: at, observation: o }));
      }),
    );
  });

export const anyReading = (now: number): fc.Arbitrary<Reading> => fc.oneof(known(now), known(now), known(now), unknown, stale(now));

/** A memory in which everything is ready for a decision: the window seen, start-ups measured, limits learned. */
export const warmMemory = (policy: Policy, o: Observation, now: number): fc.Arbitrary<Memory> =>
  fc
    .record({
      learned: fc.tuple(
        ...policy.targets.map(() =>
          fc.option(
            fc.record({
              value: fc.double({ min: 0.001, max: 20, noNaN: true }),
              before: fc.constantFrom(0, 2),
              at: fc.constantFrom(now - hours(1), now - seconds(10), Math.floor(now / 10_000) * 10_000 - 10_000),
              proven: fc.boolean(),
            }),
          ),
        ),
      ),
      lowest: fc.integer({ min: 0, max: 150 }),
      changed: fc.option(fc.record({ ago: fc.integer({ min: 1, max: 600 }).map(seconds), from: fc.integer({ min: 0, max: 150 }) }), {
        nil: undefined,
      }),
    })
    .map(({ learned, lowest, changed }) => ({
      schema: 1 as const,
      foreign: [],
      learned,
      startUps: [18, 20, 24],
      low: { since: now - hours(3), seen: now - seconds(5), extremes: [{ at: now - seconds(5), count: lowest }] },
      changes: changed && o.state.kind === 'known' ? [{ at: now - changed.ago, from: changed.from, to: o.state.desired }] : [],
      ...(o.state.kind === 'known' && { count: o.state.desired }),
    }));

/** One evaluation of a service that is ready for a decision. */
export const warm = (reading: (now: number) => fc.Arbitrary<Reading>) =>
  policy.chain((p) => {
    const now = T0 + minutes(30);
    return observation(p, now, reading).chain((o) => warmMemory(p, o, now).map((memory) => ({ policy: p, observation: o, memory, now })));
  });
