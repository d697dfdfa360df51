import { AwsError } from './aws-error.ts';
import type { Parameters, Scene } from './operation.ts';

/** A role that is assumed by a role's session gives an hour at most, and longer is refused, not cut. */
const CHAINED_SECONDS = 3600;
/** Characters of a session policy. */
export const LONGEST_POLICY = 2048;

/** What AssumeRole is asked for, held against the rules of STS. */
export interface AssumeRole {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly externalId: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly seconds: number;
  readonly policy: string | undefined;
  readonly policyArns: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Throws `ValidationError` for what STS would not take. An external ID is never repeated in it, unlike at AWS. */
export function readAssumeRole(parameters: Parameters, { session }: Scene): AssumeRole {
  const roleArn = constrained(parameters, 'RoleArn', /^[\t\n\r\u0020-\u007E]{20,2048}$/, true);
  if (!/^arn:[a-z-]+:iam::[0-9]{12}:role\/.+$/.test(roleArn)) throw invalid(`${roleArn} is invalid`);
  const seconds = secondsOf(parameters);
  if (seconds > CHAINED_SECONDS && session.caller.kind === 'role-session') {
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
  }
  const policy = constrained(parameters, 'Policy', /^[\t\n\r\u0020-\u00FF]+$/);
  if (policy !== undefined && policy.length > LONGEST_POLICY)
    throw invalid(
      `1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_POLICY}`,
    );
  const tagKeys = members(parameters, /^Tags\.member\.(\d+)\.Key$/);
  return {
    roleArn,
    sessionName: constrained(parameters, 'RoleSessionName', /^[\w+=,.@-]{2,64}$/, true),
    externalId: constrained(parameters, 'ExternalId', /^[\w+=,.@:/-]{2,1224}$/),
    sourceIdentity: constrained(parameters, 'SourceIdentity', /^[\w+=,.@-]{2,64}$/),
    seconds,
    policy,
    policyArns: members(parameters, /^PolicyArns\.member\.(\d+)\.arn$/).map(([, arn]) => arn),
    tags: Object.fromEntries(tagKeys.map(([number, key]) => [key, String(parameters[`Tags.member.${number}.Value`] ?? '')])),
  };
}

/** How long the session is to last, held against what STS takes from anybody. */
export function secondsOf(parameters: Parameters): number {
  const seconds = Number(constrained(parameters, 'DurationSeconds', /^[0-9]{1,9}$/) ?? 3600);
  if (seconds < 900 || seconds > 43_200)
    throw invalid(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must be between 900 and 43200`,
    );
  return seconds;
}

/** Numbered entries of a list, as the query protocol spells them. */
function members(parameters: Parameters, name: RegExp): [string, string][] {
  return Object.entries(parameters).flatMap(([key, value]) => {
    const number = name.exec(key)?.[1];
    return number === undefined || typeof value !== 'string' ? [] : [[number, value] as [string, string]];
  });
}

export function constrained(parameters: Parameters, name: string, form: RegExp, needed: true): string;
export function constrained(parameters: Parameters, name: string, form: RegExp): string | undefined;
export function constrained(parameters: Parameters, name: string, form: RegExp, needed = false): string | undefined {
  const value = parameters[name];
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  if (value === undefined) {
    if (needed)
      throw invalid(`1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`);
    return undefined;
  }
  // AWS repeats the value here; an external ID is better not repeated.
  if (typeof value !== 'string' || !form.test(value))
    throw invalid(
      `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${form.source}`,
    );
  return value;
}

export const invalid = (message: string) => new AwsError('ValidationError', message);
