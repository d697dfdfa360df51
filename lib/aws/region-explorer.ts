import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
} from '@aws-sdk/client-application-auto-scaling';
import type { ECSClient, Service, Tag } from '@aws-sdk/client-ecs';
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  ListClustersCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-ecs';
import type { Page, RegionExplorer, SeenService } from '../discover/account-aws.ts';
import type { AwsCaller } from './aws-call.ts';
import { AwsFailure } from './aws-failure.ts';
import { DESCRIBE_SERVICES } from './describe-services.ts';

export const REGION_ACTIONS = [
  'ecs:ListClusters',
  'ecs:DescribeClusters',
  'ecs:ListTagsForResource',
  'ecs:ListServices',
  DESCRIBE_SERVICES,
  'application-autoscaling:DescribeScalableTargets',
  'application-autoscaling:DescribeScalingPolicies',
  'application-autoscaling:DescribeScheduledActions',
] as const;

/** The most that ECS lists in one call; Application Auto Scaling gives 50. */
const PAGE = 100;
const TARGETS_PAGE = 50;
const OF_SERVICES = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const;

export interface RegionAs {
  readonly ecs: ECSClient;
  readonly autoScaling: ApplicationAutoScalingClient;
  readonly accountId: string;
  readonly region: string;
}

/** Discovery's calls in one Region. */
export function regionExplorer(call: AwsCaller, { ecs, autoScaling, accountId, region }: RegionAs): RegionExplorer {
  const ask = <T>(action: (typeof REGION_ACTIONS)[number], send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>) =>
    call({ action, accountId, region, repeatable: true }, (abortSignal) => send({ abortSignal }));
  const onward = (after: string | undefined) => (after === undefined ? {} : { nextToken: after });
  const ofServices = (after: string | undefined) => ({
    ...OF_SERVICES,
    MaxResults: TARGETS_PAGE,
    ...(after === undefined ? {} : { NextToken: after }),
  });

  return {
    async clusters(after) {
      const command = new ListClustersCommand({ maxResults: PAGE, ...onward(after) });
      const answer = await ask('ecs:ListClusters', (options) => ecs.send(command, options));
      return page(answer.clusterArns, answer.nextToken);
    },
    async describeClusters(arns) {
      const command = new DescribeClustersCommand({ clusters: [...arns] });
      const answer = await ask('ecs:DescribeClusters', (options) => ecs.send(command, options));
      return (answer.clusters ?? []).flatMap(({ clusterArn, clusterName, status, capacityProviders = [] }) =>
        clusterArn === undefined || clusterName === undefined || status === undefined
          ? []
          : [{ arn: clusterArn, name: clusterName, status, capacityProviders }],
      );
    },
    async tags(arn) {
      const answer = await ask('ecs:ListTagsForResource', (options) =>
        ecs.send(new ListTagsForResourceCommand({ resourceArn: arn }), options),
      );
      return tagsOf(answer.tags);
    },
    async services(clusterArn, after) {
      const command = new ListServicesCommand({ cluster: clusterArn, maxResults: PAGE, ...onward(after) });
      const answer = await ask('ecs:ListServices', (options) => ecs.send(command, options));
      return page(answer.serviceArns, answer.nextToken);
    },
    async describeServices(clusterArn, arns) {
      const command = new DescribeServicesCommand({ cluster: clusterArn, services: [...arns], include: ['TAGS'] });
      const answer = await ask(DESCRIBE_SERVICES, (options) => ecs.send(command, options));
      const failure = answer.failures?.find(({ reason }) => reason !== 'MISSING');
      // A service that could not be described must not pass for one that is gone.
      if (failure !== undefined)
        throw new AwsFailure(
          'unavailable',
          DESCRIBE_SERVICES,
          `ECS could not describe ${failure.arn ?? 'a service'}: ${failure.reason ?? 'no reason given'}`,
        );
      return (answer.services ?? []).map(seen);
    },
    async scalableTargets(after) {
      const command = new DescribeScalableTargetsCommand(ofServices(after));
      const answer = await ask('application-autoscaling:DescribeScalableTargets', (options) => autoScaling.send(command, options));
      const targets = (answer.ScalableTargets ?? []).flatMap(({ ResourceId, MinCapacity, MaxCapacity, SuspendedState: state }) =>
        ResourceId === undefined || MinCapacity === undefined || MaxCapacity === undefined
          ? []
          : [
              {
                resource: ResourceId,
                min: MinCapacity,
                max: MaxCapacity,
                suspended: Boolean(state?.DynamicScalingInSuspended && state.DynamicScalingOutSuspended && state.ScheduledScalingSuspended),
              },
            ],
      );
      return page(targets, answer.NextToken);
    },
    async scalingPolicies(after) {
      const command = new DescribeScalingPoliciesCommand(ofServices(after));
      const answer = await ask('application-autoscaling:DescribeScalingPolicies', (options) => autoScaling.send(command, options));
      return page(resources(answer.ScalingPolicies), answer.NextToken);
    },
    async scheduledActions(after) {
      const command = new DescribeScheduledActionsCommand(ofServices(after));
      const answer = await ask('application-autoscaling:DescribeScheduledActions', (options) => autoScaling.send(command, options));
      return page(resources(answer.ScheduledActions), answer.NextToken);
    },
  };
}

const page = <T>(items: readonly T[] | undefined, next: string | undefined): Page<T> => ({
  items: items ?? [],
  ...(next === undefined || next === '' ? {} : { next }),
});

const resources = (given: readonly { readonly ResourceId?: string | undefined }[] | undefined) =>
  (given ?? []).flatMap(({ ResourceId }) => (ResourceId === undefined ? [] : [ResourceId]));

const tagsOf = (tags: readonly Tag[] | undefined): Record<string, string> =>
  Object.fromEntries((tags ?? []).flatMap(({ key, value }) => (key === undefined ? [] : [[key, value ?? '']])));

/** A service that ECS describes without its name or counts is a failure: 0 would be a number that nobody gave. */
function seen(service: Service): SeenService {
  const { serviceArn: arn, serviceName: name, status, desiredCount, runningCount, pendingCount, launchType } = service;
  if (
    arn === undefined ||
    name === undefined ||
    status === undefined ||
    desiredCount === undefined ||
    runningCount === undefined ||
    pendingCount === undefined
  ) {
    throw new AwsFailure('unavailable', DESCRIBE_SERVICES, `ECS described ${arn ?? 'a service'} without its name, status or counts`);
  }
  return {
    arn,
    name,
    status,
    desired: desiredCount,
    running: runningCount,
    pending: pendingCount,
    ...(launchType === undefined ? {} : { launchType }),
    capacityProviders: (service.capacityProviderStrategy ?? []).flatMap(({ capacityProvider }) => capacityProvider ?? []),
    deploymentController: service.deploymentController?.type ?? 'ECS',
    schedulingStrategy: service.schedulingStrategy ?? 'REPLICA',
    resourceManagement: service.resourceManagementType ?? 'CUSTOMER',
    tags: tagsOf(service.tags),
  };
}
