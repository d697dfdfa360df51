import * as z from 'zod';
import type { Fault } from './faults.ts';

/** How `POST /_faults` is used; answered to `GET /_faults`. */
export const FAULTS_HELP = {
  action: 'which calls: "ecs:UpdateService", "UpdateService", "ecs:*" or "*"',
  fault: {
    deny: 'AccessDenied, nothing is done',
    throttle: 'ThrottlingException, nothing is done',
    delay: 'the call is done at once and its answer comes after delayMs',
    late: 'the call is done after delayMs, also if the caller has gone by then',
    drop: 'the call is done and the connection broken off without an answer',
    error: 'the error named by "code" (default ServerException) with HTTP "status" (default 500), nothing is done',
  },
  count: 'how many calls it befalls: 1 (the default) or more, or "always" until DELETE /_faults',
  delayMs: 'milliseconds; with any fault; default 3000 for delay and late, otherwise 0',
  account: 'only calls of this account (optional)',
  region: 'only calls in this Region (optional)',
  resource: 'only calls about this ARN of a service or role (optional)',
  example: { action: 'ecs:UpdateService', fault: 'deny', count: 2 },
};

const SYNONYMS: Readonly<Record<string, Fault['fault']>> = {
  deny: 'deny',
  denied: 'deny',
  accessdenied: 'deny',
  accessdeniedexception: 'deny',
  throttle: 'throttle',
  throttled: 'throttle',
  throttling: 'throttle',
  throttlingexception: 'throttle',
  delay: 'delay',
  delayed: 'delay',
  slow: 'delay',
  latency: 'delay',
  late: 'late',
  drop: 'drop',
  dropped: 'drop',
  dropanswer: 'drop',
  droptheanswer: 'drop',
  dropresponse: 'drop',
  lost: 'drop',
  reset: 'drop',
  error: 'error',
  fail: 'error',
};
const DEFAULT_DELAY_MS = 3000;

const Posted = z.strictObject({
  action: z.string(),
  fault: z.string().optional(),
  kind: z.string().optional(),
  type: z.string().optional(),
  count: z.union([z.int().min(1), z.literal('always')]).optional(),
  times: z.int().min(1).optional(),
  delayMs: z.number().min(0).max(600_000).optional(),
  ms: z.number().min(0).max(600_000).optional(),
  delay: z.number().min(0).max(600_000).optional(),
  account: z
    .string()
    .regex(/^\d{12}$/, 'must be twelve digits')
    .optional(),
  region: z.string().optional(),
  resource: z.string().startsWith('arn:').optional(),
  code: z.string().min(1).optional(),
  status: z.int().min(400).max(599).optional(),
});

export type ParsedFaults =
  | { readonly ok: true; readonly faults: readonly Fault[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads what was posted: one fault or a list of them. `actions` are the calls that can be named, as IAM writes them. */
export function parseFaults(value: unknown, actions: readonly string[]): ParsedFaults {
  const problems: string[] = [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const faults = list.flatMap((one, i) => {
    const where = list.length > 1 ? `fault ${i + 1}: ` : '';
    const parsed = Posted.safeParse(one);
    if (!parsed.success) {
      problems.push(...parsed.error.issues.map(({ path, message }) => `${where}${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`));
      return [];
    }
    const { data } = parsed;
    const named = data.fault ?? data.kind ?? data.type;
    const fault = SYNONYMS[(named ?? '').toLowerCase().replace(/[^a-z]/g, '')];
    const action = actionNamed(data.action, actions);
    if (fault === undefined)
      problems.push(
        `${where}fault: ${named === undefined ? 'is missing' : `there is none called ${JSON.stringify(named)}`}; there are ${Object.keys(FAULTS_HELP.fault).join(', ')}`,
      );
    if (action === undefined)
      problems.push(
        `${where}action: there is none called ${JSON.stringify(data.action)}; there are ${actions.join(', ')}, ecs:*, sts:* and *`,
      );
    if (fault === undefined || action === undefined) return [];
    const count = data.count ?? data.times ?? 1;
    const { account, region, resource, code, status } = data;
    return [
      {
        action,
        fault,
        left: count === 'always' ? Number.POSITIVE_INFINITY : count,
        delayMs: data.delayMs ?? data.ms ?? data.delay ?? (fault === 'delay' || fault === 'late' ? DEFAULT_DELAY_MS : 0),
        ...(account === undefined ? {} : { account }),
        ...(region === undefined ? {} : { region }),
        ...(resource === undefined ? {} : { resource }),
        ...(code === undefined ? {} : { code }),
        ...(status === undefined ? {} : { status }),
      },
    ];
  });
  if (list.length === 0) problems.push('an empty list has no fault');
  return problems.length > 0 ? { ok: false, problems } : { ok: true, faults };
}

function actionNamed(given: string, actions: readonly string[]): string | undefined {
  const name = given.toLowerCase();
  if (name === '*' || actions.some((action) => `${action.split(':')[0]}:*` === name)) return name;
  return actions.find((action) => action.toLowerCase() === name || action.split(':')[1]?.toLowerCase() === name);
}
