import type { ScalableTarget } from './accounts.ts';
import { AwsError } from './aws-error.ts';
import type { Operation, Parameters, Scene } from './operation.ts';

/** What IAM answers of all it could: the name of the account, and a role with its trust policy. Parameters are those of the query protocol. */
export const IAM_OPERATIONS: Readonly<Record<string, Operation>> = {
  /** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
  GetRole: {
    needs: (parameters, { session, partition, identities }) => {
      const { accountId } = session.caller;
      const role = identities.rolesOf(accountId).find(({ name }) => name === parameters.RoleName);
      const resource = role?.arn ?? `arn:${partition}:iam::${accountId}:role/${String(parameters.RoleName)}`;
      return [{ action: 'iam:GetRole', resource, context: {} }];
    },
    perform: (parameters, { session, identities }) => {
      const name = String(parameters.RoleName);
      const role = identities.rolesOf(session.caller.accountId).find((one) => one.name === name);
      if (role === undefined) throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
      return {
        Role: {
          Path: role.path,
          RoleName: role.name,
          RoleId: role.roleId,
          Arn: role.arn,
          CreateDate: '2026-01-01T00:00:00Z',
          AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role.trustDocument)),
          MaxSessionDuration: role.maxSessionSeconds,
        },
      };
    },
  },
  /** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html */
  ListAccountAliases: {
    needs: () => [{ action: 'iam:ListAccountAliases', resource: '*', context: {} }],
    perform: (_, { session, accounts }) => {
      const alias = accounts.alias(session.caller.accountId);
      return { AccountAliases: alias === undefined ? [] : [alias], IsTruncated: false };
    },
  },
};

const DEFAULT_REGIONS = /^(us|eu|ca|sa|ap)-(north|south|east|west|central|northeast|southeast)-[123]$/;

export const ACCOUNT_OPERATIONS: Readonly<Record<string, Operation>> = {
  /** https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html */
  ListRegions: {
    needs: (_, { session, partition }) => {
      const { accountId } = session.caller;
      return [{ action: 'account:ListRegions', resource: `arn:${partition}:account::${accountId}:account`, context: {} }];
    },
    perform: (parameters, { session, accounts }) => {
      const all = accounts.regions(session.caller.accountId).map((RegionName) => ({
        RegionName,
        RegionOptStatus: DEFAULT_REGIONS.test(RegionName) ? 'ENABLED_BY_DEFAULT' : 'ENABLED',
      }));
      const wanted = parameters.RegionOptStatusContains;
      const regions = Array.isArray(wanted) ? all.filter(({ RegionOptStatus }) => wanted.includes(RegionOptStatus)) : all;
      const { values, next } = somePage(parameters, regions, 50);
      return { Regions: values, ...(next === undefined ? {} : { NextToken: next }) };
    },
  },
};

/** https://docs.aws.amazon.com/autoscaling/application/APIReference/API_Operations.html: what is held, never a change. */
export const AUTO_SCALING_OPERATIONS: Readonly<Record<string, Operation>> = {
  DescribeScalableTargets: describing('DescribeScalableTargets', 'ScalableTargets', (target) => [
    {
      ...ofTarget(target),
      MinCapacity: target.min,
      MaxCapacity: target.max,
      SuspendedState: {
        DynamicScalingInSuspended: target.suspended,
        DynamicScalingOutSuspended: target.suspended,
        ScheduledScalingSuspended: target.suspended,
      },
    },
  ]),
  DescribeScalingPolicies: describing('DescribeScalingPolicies', 'ScalingPolicies', (target) =>
    Array.from({ length: target.policies }, (_, i) => ({
      ...ofTarget(target),
      PolicyName: `policy-${i + 1}`,
      PolicyType: 'TargetTrackingScaling',
    })),
  ),
  DescribeScheduledActions: describing('DescribeScheduledActions', 'ScheduledActions', (target) =>
    Array.from({ length: target.schedules }, (_, i) => ({
      ...ofTarget(target),
      ScheduledActionName: `action-${i + 1}`,
      Schedule: 'cron(0 8 * * ? *)',
    })),
  ),
};

function describing(action: string, list: string, rows: (target: ScalableTarget) => readonly object[]): Operation {
  return {
    needs: () => [{ action: `application-autoscaling:${action}`, resource: '*', context: {} }],
    perform: (parameters, scene) => {
      if (parameters.ServiceNamespace === undefined)
        throw new AwsError(
          'ValidationException',
          "1 validation error detected: Value null at 'serviceNamespace' failed to satisfy constraint: Member must not be null",
        );
      const { values, next } = somePage(parameters, targetsOf(parameters, scene).flatMap(rows), 50);
      return { [list]: values, ...(next === undefined ? {} : { NextToken: next }) };
    },
  };
}

function targetsOf(parameters: Parameters, { session, region, accounts }: Scene): readonly ScalableTarget[] {
  if (parameters.ServiceNamespace !== 'ecs') return [];
  const asked = parameters.ResourceIds;
  return accounts
    .targets(session.caller.accountId, region)
    .filter((target) => !Array.isArray(asked) || asked.includes(ofTarget(target).ResourceId));
}

const ofTarget = ({ id }: ScalableTarget) => ({
  ServiceNamespace: 'ecs',
  ResourceId: `service/${id.cluster}/${id.service}`,
  ScalableDimension: 'ecs:service:DesiredCount',
});

/** One page; its token is the place to go on from. */
function somePage<T>(
  parameters: Parameters,
  values: readonly T[],
  most: number,
): { readonly values: readonly T[]; readonly next?: string } {
  const size = typeof parameters.MaxResults === 'number' ? parameters.MaxResults : most;
  const from = Number(parameters.NextToken ?? 0);
  if (!Number.isInteger(from) || from < 0 || size < 1 || size > most)
    throw new AwsError('ValidationException', `MaxResults must be from 1 to ${most}, and NextToken one that was given.`);
  return { values: values.slice(from, from + size), ...(from + size < values.length ? { next: String(from + size) } : {}) };
}
