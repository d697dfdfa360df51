import { AwsError } from './aws-error.ts';
import { clusterOf, optionalText, optionalTexts, ownPlace, page, serviceArnOf, text } from './ecs-names.ts';
import { updateService } from './ecs-update-service.ts';
import type { Need, Operation, Parameters, Scene } from './operation.ts';
import { resourceTags } from './resource-tags.ts';
import { clusterArn, describe, type ServiceState } from './service-state.ts';

/** The calls of ECS that the stand-in answers. */
export const ECS_OPERATIONS: Readonly<Record<string, Operation>> = {
  UpdateService: updateService,

  DescribeServices: {
    needs: (parameters, scene) => {
      const cluster = clusterOf(parameters, scene);
      return namedServices(parameters).map((name) => {
        const arn = serviceArnOf(name, cluster.name, scene);
        return need('DescribeServices', arn, { 'ecs:cluster': cluster.arn, ...resourceTags(arn, scene) });
      });
    },
    perform: (parameters, scene) => {
      const cluster = existingCluster(parameters, scene);
      const asked = [...new Set(namedServices(parameters).map((name) => serviceArnOf(name, cluster.name, scene)))];
      const found = asked.map((arn) => ({ arn, service: inCluster(scene.services.get(arn), cluster.arn) }));
      const withTags = optionalTexts(parameters, 'include')?.includes('TAGS') === true;
      return {
        services: found.flatMap(({ service }) => (service === undefined ? [] : [answered(service, withTags)])),
        failures: found.flatMap(({ arn, service }) => (service === undefined ? [{ arn, reason: 'MISSING' }] : [])),
      };
    },
  },

  ListServices: {
    needs: (parameters, scene) => [need('ListServices', '*', { 'ecs:cluster': clusterOf(parameters, scene).arn })],
    perform: (parameters, scene) => {
      const cluster = existingCluster(parameters, scene);
      const { accountId, region } = ownPlace(scene);
      const wanted = ['launchType', 'schedulingStrategy', 'resourceManagementType'].flatMap((name) => {
        const value = optionalText(parameters, name);
        return value === undefined ? [] : [[name, value] as const];
      });
      const services = scene.services
        .in(accountId, region)
        .filter((service) => clusterArn(service.id) === cluster.arn)
        .map(describe)
        .filter(({ status }) => status !== 'INACTIVE')
        .filter((service) => wanted.every(([name, value]) => service[name] === value));
      const { values, ...rest } = page(
        parameters,
        services.map(({ serviceArn }) => serviceArn),
        100,
        10,
      );
      return { serviceArns: values, ...rest };
    },
  },

  ListClusters: {
    needs: () => [need('ListClusters', '*', {})],
    perform: (parameters, scene) => {
      const { values, ...rest } = page(parameters, ownClusters(scene), 100, 100);
      return { clusterArns: values, ...rest };
    },
  },

  DescribeClusters: {
    needs: (parameters, scene) =>
      namedClusters(parameters).map((cluster) => need('DescribeClusters', clusterOf({ cluster }, scene).arn, {})),
    perform: (parameters, scene) => {
      const asked = namedClusters(parameters).map((cluster) => clusterOf({ cluster }, scene));
      const there = asked.filter(({ arn }) => scene.services.hasCluster(arn));
      return {
        clusters: there.map((cluster) => describeCluster(cluster, scene)),
        failures: asked.filter((cluster) => !there.includes(cluster)).map(({ arn }) => ({ arn, reason: 'MISSING' })),
      };
    },
  },

  ListTagsForResource: {
    needs: (parameters, scene) => [
      need('ListTagsForResource', text(parameters, 'resourceArn'), resourceTags(text(parameters, 'resourceArn'), scene)),
    ],
    perform: (parameters, scene) => {
      const arn = text(parameters, 'resourceArn');
      if (arn.includes(':cluster/')) {
        if (!scene.services.hasCluster(arn)) throw clusterNotFound();
        return { tags: [] };
      }
      const service = scene.services.get(arn);
      if (service === undefined) throw new AwsError('InvalidParameterException', 'The specified resource could not be found.');
      return { tags: service.fields.tags ?? [] };
    },
  },
};

/**
 * What a call of ECS needs that the stand-in does not answer: it is judged all the same, on the service
 * it names if it names one, so that what policies refuse is refused here as it is at AWS.
 */
export function needsOfUnanswered(action: string, parameters: Parameters, scene: Scene): readonly Need[] {
  const cluster = clusterOf(parameters, scene);
  const service = typeof parameters.service === 'string' ? parameters.service : parameters.serviceName;
  const taskDefinition = parameters.taskDefinition;
  const { partition, region, accountId } = ownPlace(scene);
  const resource =
    typeof service === 'string'
      ? serviceArnOf(service, cluster.name, scene)
      : typeof taskDefinition === 'string'
        ? taskDefinition.startsWith('arn:')
          ? taskDefinition
          : `arn:${partition}:ecs:${region}:${accountId}:task-definition/${taskDefinition}`
        : '*';
  return [need(action, resource, { 'ecs:cluster': cluster.arn })];
}

function need(action: string, resource: string, context: Need['context']): Need {
  return { action: `ecs:${action}`, resource, context };
}

function namedServices(parameters: Parameters): readonly string[] {
  const names = optionalTexts(parameters, 'services') ?? [];
  if (names.length === 0) throw new AwsError('InvalidParameterException', 'Services cannot be empty.');
  if (names.length > 10)
    throw new AwsError('InvalidParameterException', `Services cannot have more than 10 elements; got ${names.length}.`);
  return names;
}

function namedClusters(parameters: Parameters): readonly string[] {
  const names = optionalTexts(parameters, 'clusters') ?? [];
  if (names.length > 100)
    throw new AwsError('InvalidParameterException', `Clusters cannot have more than 100 elements; got ${names.length}.`);
  return names.length === 0 ? ['default'] : names;
}

export function existingCluster(parameters: Parameters, scene: Scene): { readonly arn: string; readonly name: string } {
  const cluster = clusterOf(parameters, scene);
  if (!scene.services.hasCluster(cluster.arn)) throw clusterNotFound();
  return cluster;
}

const clusterNotFound = () => new AwsError('ClusterNotFoundException', 'Cluster not found.');
const inCluster = (service: ServiceState | undefined, cluster: string) =>
  service !== undefined && clusterArn(service.id) === cluster ? service : undefined;

function answered(service: ServiceState, withTags: boolean): Record<string, unknown> {
  const { tags, ...described } = describe(service);
  return withTags ? { ...described, tags: tags ?? [] } : described;
}

function ownClusters(scene: Scene): string[] {
  const { accountId, region } = ownPlace(scene);
  return [...new Set(scene.services.in(accountId, region).map(({ id }) => clusterArn(id)))];
}

function describeCluster({ arn, name }: { readonly arn: string; readonly name: string }, scene: Scene): Record<string, unknown> {
  const { accountId, region } = ownPlace(scene);
  const services = scene.services
    .in(accountId, region)
    .filter(({ id }) => clusterArn(id) === arn)
    .map(describe);
  const total = (field: string) => services.reduce((sum, service) => sum + Number(service[field]), 0);
  return {
    clusterArn: arn,
    clusterName: name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: total('runningCount'),
    pendingTasksCount: total('pendingCount'),
    activeServicesCount: services.filter(({ status }) => status === 'ACTIVE').length,
    statistics: [],
    tags: [],
    settings: [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  };
}
