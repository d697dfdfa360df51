import { aboutService, beyondCounting, callsOf, escalations, strangerTo } from '../calls.ts';
import type { PolicyStatement, Purpose } from '../purpose.ts';
import { clusterArn, elsewhere, type Scope, serviceArn } from '../scope.ts';
import { EVERY_SERVICE, inClusters, narrowed, servicesIn } from './ecs-statements.ts';

const OF = 'observe';

/** Looking: what exists, how many tasks run, and whether somebody else scales. */
export const OBSERVE: Purpose = {
  name: 'observe',
  says: 'look at ECS services, their clusters and whoever else scales them; changes nothing',
  needs: ['cluster'],
  takes: ['service'],
  grants: (scope) => [
    {
      name: OF,
      called: 'sluice-observe',
      says: 'Reads ECS services of the clusters named; changes nothing.',
      statements: statements(scope),
    },
  ],
  allows: (scope) => {
    const service = scope.services[0] ?? { cluster: scope.clusters[0] ?? '', name: 'web' };
    const about = aboutService(OF, scope);
    const call = callsOf(OF);
    const cluster = clusterArn(scope, service.cluster);
    return [
      about('look at the service', 'ecs:DescribeServices', service),
      call('list the services of the cluster', 'ecs:ListServices', '*', { 'ecs:cluster': cluster }),
      call('list clusters', 'ecs:ListClusters', '*'),
      call('look at the cluster', 'ecs:DescribeClusters', cluster),
      call("read the cluster's tags", 'ecs:ListTagsForResource', cluster),
      about("read the service's tags", 'ecs:ListTagsForResource', service),
      call('find other autoscalers', 'application-autoscaling:DescribeScalableTargets', '*'),
      call('find their policies', 'application-autoscaling:DescribeScalingPolicies', '*'),
      call('find their schedules', 'application-autoscaling:DescribeScheduledActions', '*'),
      call("read the account's alias", 'iam:ListAccountAliases', '*'),
      call('list enabled Regions', 'account:ListRegions', accountArn(scope)),
    ];
  },
  refuses: (scope) => {
    const service = scope.services[0] ?? { cluster: scope.clusters[0] ?? '', name: 'web' };
    const other = { cluster: `${service.cluster}-2`, name: service.name };
    const about = aboutService(OF, scope);
    const call = callsOf(OF);
    return [
      about('change the count', 'ecs:UpdateService', service),
      about('look at a service of another cluster', 'ecs:DescribeServices', other),
      ...(scope.services.length > 0 ? [about('look at a service that is not named', 'ecs:DescribeServices', strangerTo(scope))] : []),
      call('list the services of another cluster', 'ecs:ListServices', '*', { 'ecs:cluster': clusterArn(scope, other.cluster) }),
      call('list services without a cluster', 'ecs:ListServices', '*'),
      call("look at another account's cluster", 'ecs:DescribeClusters', clusterArn(elsewhere(scope), service.cluster)),
      call('read task definitions, which may hold secrets', 'ecs:DescribeTaskDefinition', '*'),
      call('register another autoscaler', 'application-autoscaling:RegisterScalableTarget', '*'),
      call('tag the service', 'ecs:TagResource', serviceArn(scope, service)),
      ...beyondCounting(OF, scope),
      ...escalations(OF, scope),
    ];
  },
};

const accountArn = ({ partition, account }: Scope) => `arn:${partition}:account::${account}:account`;

/** Application Auto Scaling, call by call. */
const RIVALS: PolicyStatement['actions'] = {
  'application-autoscaling:DescribeScalableTargets':
    'Whether Application Auto Scaling has the service in its care: two scalers on one service fight.',
  'application-autoscaling:DescribeScalingPolicies': 'By which policies it scales, to say what to switch off.',
  'application-autoscaling:DescribeScheduledActions': 'By which schedules it changes bounds, likewise.',
};

function statements(scope: Scope): readonly PolicyStatement[] {
  const clusters = [...new Set([...scope.clusters, ...scope.services.map(({ cluster }) => cluster)])];
  const clusterArns = clusters.map((cluster) => clusterArn(scope, cluster));
  const wide = scope.services.length > 0 ? {} : { wide: EVERY_SERVICE };
  return [
    { ...narrowed('SeeServices', servicesIn(scope)), ...wide },
    narrowed('FindClusters', ['*']),
    narrowed('FindServices', ['*'], inClusters(scope, clusters)),
    narrowed('SeeClusters', clusterArns),
    { ...narrowed('SeeTags', [...clusterArns, ...servicesIn(scope)]), ...wide },
    { ...narrowed('FindRivalScalers', ['*']), actions: RIVALS },
    narrowed('NameTheAccount', ['*']),
    narrowed('FindRegions', [accountArn(scope)]),
  ];
}
