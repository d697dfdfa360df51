import { callerArn } from '../../iam/caller.ts';
import { type PolicyDocument, parsePolicy } from '../../iam/policy-document.ts';
import { AwsError } from './aws-error.ts';
import type { Operation, Parameters, Scene } from './operation.ts';

/** The trust policy of a role that does not exist: nobody may assume it, which is all that AWS says of it. */
const TRUSTS_NOBODY: PolicyDocument = { version: '2012-10-17', statements: [] };
/** A role that is assumed by a role's session gives an hour at most, and longer is refused, not cut. */
const CHAINED_SECONDS = 3600;
const LONGEST_POLICY = 2048;

/** The calls of STS that the stand-in answers. Parameters are those of the query protocol: flat, all text. */
export const STS_OPERATIONS: Readonly<Record<string, Operation>> = {
  /** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
  AssumeRole: {
    needs: (parameters, scene) => {
      const { roleArn, sessionName, externalId, sourceIdentity, tags } = readAssumeRole(parameters, scene);
      const role = scene.identities.role(roleArn);
      const context = {
        'sts:ExternalId': externalId,
        'sts:RoleSessionName': sessionName,
        'sts:SourceIdentity': sourceIdentity,
        'aws:TagKeys': Object.keys(tags),
        ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
        ...Object.fromEntries(
          Object.entries(role?.tags ?? {}).flatMap(([key, value]) =>
            ['aws', 'iam'].map((prefix) => [`${prefix}:ResourceTag/${key}`, value]),
          ),
        ),
      };
      const actions = [
        'sts:AssumeRole',
        ...(Object.keys(tags).length > 0 ? ['sts:TagSession'] : []),
        ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
      ];
      return actions.map((action) => ({ action, resource: roleArn, context, trust: role?.trust ?? TRUSTS_NOBODY }));
    },
    perform: (parameters, scene) => {
      const asked = readAssumeRole(parameters, scene);
      const role = scene.identities.role(asked.roleArn);
      if (role === undefined) throw new AwsError('AccessDenied', `Not authorized to perform sts:AssumeRole on ${asked.roleArn}`, 403);
      if (asked.seconds > role.maxSessionSeconds)
        throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
      const expiresAt = scene.now + asked.seconds * 1000;
      const [, partition = 'aws', , , accountId = ''] = role.arn.split(':');
      const caller = {
        kind: 'role-session',
        partition,
        accountId,
        roleArn: role.arn,
        roleId: role.roleId,
        sessionName: asked.sessionName,
      } as const;
      const policies = sessionPolicies(asked, scene);
      const keys = scene.identities.issue({
        caller,
        ...(policies === undefined ? {} : { policies }),
        externalId: asked.externalId !== undefined,
        tags: { ...role.tags, ...asked.tags },
        issuedAt: scene.now,
        expiresAt,
      });
      return {
        Credentials: {
          AccessKeyId: keys.accessKeyId,
          SecretAccessKey: keys.secretAccessKey,
          SessionToken: keys.sessionToken,
          Expiration: new Date(expiresAt).toISOString(),
        },
        AssumedRoleUser: { AssumedRoleId: `${role.roleId}:${asked.sessionName}`, Arn: callerArn(caller) },
        ...(asked.policy === undefined ? {} : { PackedPolicySize: Math.ceil((asked.policy.length / LONGEST_POLICY) * 100) }),
        ...(asked.sourceIdentity === undefined ? {} : { SourceIdentity: asked.sourceIdentity }),
      };
    },
  },

  /** Needs no permission, at AWS either. */
  GetCallerIdentity: {
    needs: () => [],
    perform: (_, { session: { caller } }) => ({
      Arn: callerArn(caller),
      UserId: `${caller.roleId}:${caller.sessionName}`,
      Account: caller.accountId,
    }),
  },
};

interface AssumeRole {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly externalId: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly seconds: number;
  readonly policy: string | undefined;
  readonly policyArns: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

function readAssumeRole(parameters: Parameters, { session }: Scene): AssumeRole {
  const roleArn = constrained(parameters, 'RoleArn', /^[\t\n\r\u0020-\u007E]{20,2048}$/, true);
  if (!/^arn:[a-z-]+:iam::[0-9]{12}:role\/.+$/.test(roleArn)) throw invalid(`${roleArn} is invalid`);
  const seconds = Number(constrained(parameters, 'DurationSeconds', /^[0-9]{1,9}$/) ?? 3600);
  if (seconds < 900 || seconds > 43_200)
    throw invalid(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must be between 900 and 43200`,
    );
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

function sessionPolicies({ policy, policyArns, roleArn }: AssumeRole, { identities }: Scene): PolicyDocument[] | undefined {
  if (policy === undefined && policyArns.length === 0) return undefined;
  const attached = policyArns.map((arn) => {
    const found = arn.split(':')[4] === roleArn.split(':')[4] ? identities.managedPolicy(arn) : undefined;
    if (found === undefined) throw invalid(`The policy ${arn} does not exist in the account of the role.`);
    return found;
  });
  return policy === undefined ? attached : [inline(policy), ...attached];
}

function inline(policy: string): PolicyDocument {
  let value: unknown;
  try {
    value = JSON.parse(policy);
  } catch {
    throw new AwsError('MalformedPolicyDocument', 'This policy contains invalid Json');
  }
  const parsed = parsePolicy(value, 'identity');
  if (!parsed.ok) throw new AwsError('MalformedPolicyDocument', parsed.problems.join('; '));
  return parsed.policy;
}

/** Numbered entries of a list, as the query protocol spells them. */
function members(parameters: Parameters, name: RegExp): [string, string][] {
  return Object.entries(parameters).flatMap(([key, value]) => {
    const number = name.exec(key)?.[1];
    return number === undefined || typeof value !== 'string' ? [] : [[number, value] as [string, string]];
  });
}

function constrained(parameters: Parameters, name: string, form: RegExp, needed: true): string;
function constrained(parameters: Parameters, name: string, form: RegExp): string | undefined;
function constrained(parameters: Parameters, name: string, form: RegExp, needed = false): string | undefined {
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

const invalid = (message: string) => new AwsError('ValidationError', message);
