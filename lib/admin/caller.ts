import type { LambdaFunctionURLEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { safeParse } from '../safe-parse.ts';

/** Who asks. */
export interface Caller {
  /** ARN as IAM gives it, session name included; "local" in a local run. */
  readonly who: string;
  /** The only customer that this principal may see and change; absent: all. */
  readonly customer?: string;
}

/** Printable ASCII without "#", as short as a key: IAM names nobody otherwise, and limits are looked up under this name. */
const ARN = /^arn:[!"$-~]{1,1000}$/;
const signed = z.object({ authorizer: z.object({ iam: z.object({ userArn: z.string().check(z.regex(ARN)) }) }) });

/** The ARN of whoever signed a request to a function URL; undefined where nobody did, or nobody that IAM could name. */
export function signerOf(event: Partial<LambdaFunctionURLEvent> | null): string | undefined {
  const parsed = safeParse(signed, event?.requestContext);
  return parsed.success ? parsed.data.authorizer.iam.userArn : undefined;
}

/**
 * The principal behind an ARN, in the one form that limits are kept under: a session of a role is that role, without its path,
 * which IAM leaves out of a session's ARN (names of roles are unique in an account whatever their path).
 */
export function principalOf(arn: string): string {
  const session = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(arn);
  if (session) return `arn:${session[1]}:iam::${session[2]}:role/${session[3]}`;
  const role = /^(arn:[^:]+:iam::\d{12}:role\/)(?:.*\/)?([^/]+)$/.exec(arn);
  return role ? `${role[1]}${role[2]}` : arn;
}
