import * as z from 'zod/mini';
import { listedService } from './admin-answers.ts';

/** Answers of the routes for operators, as far as commands use them. Times in ms since the epoch. */
const count = z.nullable(z.number());
const problem = z.object({ code: z.string(), why: z.string() });
const override = z.object({
  name: z.string(),
  from: z.number(),
  until: z.number(),
  min: z.optional(z.number()),
  max: z.optional(z.number()),
});
const tags = z.object({ min: z.optional(z.number()), max: z.optional(z.number()), mode: z.optional(z.string()) });
const outcome = z.object({ outcome: z.string(), at: z.number(), desiredCount: count, why: z.string() });
const step = z.object({ rule: z.string(), code: z.string(), why: z.string(), value: count });
const target = z.object({
  target: z.string(),
  unit: z.enum(['ms', 'share', 'count']),
  objective: z.number(),
  low: count,
  perTask: z.boolean(),
});

export const configsAnswer = z.object({ services: z.array(z.object({ config: z.unknown(), overrides: z.array(override), tags })) });
export const statusAnswer = z.object({
  services: z.array(
    z.extend(listedService, {
      floor: count,
      cap: count,
      at: count,
      paused: z.optional(z.nullable(z.object({ in: z.boolean(), out: z.boolean(), why: z.string() }))),
      readings: z.array(z.extend(target, { value: count })),
    }),
  ),
});
/** Of a Sluice of an earlier version neither of the last two is told. */
export const resumedAnswer = z.looseObject({
  wasPaused: z.optional(z.boolean()),
  stillPaused: z.optional(z.array(z.object({ paused: z.string(), in: z.boolean(), out: z.boolean(), why: z.string() }))),
});
export const chartAnswer = z.object({
  customer: z.string(),
  service: z.string(),
  min: z.number(),
  max: z.number(),
  targets: z.array(target),
  points: z.array(z.object({ at: z.number(), desired: count, running: count, floor: z.number(), cap: z.number(), values: z.array(count) })),
});
const stored = z.looseObject({
  id: z.string(),
  kind: z.enum(['scale', 'hold']),
  at: z.number(),
  from: count,
  to: count,
  code: z.string(),
  why: z.string(),
});
export const explainAnswer = z.object({
  customer: z.string(),
  service: z.string(),
  group: z.string(),
  arn: z.string(),
  mode: z.string(),
  at: z.number(),
  state: z.union([
    z.object({
      kind: z.literal('known'),
      at: z.number(),
      desired: z.number(),
      running: z.number(),
      pending: z.number(),
      deployment: z.string(),
    }),
    z.object({ kind: z.literal('unknown'), why: z.string() }),
  ]),
  now: z.object({
    kind: z.enum(['scale', 'hold']),
    from: count,
    to: count,
    code: z.string(),
    why: z.string(),
    meaning: z.string(),
    until: z.optional(z.number()),
    would: z.optional(z.number()),
    trail: z.array(step),
  }),
  inFlight: z.nullable(z.object({ decision: z.string(), to: z.number() })),
  lastScale: z.nullable(z.object({ decision: stored, outcome: z.optional(outcome) })),
  lastOutcome: z.nullable(outcome),
  bounds: z.object({ floor: z.number(), floorWhy: z.string(), cap: z.number(), capWhy: z.string(), until: count }),
  overrides: z.array(override),
  tags,
  pauses: z.array(z.object({ in: z.boolean(), out: z.boolean(), why: z.string(), at: z.number(), until: z.optional(z.number()) })),
  readings: z.array(z.extend(target, { label: z.string(), value: count, why: z.nullable(z.string()) })),
  lastReportAt: count,
  problems: z.array(problem),
  wouldChange: z.array(z.string()),
});
export const overrideAnswer = z.object({
  service: z.string(),
  overrides: z.array(override),
  warnings: z._default(z.array(z.string()), []),
});
export const modeAnswer = z.object({ service: z.string(), mode: z.string(), before: z.string(), inForce: z.string() });
const token = z.object({ keyId: z.string(), createdAt: z.number() });
export const tokensAnswer = z.object({ tokens: z.array(token) });
export const createdTokenAnswer = z.object({
  token: z.string(),
  reportUrl: z.optional(z.string()),
  keyId: z.string(),
  live: z.array(token),
});
export const revokedAnswer = z.object({ revoked: z.array(z.string()), live: z.array(token), endsWithinMs: z.number() });
export const changesAnswer = z.object({
  changes: z.array(
    z.object({
      id: z.string(),
      at: z.number(),
      who: z.string(),
      customer: z.nullable(z.string()),
      service: z.optional(z.string()),
      what: z.string(),
      summary: z.string(),
      before: z.unknown(),
      after: z.unknown(),
      takesBack: z.optional(z.string()),
    }),
  ),
});
export const rolledBackAnswer = z.object({ rolledBack: z.string(), summary: z.string() });
export const removedAnswer = z.object({ removed: z.string() });
export const forgottenAnswer = z.object({ customer: z.string(), done: z.boolean() });
export const principalsAnswer = z.object({ principals: z.array(z.object({ arn: z.string(), customer: z.string() })) });
export const limitedAnswer = z.object({ arn: z.string(), customer: z.string() });
export const freedAnswer = z.object({ arn: z.string(), was: z.string() });
export const whoamiAnswer = z.object({ who: z.string(), customer: z.nullable(z.string()) });

/** As much of the list of services as says whose they are. */
export const servicesCustomers = z.object({ services: z.array(z.object({ customer: z.string() })) });

export type Chart = z.infer<typeof chartAnswer>;
export type Explained = z.infer<typeof explainAnswer>;
export type Status = z.infer<typeof statusAnswer>['services'][number];
