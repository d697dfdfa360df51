import { callerArn } from '../../iam/caller.ts';
import { type PolicyDocument, parsePolicy } from '../../iam/policy-document.ts';
import { AwsError } from './aws-error.ts';
import type { Operation, Scene } from './operation.ts';
import { type AssumeRole, invalid, LONGEST_POLICY, readAssumeRole } from './read-assume-role.ts';

/** The trust policy of a role that does not exist: nobody may assume it, which is all that AWS says of it. */
const TRUSTS_NOBODY: PolicyDocument = { version: '2012-10-17', statements: [] };

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
