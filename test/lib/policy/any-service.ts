import { defaultBehavior } from '../../../lib/policy/default-values.ts';
import type { Behavior, Policy, RateLimit, Schedule, ServiceConfig, Target } from '../../../lib/policy/policy.ts';
import fc from '../../builders/fast-check.ts';

/** Arbitrary services, each field as often its default as not. */
const count = fc.integer({ min: 0, max: 5_000 });
const ms = fc.integer({ min: 0, max: 86_400_000 });
const share = fc.integer({ min: 1, max: 10_000 }).map((n) => n / 10_000);
const text = fc.string({ minLength: 1, maxLength: 20 });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const or = <Value>(normal: Value, value: fc.Arbitrary<Value>) => fc.oneof(fc.constant(normal), value);

/** Leaves out what is undefined, since an absent key and an undefined one are two things here. */
function present<Value extends object>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return value.map((fields) => Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined)) as Value);
}

const common = {
  by: fc.constantFrom('auto' as const, 'range' as const, 'per-task' as const, 'drain' as const),
  concurrency: maybe(fc.integer({ min: 1, max: 100 })),
  step: fc.record({ out: fc.integer({ min: 1, max: 9 }), in: fc.integer({ min: 1, max: 9 }) }),
};
const range = { topMs: fc.integer({ min: 1, max: 600_000 }), lowMs: ms };
const queues = maybe(fc.array(text, { minLength: 1, maxLength: 4 }));
const source = fc.oneof(
  fc.record({
    from: fc.constant('sqs' as const),
    queueArn: text,
    attribute: fc.constantFrom('visible' as const, 'visible-and-in-flight' as const, 'age' as const),
  }),
  fc.record({
    from: fc.constant('cloudwatch' as const),
    namespace: text,
    metric: text,
    dimensions: fc.dictionary(text, text, { noNullPrototype: true }),
    statistic: fc.constantFrom('Average', 'p95'),
    periodSeconds: fc.constantFrom(60, 300),
  }),
);
const wanted = fc.oneof(fc.record({ perTask: share }), fc.record({ target: share, low: share }));

// The arbitraries allow `undefined` where the types want absence: `present` turns the one into the other.
const targets: fc.Arbitrary<Target> = fc.oneof(
  present(
    fc.record({
      kind: fc.constantFrom('request-queue-time' as const, 'response-time' as const),
      percentile: fc.constantFrom(50, 95, 99.9),
      ...range,
      ...common,
    }),
  ),
  present(fc.record({ kind: fc.constant('job-latency' as const), queues, ...range, ...common })),
  present(
    fc.record({ kind: fc.constant('job-depth' as const), queues, perTask: share, includeBusy: fc.boolean(), activation: count, ...common }),
  ),
  present(fc.record({ kind: fc.constant('utilization' as const), target: share, low: share, ...common })),
  fc
    .tuple(
      present(
        fc.record({
          kind: fc.constant('metric' as const),
          source,
          everySeconds: fc.constantFrom(10, 60),
          activation: maybe(share),
          ...common,
        }),
      ),
      wanted,
    )
    .map(([metric, value]) => ({ ...metric, ...value })),
) as fc.Arbitrary<Target>;

const limit: fc.Arbitrary<RateLimit> = fc.oneof(fc.record({ tasks: count, periodMs: ms }), fc.record({ share, periodMs: ms }));
const direction = (normal: Behavior['scaleOut']) =>
  fc.record({
    max: or(normal.max, fc.array(limit, { maxLength: 3 })),
    cooldownMs: or(normal.cooldownMs, ms),
    stabilizeMs: or(normal.stabilizeMs, ms),
    paused: fc.boolean(),
  });
const behavior = present(
  fc.record({
    scaleOut: direction(defaultBehavior.scaleOut),
    scaleIn: direction(defaultBehavior.scaleIn),
    deadBand: or(defaultBehavior.deadBand, share),
    panic: or(defaultBehavior.panic, maybe(fc.record({ threshold: share, windowMs: ms }))),
    staleAfterMs: or(defaultBehavior.staleAfterMs, ms),
    fallback: maybe(fc.record({ tasks: count, afterMs: ms })),
    busy: fc.constantFrom('ignore' as const, 'hold' as const, 'down-to-busy' as const, 'task-protection' as const),
    respectManualMs: or(defaultBehavior.respectManualMs, ms),
    startUpMs: maybe(ms),
  }),
) as fc.Arbitrary<Behavior>;

const bounded = {
  name: text,
  timezone: fc.constantFrom('UTC', 'Europe/Berlin'),
  min: maybe(count),
  max: maybe(count),
  lead: or<'auto' | number>('auto', ms),
};
const schedules: fc.Arbitrary<Schedule> = fc.oneof(
  present(
    fc.record({
      kind: fc.constant('weekly' as const),
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 })),
      from: fc.constant('08:00'),
      to: fc.constant('18:00'),
      ...bounded,
    }),
  ),
  present(fc.record({ kind: fc.constant('cron' as const), cron: fc.constant('0 8 * * *'), forMs: ms, ...bounded })),
  present(
    fc.record({
      kind: fc.constant('once' as const),
      from: fc.constant('2026-11-27T00:00'),
      to: fc.constant('2026-11-28T00:00'),
      ...bounded,
    }),
  ),
) as fc.Arbitrary<Schedule>;

const policy = present(
  fc.record({
    mode: fc.constantFrom('off' as const, 'observe' as const, 'out-only' as const, 'on' as const),
    min: count,
    max: count,
    activeMin: maybe(count),
    targets: fc.array(targets, { minLength: 1, maxLength: 4 }),
    behavior,
    schedules: fc.array(schedules, { maxLength: 3 }),
  }),
) as fc.Arbitrary<Policy>;

export const anyService: fc.Arbitrary<ServiceConfig> = fc.record({
  customer: fc.constantFrom('default', 'acme'),
  name: text,
  group: fc.constantFrom('default', 'shop'),
  arn: text,
  policy,
});
