import * as z from 'zod/mini';
import { AdminFailure } from './admin-client.ts';

/** Answers of the admin API, as far as commands use them. Times in ms since the epoch. */
const problem = z.object({ code: z.string(), why: z.string() });
const count = z.nullable(z.number());

export const appliedAnswer = z.object({
  services: z.array(
    z.object({
      customer: z.string(),
      name: z.string(),
      arn: z.string(),
      mode: z.string(),
      token: z.optional(z.string()),
      reportUrl: z.optional(z.string()),
      change: z.optional(z.string()),
      problem: z.optional(problem),
    }),
  ),
});
/** One service as it is listed; `status` says more of it. */
export const listedService = z.object({
  customer: z.string(),
  name: z.string(),
  group: z.string(),
  arn: z.string(),
  mode: z.string(),
  min: z.number(),
  max: z.number(),
  desired: count,
  running: count,
  pending: count,
  seenAt: count,
  lastDecision: z.nullable(z.object({ kind: z.string(), code: z.string(), why: z.string(), at: z.number() })),
  lastOutcome: z.nullable(z.object({ outcome: z.string(), why: z.string(), at: z.number() })),
  problem: z.nullable(problem),
});
export const servicesAnswer = z.object({ services: z.array(listedService) });
const trail = z.array(z.object({ rule: z.string(), code: z.string(), why: z.string(), value: count }));
export const decisionsAnswer = z.object({
  decisions: z.array(
    z.object({
      decision: z.looseObject({
        id: z.string(),
        kind: z.enum(['scale', 'hold']),
        at: z.number(),
        lastAt: z.number(),
        times: z.number(),
        from: count,
        to: count,
        code: z.string(),
        why: z.string(),
        trail,
      }),
      outcome: z.optional(z.object({ outcome: z.string(), at: z.number(), desiredCount: count, why: z.string() })),
    }),
  ),
});
export const preparedAnswer = z.union([
  z.object({
    accountId: z.string(),
    externalId: z.string(),
    operatorAccountId: z.string(),
    operatorStage: z.string(),
    roleArn: z.optional(z.string()),
  }),
  z.object({ prepared: z.literal(false), code: z.string(), why: z.string() }),
]);
export const writeAccessAnswer = z.object({
  customer: z.string(),
  service: z.string(),
  mode: z.string(),
  accountId: z.string(),
  roleName: z.string(),
  stacks: z.array(z.object({ stackName: z.string(), services: z.array(z.string()) })),
});
export const disconnectedAnswer = z.object({
  customer: z.string(),
  accountId: z.string(),
  services: z.array(z.object({ name: z.string(), arn: z.string() })),
  done: z.boolean(),
});
export const connectedAnswer = z.union([
  z.object({ connected: z.literal(true), accountId: z.string(), warnings: z.array(z.object({ code: z.string(), why: z.string() })) }),
  z.object({ connected: z.literal(false), code: z.string(), why: z.string() }),
]);

/** The answer in its expected form; an API of another version is told as such. */
export function readAnswer<T>(schema: z.ZodMiniType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  throw new AdminFailure(
    `The admin API answered in a form that is not known here (${first?.path.join('.') ?? ''}: ${first?.message ?? ''}). Is it of another version?`,
  );
}
