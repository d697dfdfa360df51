import * as z from 'zod';
import { parseServiceArn } from '../../accounts/service-arn.ts';
import type { Accounts } from './accounts.ts';

const Account = z.strictObject({
  accountId: z.string().regex(/^\d{12}$/, 'must be twelve digits'),
  alias: z.string().min(1).max(63).optional(),
  regions: z.array(z.string().regex(/^[a-z]{2,}(-[a-z0-9]+)+-\d+$/, 'must be one like us-east-1')).optional(),
});

const Target = z.strictObject({
  arn: z.string(),
  min: z.int().min(0).default(0),
  max: z.int().min(0).default(10),
  suspended: z.boolean().default(false),
  policies: z.int().min(0).max(50).default(1),
  schedules: z.int().min(0).max(50).default(0),
});

export type Put = { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly problems: readonly string[] };

const wrong = ({ issues }: z.ZodError): Put => ({
  ok: false,
  problems: issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`),
});

/** Names an account, or says which Regions it has enabled. */
export function putAccount(value: unknown, accounts: Accounts): Put {
  const parsed = Account.safeParse(value);
  if (!parsed.success) return wrong(parsed.error);
  const { accountId, ...facts } = parsed.data;
  accounts.set(accountId, facts);
  return { ok: true, body: { accountId, alias: accounts.alias(accountId), regions: accounts.regions(accountId) } };
}

/** Has AWS's own scaler scale a service, as somebody else would set it up. */
export function putScalableTarget(value: unknown, accounts: Accounts): Put {
  const parsed = Target.safeParse(value);
  if (!parsed.success) return wrong(parsed.error);
  const { arn, ...target } = parsed.data;
  const id = parseServiceArn(arn);
  if (!id.ok) return { ok: false, problems: id.problems.map((problem) => `arn: ${problem}`) };
  accounts.register({ id: id.value, ...target });
  return { ok: true, body: parsed.data };
}
