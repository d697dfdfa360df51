import type { RequestContext } from '../iam/context.ts';
import type { Call } from './purpose.ts';
import { clusterArn, type EcsService, elsewhere, iamArn, type Scope, serviceArn } from './scope.ts';

/** Calls by the identity of one grant, for short. */
export const callsOf =
  (of: string) =>
  (does: string, action: string, resource: string, context?: RequestContext): Call => ({
    does,
    of,
    action,
    resource,
    ...(context === undefined ? {} : { context }),
  });

/** A call about a service carries its cluster, as AWS sends it. */
export const aboutService =
  (of: string, scope: Scope) =>
  (does: string, action: string, service: EcsService, context: RequestContext = {}) =>
    callsOf(of)(does, action, serviceArn(scope, service), { 'ecs:cluster': clusterArn(scope, service.cluster), ...context });

/** A service that no scope names. */
export const strangerTo = ({ services, clusters }: Scope): EcsService => ({
  cluster: services[0]?.cluster ?? clusters[0] ?? 'default',
  name: `${services[0]?.name ?? 'web'}-2`,
});

/** What nobody who only scales, looks or deploys to a service may do with ECS: beginning, ending and entering things. */
export function beyondCounting(of: string, scope: Scope): readonly Call[] {
  const service = scope.services[0] ?? { cluster: scope.clusters[0] ?? 'default', name: 'web' };
  const about = aboutService(of, scope);
  const call = callsOf(of);
  const ecs = (resource: string) => `arn:${scope.partition}:ecs:${scope.region}:${scope.account}:${resource}`;
  return [
    about('make a service', 'ecs:CreateService', service),
    about('delete the service', 'ecs:DeleteService', service),
    about('look at the same service of another account', 'ecs:DescribeServices', service, {}),
    call('run a task', 'ecs:RunTask', ecs(`task-definition/${service.name}:1`)),
    call('stop a task', 'ecs:StopTask', ecs(`task/${service.cluster}/0123456789abcdef`)),
    call('open a shell in a task', 'ecs:ExecuteCommand', ecs(`task/${service.cluster}/0123456789abcdef`)),
    call('change the cluster', 'ecs:UpdateCluster', clusterArn(scope, service.cluster)),
    call('delete the cluster', 'ecs:DeleteCluster', clusterArn(scope, service.cluster)),
  ].map((one) =>
    one.does === 'look at the same service of another account' ? { ...one, resource: serviceArn(elsewhere(scope), service) } : one,
  );
}

/** Ways from an identity to a mightier one. */
export const escalations = (of: string, scope: Scope): readonly Call[] => {
  const call = callsOf(of);
  const role = iamArn(scope, 'role/Admin');
  return [
    call('pass a role', 'iam:PassRole', role, { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }),
    call('make a role', 'iam:CreateRole', role),
    call('write a policy of a role', 'iam:PutRolePolicy', role),
    call('attach a policy to a role', 'iam:AttachRolePolicy', role),
    call('open a role to others', 'iam:UpdateAssumeRolePolicy', role),
    call('make a key of a user', 'iam:CreateAccessKey', iamArn(scope, 'user/ci')),
    call('take up another role', 'sts:AssumeRole', role),
  ];
};
