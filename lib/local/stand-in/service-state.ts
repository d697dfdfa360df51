import type { ServiceArn } from '../../accounts/service-arn.ts';

/** Fields of DescribeServices that were set as they are, by ECS's own names. */
export type ServiceFields = Readonly<Record<string, unknown>>;

/** Tasks that are on their way up together. */
interface Starting {
  readonly count: number;
  /** Infinity: they never come up. */
  readonly readyAt: number;
}

export interface Deployment {
  readonly fields: Readonly<Record<string, unknown>>;
  /** When it will be found completed; absent: it stays as it is. */
  readonly doneAt?: number;
}

/** One ECS service of the stand-in. Values are replaced, never changed in place. */
export interface ServiceState {
  readonly id: ServiceArn;
  readonly desired: number;
  readonly running: number;
  readonly starting: readonly Starting[];
  /** How long a task takes from pending to running, ms. */
  readonly taskStartMs: number;
  readonly createdAt: number;
  readonly deployments: readonly Deployment[];
  readonly fields: ServiceFields;
}

/** A service as the local run's services begin: all tasks run, ACTIVE, its one deployment completed. */
export function newService(id: ServiceArn, desired: number, now: number, taskStartMs: number): ServiceState {
  return {
    id,
    desired,
    running: desired,
    starting: [],
    taskStartMs,
    createdAt: now,
    deployments: [deployment(id, 'COMPLETED', now, 1)],
    fields: {},
  };
}

export function deployment(
  id: ServiceArn,
  rolloutState: 'COMPLETED' | 'IN_PROGRESS',
  now: number,
  number: number,
  fields: ServiceFields = {},
): Deployment {
  const deploymentId = `ecs-svc/${String(number).padStart(19, '0')}`;
  return {
    fields: {
      id: deploymentId,
      status: 'PRIMARY',
      taskDefinition: taskDefinitionArn(id),
      createdAt: seconds(now),
      updatedAt: seconds(now),
      rolloutState,
      ...fields,
    },
  };
}

/** The service as it is at `now`: tasks whose time has come are running, deployments whose time has come are done. */
export function settled(service: ServiceState, now: number): ServiceState {
  const up = service.starting.filter(({ readyAt }) => readyAt <= now);
  const done = service.deployments.some(({ doneAt }) => doneAt !== undefined && doneAt <= now);
  if (up.length === 0 && !done) return service;
  return {
    ...service,
    running: service.running + sum(up),
    starting: service.starting.filter(({ readyAt }) => readyAt > now),
    deployments: done
      ? service.deployments
          .filter(({ doneAt }) => doneAt !== undefined && doneAt <= now)
          .map(({ fields }) => ({ fields: { ...fields, rolloutState: 'COMPLETED', updatedAt: seconds(now) } }))
      : service.deployments,
  };
}

/** Orders a count: missing tasks are pending first, tasks too many stop at once, those still starting before those that run. */
export function withDesired(service: ServiceState, desired: number, now: number): ServiceState {
  const missing = desired - service.running - sum(service.starting);
  if (missing > 0) return { ...service, desired, starting: [...service.starting, { count: missing, readyAt: now + service.taskStartMs }] };
  let tooMany = -missing;
  const starting: Starting[] = [];
  for (const batch of service.starting.toReversed()) {
    const kept = Math.max(0, batch.count - tooMany);
    tooMany -= batch.count - kept;
    if (kept > 0) starting.unshift({ ...batch, count: kept });
  }
  return { ...service, desired, starting, running: service.running - tooMany };
}

/** The service in the form and with the field names of DescribeServices; times are seconds since 1970. */
export function describe(service: ServiceState): Record<string, unknown> {
  const { id, desired, running, fields } = service;
  const counts = { desiredCount: desired, pendingCount: sum(service.starting), runningCount: running };
  const place = { launchType: 'FARGATE', platformVersion: '1.4.0', platformFamily: 'Linux' };
  return {
    serviceArn: id.arn,
    serviceName: id.service,
    clusterArn: clusterArn(id),
    loadBalancers: [],
    serviceRegistries: [],
    status: 'ACTIVE',
    ...counts,
    ...place,
    taskDefinition: taskDefinitionArn(id),
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: false, rollback: false },
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      strategy: 'ROLLING',
    },
    deployments: service.deployments.map((one, i) => ({
      ...(i === 0 ? counts : { desiredCount: 0, pendingCount: 0, runningCount: 0 }),
      failedTasks: 0,
      ...place,
      ...one.fields,
    })),
    roleArn: `arn:${id.partition}:iam::${id.accountId}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
    events: [],
    createdAt: seconds(service.createdAt),
    placementConstraints: [],
    placementStrategy: [],
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    createdBy: `arn:${id.partition}:iam::${id.accountId}:role/deployer`,
    enableECSManagedTags: true,
    propagateTags: 'NONE',
    enableExecuteCommand: false,
    availabilityZoneRebalancing: 'ENABLED',
    resourceManagementType: 'CUSTOMER',
    ...fields,
  };
}

export const clusterArn = ({ partition, region, accountId, cluster }: Omit<ServiceArn, 'arn' | 'service'>) =>
  `arn:${partition}:ecs:${region}:${accountId}:cluster/${cluster}`;
export const taskDefinitionArn = ({ partition, region, accountId, service }: ServiceArn) =>
  `arn:${partition}:ecs:${region}:${accountId}:task-definition/${service}:1`;
export const seconds = (ms: number) => ms / 1000;
const sum = (batches: readonly Starting[]) => batches.reduce((total, { count }) => total + count, 0);
