import * as z from 'zod/mini';

/** What the admin API answers about accounts and what was found in them. Times in ms since the epoch. */
const problem = z.object({ code: z.string(), why: z.string() });
const time = z.nullable(z.number());

export const discoveredAnswer = z.object({
  accounts: z.array(
    z.object({
      customer: z.string(),
      accountId: z.string(),
      name: z.nullable(z.string()),
      connected: z.boolean(),
      at: time,
      provedAt: time,
      problem: z.nullable(problem),
      findings: z.array(z.object({ code: z.string(), why: z.string(), since: z.number() })),
      regions: z.array(
        z.object({ region: z.string(), seenAt: z.optional(z.number()), services: z.number(), problem: z.optional(problem) }),
      ),
      services: z.array(
        z.object({
          arn: z.string(),
          region: z.string(),
          cluster: z.string(),
          name: z.string(),
          desired: z.number(),
          running: z.number(),
          launchType: z.nullable(z.string()),
          capacityProviders: z.array(z.string()),
          deploymentController: z.string(),
          tags: z.record(z.string(), z.string()),
          underCare: z.nullable(z.string()),
          scalable: z.boolean(),
          code: z.nullable(z.string()),
          why: z.nullable(z.string()),
        }),
      ),
    }),
  ),
  more: z.number(),
});
export type Discovered = z.infer<typeof discoveredAnswer>;

const checks = z.array(
  z.object({ check: z.string(), result: z.enum(['ok', 'note', 'wrong', 'unknown']), what: z.string(), mend: z.optional(z.string()) }),
);
const account = z.object({ customer: z.string(), accountId: z.string(), name: z.nullable(z.string()) });

export const sluiceExaminedAnswer = z.object({ checks, accounts: z.array(account) });
export const accountExaminedAnswer = z.object({ customer: z.string(), accountId: z.string(), name: z.nullable(z.string()), checks });
export type Checks = z.infer<typeof checks>;
