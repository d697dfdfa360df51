import { aboutService, beyondCounting, callsOf, escalations } from '../calls.ts';
import type { Call, PolicyStatement, Purpose, Trust } from '../purpose.ts';
import { arnOf, clusterArn, elsewhere, iamArn, type Scope, serviceArn } from '../scope.ts';
import { changeConditions, EVERY_SERVICE, narrowed, servicesIn } from './ecs-statements.ts';
import { hardened, notForScaling } from './scale.ts';
import { storeAllows, storeRefuses, storeStatements } from './store-statements.ts';

const OF = 'irsa';
const AUDIENCE = 'sts.amazonaws.com';

/** A pod on EKS: who may be it, and the one cluster whose services it scales. */
export const IRSA: Purpose = {
  name: 'irsa',
  says: 'Sluice as a pod on EKS: trust of one service account, scaling in one ECS cluster; with --table its store as well',
  needs: ['cluster', 'oidcProvider', 'namespace', 'serviceAccount'],
  takes: ['service', 'table', 'customerRole', 'stage', 'hardenRequests'],
  grants: (scope) => [
    {
      name: OF,
      called: 'sluice-irsa',
      says: 'Scales ECS services of one cluster from a pod on EKS.',
      // What customers' roles trust.
      role: { path: `/sluice/${scope.stage}/`, trust: trust(scope) },
      statements: statements(scope),
    },
  ],
  allows: (scope) => {
    const service = ownService(scope);
    const about = aboutService(OF, scope);
    return [
      attempt(scope, 'the pod takes up the role', {}),
      about('look at a service of the cluster', 'ecs:DescribeServices', service),
      about('change its count', 'ecs:UpdateService', service),
      callsOf(OF)('read its own trust policy', 'iam:GetRole', roleArn(scope)),
      ...(scope.table === '' ? [] : storeAllows(OF, scope)),
      ...scope.customerRoles.map((role) => callsOf(OF)(`take up ${role}`, 'sts:AssumeRole', role, { 'sts:ExternalId': EXTERNAL_ID })),
    ];
  },
  refuses: (scope) => {
    const service = ownService(scope);
    const about = aboutService(OF, scope);
    const elsewhereInAccount = { cluster: `${service.cluster}-2`, name: service.name };
    return [
      ...trustRefuses(scope),
      about('look at a service of another cluster', 'ecs:DescribeServices', elsewhereInAccount),
      about('change a service of another cluster', 'ecs:UpdateService', elsewhereInAccount),
      { ...about("change another account's service", 'ecs:UpdateService', service), resource: serviceArn(elsewhere(scope), service) },
      ...(scope.services.length > 0
        ? [about('change a service that is not named', 'ecs:UpdateService', { ...service, name: `${service.name}-2` })]
        : []),
      ...hardened(OF, scope),
      ...fromTheGuide(scope),
      ...notForScaling(OF, scope),
      ...beyondCounting(OF, scope),
      ...(scope.table === '' ? [] : storeRefuses(OF, scope)),
      ...scope.customerRoles.flatMap((role) => [
        callsOf(OF)('take up a role that is not named', 'sts:AssumeRole', `${role}-2`, { 'sts:ExternalId': EXTERNAL_ID }),
      ]),
      ...escalations(OF, scope),
    ];
  },
};

const EXTERNAL_ID = 'sluice-0123456789abcdef0123456789abcdef';
const ownService = (scope: Scope) => scope.services[0] ?? { cluster: scope.clusters[0] ?? '', name: 'web' };
const subject = ({ namespace, serviceAccount }: Scope) => `system:serviceaccount:${namespace}:${serviceAccount}`;
const roleArn = (scope: Scope) => iamArn(scope, `role/sluice/${scope.stage}/sluice-irsa`);
const providerArn = (scope: Scope) => iamArn(scope, `oidc-provider/${scope.oidcProvider}`);

const trust = (scope: Scope): Trust => ({
  sid: 'OnlyThatServiceAccount',
  principal: { Federated: providerArn(scope) },
  action: 'sts:AssumeRoleWithWebIdentity',
  conditions: { StringEquals: { [`${scope.oidcProvider}:aud`]: AUDIENCE, [`${scope.oidcProvider}:sub`]: subject(scope) } },
  why: 'Only tokens of that EKS cluster, made for AWS (aud), for that service account of that namespace (sub). Without sub every pod of the cluster could take up the role.',
});

/** What scaling needs of one cluster: two actions of the forty that the guide's own one-cluster policy has. */
const statements = (scope: Scope): readonly PolicyStatement[] => {
  const wide = scope.services.length > 0 ? {} : { wide: EVERY_SERVICE };
  return [
    { ...narrowed('SeeServices', servicesIn(scope)), ...wide },
    { ...narrowed('ChangeDesiredCount', servicesIn(scope), changeConditions(scope)), ...wide },
    {
      sid: 'ReadItsOwnTrust',
      actions: { 'iam:GetRole': 'sluice doctor --self holds its own trust policy against its token, as the guide does by hand.' },
      resources: [roleArn(scope)],
    },
    ...(scope.table === '' ? [] : storeStatements(scope)),
    ...(scope.customerRoles.length === 0
      ? []
      : [
          {
            sid: 'AssumeCustomerRoles',
            // Not only with an external ID: that a role refuses whoever brings none is proved by trying, and this must not be what refuses.
            actions: {
              'sts:AssumeRole':
                'Sessions in the accounts of customers: the roles named. Their own trust policies ask for the external ID; that they do is proved by trying without.',
            },
            resources: scope.customerRoles,
          },
        ]),
  ];
};

const attempt = (scope: Scope, does: string, claims: { readonly sub?: string | undefined; readonly aud?: string | undefined }): Call => ({
  does,
  of: OF,
  action: 'sts:AssumeRoleWithWebIdentity',
  resource: roleArn(scope),
  caller: { kind: 'federated', provider: providerArn(scope) },
  context: { [`${scope.oidcProvider}:sub`]: subject(scope), [`${scope.oidcProvider}:aud`]: AUDIENCE, ...prefixed(scope, claims) },
});
const prefixed = (scope: Scope, claims: object) =>
  Object.fromEntries(Object.entries(claims).map(([name, value]) => [`${scope.oidcProvider}:${name}`, value]));

const trustRefuses = (scope: Scope): readonly Call[] => [
  attempt(scope, "another service account's pod takes up the role", { sub: `${subject(scope)}-2` }),
  attempt(scope, 'the default service account takes up the role', {
    sub: `system:serviceaccount:${scope.namespace}:${scope.serviceAccount}x`,
  }),
  attempt(scope, "another namespace's pod takes up the role", {
    sub: `system:serviceaccount:${scope.namespace}-2:${scope.serviceAccount}`,
  }),
  attempt(scope, "a token for the cluster's own API takes up the role", { aud: 'https://kubernetes.default.svc' }),
  attempt(scope, 'a token without an audience takes up the role', { aud: undefined }),
  attempt(scope, 'a token without a subject takes up the role', { sub: undefined }),
  {
    ...attempt(scope, "another cluster's pod takes up the role", {}),
    caller: { kind: 'federated', provider: `${providerArn(scope).slice(0, -4)}0000` },
  },
];

/** What the guide for one cluster allows beyond scaling. */
const fromTheGuide = (scope: Scope): readonly Call[] => {
  const call = callsOf(OF);
  const service = ownService(scope);
  const task = arnOf(scope, 'ecs', `task/${service.cluster}/0123456789abcdef`);
  return [
    call('start a task', 'ecs:StartTask', arnOf(scope, 'ecs', 'task-definition/web:1')),
    call('register a machine', 'ecs:RegisterContainerInstance', clusterArn(scope, service.cluster)),
    call('delete task definitions', 'ecs:DeleteTaskDefinitions', arnOf(scope, 'ecs', 'task-definition/web:1')),
    call('take back a task definition', 'ecs:DeregisterTaskDefinition', '*'),
    call('report the state of a task', 'ecs:SubmitTaskStateChange', task),
    call('read another role', 'iam:GetRole', iamArn(scope, 'role/Admin')),
    call('open its own role to others', 'iam:UpdateAssumeRolePolicy', roleArn(scope)),
    call('tag the service', 'ecs:TagResource', serviceArn(scope, service)),
    call('find resources by tag', 'tag:GetResources', '*'),
  ];
};
