import { HARDENED } from '../../customer-templates/statements.ts';
import { aboutService, beyondCounting, callsOf, escalations, strangerTo } from '../calls.ts';
import { githubAllows, githubRefuses, githubTrust } from '../github-trust.ts';
import type { Conditions, Purpose } from '../purpose.ts';
import { arnOf, type Scope, serviceArn } from '../scope.ts';

const OF = 'deploy-service';
const TASKS = 'ecs-tasks.amazonaws.com';
const familyArns = (scope: Scope) => scope.taskDefinitions.map((family) => arnOf(scope, 'ecs', `task-definition/${family}:*`));

const serviceArns = (scope: Scope) => scope.services.map((service) => serviceArn(scope, service));

/** Nothing but a new task definition, and that of the families named: not those of others, which would come with their roles. */
const hardening = (scope: Scope): Conditions => {
  const { 'ecs:task-definition': _, ...others } = HARDENED['Null'] ?? {};
  return { ArnLikeIfExists: { 'ecs:task-definition': familyArns(scope) }, Null: others };
};

/** A new task definition for services that there are. */
export const DEPLOY_SERVICE: Purpose = {
  name: 'deploy-service',
  says: 'register a new task definition and roll it out to the existing ECS services named; hands over the roles named and no other',
  needs: ['service', 'role'],
  takes: ['cluster', 'taskDefinition', 'hardenRequests', 'githubRepository', 'githubEnvironment'],
  grants: (scope) => [
    {
      name: OF,
      called: 'sluice-deploy-service',
      says: 'Deploys new task definitions to the ECS services named.',
      ...githubTrust(scope),
      statements: [
        {
          sid: 'RegisterTaskDefinition',
          actions: { 'ecs:RegisterTaskDefinition': 'The new revision, with the new image in it.' },
          resources: familyArns(scope),
          wide: 'AWS numbers the revisions of a family; the family is named (--task-definition, or as the service is called). So AWS publishes it; guides from before say "*", and a refusal "on resource: *" would mean that they are still right where you are.',
        },
        {
          sid: 'ReadTaskDefinition',
          actions: { 'ecs:DescribeTaskDefinition': 'The present revision, from which the new one is made.' },
          resources: ['*'],
          wide: 'IAM has no resource for it: whoever may read one task definition may read all of the Region. Keep secrets out of them (secrets: with valueFrom).',
        },
        {
          sid: 'RollOut',
          actions: { 'ecs:UpdateService': 'Points the service at the new revision.' },
          resources: serviceArns(scope),
          ...(scope.hardenRequests ? { conditions: hardening(scope) } : {}),
        },
        {
          sid: 'WatchRollOut',
          actions: { 'ecs:DescribeServices': 'Waits until the roll-out is over (aws ecs wait services-stable asks nothing else).' },
          resources: serviceArns(scope),
        },
        {
          sid: 'HandOverRoles',
          actions: {
            'iam:PassRole':
              'AWS asks for it for each role that the task definition names (task role, execution role): those named here, handed to ECS tasks and to nothing else.',
          },
          resources: scope.roles,
          conditions: { StringEquals: { 'iam:PassedToService': TASKS } },
        },
      ],
    },
  ],
  allows: (scope) => [
    ...githubAllows(OF, scope),
    ...scope.taskDefinitions.map((family) =>
      callsOf(OF)(`register ${family}`, 'ecs:RegisterTaskDefinition', arnOf(scope, 'ecs', `task-definition/${family}:7`)),
    ),
    callsOf(OF)('read a task definition', 'ecs:DescribeTaskDefinition', '*'),
    ...scope.services.flatMap((service) => [
      aboutService(OF, scope)(`roll out to ${service.name}`, 'ecs:UpdateService', service, {
        'ecs:task-definition': arnOf(scope, 'ecs', `task-definition/${scope.taskDefinitions[0] ?? service.name}:7`),
      }),
      aboutService(OF, scope)(`watch ${service.name}`, 'ecs:DescribeServices', service),
    ]),
    ...scope.roles.map((role) => callsOf(OF)(`hand ${role} to ECS tasks`, 'iam:PassRole', role, { 'iam:PassedToService': TASKS })),
  ],
  refuses: (scope) => {
    const call = callsOf(OF);
    const about = aboutService(OF, scope);
    const [role = ''] = scope.roles;
    const [service] = scope.services;
    return [
      ...githubRefuses(OF, scope),
      about('deploy to a service that is not named', 'ecs:UpdateService', strangerTo(scope)),
      call('register a task definition of another family', 'ecs:RegisterTaskDefinition', arnOf(scope, 'ecs', 'task-definition/other:1')),
      call('take back a task definition', 'ecs:DeregisterTaskDefinition', '*'),
      call('hand over a role that is not named', 'iam:PassRole', `${role}-2`, { 'iam:PassedToService': TASKS }),
      call('hand the role to a machine', 'iam:PassRole', role, { 'iam:PassedToService': 'ec2.amazonaws.com' }),
      call('hand the role to a function', 'iam:PassRole', role, { 'iam:PassedToService': 'lambda.amazonaws.com' }),
      call('hand the role to nobody in particular', 'iam:PassRole', role),
      call('take up the role itself', 'sts:AssumeRole', role),
      call('push an image', 'ecr:PutImage', arnOf(scope, 'ecr', 'repository/web')),
      ...(scope.hardenRequests && service !== undefined
        ? [
            about('roll out a task definition of another family', 'ecs:UpdateService', service, {
              'ecs:task-definition': arnOf(scope, 'ecs', 'task-definition/other:1'),
            }),
            about('let shells into tasks', 'ecs:UpdateService', service, { 'ecs:enable-execute-command': 'true' }),
            about('move tasks to another subnet', 'ecs:UpdateService', service, { 'ecs:subnet': ['subnet-0123456789abcdef0'] }),
          ]
        : []),
      ...beyondCounting(OF, scope),
      ...escalations(OF, scope),
    ];
  },
};
