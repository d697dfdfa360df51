import { aboutService, beyondCounting, callsOf, escalations, strangerTo } from '../calls.ts';
import type { Call, Purpose } from '../purpose.ts';
import { arnOf, elsewhere, type Scope, serviceArn } from '../scope.ts';
import { changeConditions, narrowed, servicesIn } from './ecs-statements.ts';

const OF = 'scale';

/** Changing the desired count of named services, having looked at them. */
export const SCALE: Purpose = {
  name: 'scale',
  says: 'look at the ECS services named and change their desired count',
  needs: ['service'],
  takes: ['cluster', 'hardenRequests'],
  grants: (scope) => [
    {
      name: OF,
      called: 'sluice-scale',
      says: 'Changes the desired count of the ECS services named, and of no other.',
      statements: [narrowed('SeeServices', servicesIn(scope)), narrowed('ChangeDesiredCount', servicesIn(scope), changeConditions(scope))],
    },
  ],
  allows: (scope) =>
    scope.services.flatMap((service) => [
      aboutService(OF, scope)(`look at ${service.name}`, 'ecs:DescribeServices', service),
      aboutService(OF, scope)(`change the count of ${service.name}`, 'ecs:UpdateService', service),
    ]),
  refuses: (scope) => {
    const service = scope.services[0] ?? strangerTo(scope);
    const about = aboutService(OF, scope);
    return [
      about('change a service that is not named', 'ecs:UpdateService', strangerTo(scope)),
      about('change a service of that name in another cluster', 'ecs:UpdateService', { ...service, cluster: `${service.cluster}-2` }),
      { ...about("change another account's service", 'ecs:UpdateService', service), resource: serviceArn(elsewhere(scope), service) },
      about('look at a service that is not named', 'ecs:DescribeServices', strangerTo(scope)),
      ...hardened(OF, scope),
      ...notForScaling(OF, scope),
      ...beyondCounting(OF, scope),
      ...escalations(OF, scope),
    ];
  },
};

/** What a request to UpdateService may not carry beside a count, where --harden-requests asks for that. */
export function hardened(of: string, scope: Scope): readonly Call[] {
  if (!scope.hardenRequests) return [];
  const service = scope.services[0] ?? { cluster: scope.clusters[0] ?? '', name: 'web' };
  const about = aboutService(of, scope);
  return [
    about('change the task definition', 'ecs:UpdateService', service, {
      'ecs:task-definition': arnOf(scope, 'ecs', `task-definition/${service.name}:2`),
    }),
    about('move tasks to another subnet', 'ecs:UpdateService', service, { 'ecs:subnet': ['subnet-0123456789abcdef0'] }),
    about('let shells into tasks', 'ecs:UpdateService', service, { 'ecs:enable-execute-command': 'true' }),
  ];
}

/** What deploying takes, and scaling never. */
export const notForScaling = (of: string, scope: Scope): readonly Call[] => {
  const call = callsOf(of);
  return [
    call('register a task definition', 'ecs:RegisterTaskDefinition', arnOf(scope, 'ecs', 'task-definition/web:1')),
    call('read task definitions, which may hold secrets', 'ecs:DescribeTaskDefinition', '*'),
    call('protect tasks from ending', 'ecs:UpdateTaskProtection', arnOf(scope, 'ecs', 'task/shop/0123456789abcdef')),
    call('register another autoscaler', 'application-autoscaling:RegisterScalableTarget', '*'),
  ];
};
