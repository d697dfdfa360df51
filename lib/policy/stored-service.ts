import * as z from 'zod/mini';

/**
 * A service's config as the table holds it: plain JSON, compact, since every evaluation of the
 * group reads it. What equals its default is left out, so a default may change only together with
 * this number (see defaults.ts). In every function's bundle: no YAML, no calendars here.
 */
export const storedSchema = 2;

const count = z.int().check(z.minimum(0));
const ms = z.number().check(z.minimum(0));
const text = z.string();
const o = z.exactOptional;

const common = { by: o(z.enum(['auto', 'range', 'per-task', 'drain'])), concurrency: o(z.number()), step: o(z.tuple([count, count])) };
const timeTarget = { p: o(z.number()), top: ms, low: o(ms), ...common };
const sqs = z.strictObject({ sqs: text, attribute: o(z.enum(['visible', 'visible-and-in-flight', 'age'])) });
const cloudwatch = z.strictObject({
  namespace: text,
  metric: text,
  dimensions: z.array(z.tuple([text, text])),
  statistic: o(text),
  period: o(z.number()),
});
const storedTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('request-queue-time'), ...timeTarget }),
  z.strictObject({ kind: z.literal('response-time'), ...timeTarget }),
  z.strictObject({ kind: z.literal('job-latency'), queues: o(z.array(text)), top: ms, low: o(ms), ...common }),
  z.strictObject({
    kind: z.literal('job-depth'),
    queues: o(z.array(text)),
    perTask: z.number(),
    busy: o(z.boolean()),
    activation: o(z.number()),
    ...common,
  }),
  z.strictObject({ kind: z.literal('utilization'), target: z.number(), low: o(z.number()), ...common }),
  z.strictObject({
    kind: z.literal('metric'),
    source: z.union([sqs, cloudwatch]),
    every: o(z.number()),
    perTask: o(z.number()),
    target: o(z.number()),
    low: o(z.number()),
    activation: o(z.number()),
    ...common,
  }),
]);

const storedLimit = z.union([z.strictObject({ tasks: count, per: ms }), z.strictObject({ share: z.number(), per: ms })]);
const storedDirection = z.strictObject({ max: o(z.array(storedLimit)), cooldown: o(ms), stabilize: o(ms), paused: o(z.boolean()) });
const storedBehavior = z.strictObject({
  out: o(storedDirection),
  in: o(storedDirection),
  deadBand: o(z.number()),
  /** null: off. */
  panic: o(z.nullable(z.tuple([z.number(), ms]))),
  stale: o(ms),
  fallback: o(z.tuple([count, ms])),
  busy: o(z.enum(['ignore', 'hold', 'down-to-busy', 'task-protection'])),
  manual: o(ms),
  startUp: o(ms),
});

const when = { name: text, zone: o(text), min: o(count), max: o(count), lead: o(ms) };
const storedSchedule = z.union([
  z.strictObject({ days: z.array(z.int().check(z.minimum(1), z.maximum(7))), from: text, to: text, ...when }),
  z.strictObject({ cron: text, for: ms, ...when }),
  z.strictObject({ from: text, to: text, ...when }),
]);

export const storedService = z.strictObject({
  schema: z.union([z.literal(1), z.literal(storedSchema)]),
  customer: text,
  name: text,
  group: o(text),
  arn: text,
  mode: z.enum(['off', 'observe', 'out-only', 'on']),
  min: count,
  max: count,
  active: o(count),
  targets: z.array(storedTarget),
  behavior: o(storedBehavior),
  schedules: o(z.array(storedSchedule)),
});

export type StoredService = z.infer<typeof storedService>;
export type StoredTarget = z.infer<typeof storedTarget>;
export type StoredBehavior = z.infer<typeof storedBehavior>;
export type StoredSchedule = z.infer<typeof storedSchedule>;
