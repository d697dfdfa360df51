import type { ECSClient, Service } from '@aws-sdk/client-ecs';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import type { ServiceDescription } from '../accounts/customer-aws.ts';
import type { AwsCaller } from './aws-call.ts';
import { AwsFailure } from './aws-failure.ts';

export const DESCRIBE_SERVICES = 'ecs:DescribeServices';
/** ECS describes at most ten services in one call. */
const MOST_SERVICES_PER_CALL = 10;

interface Described {
  readonly found: readonly ServiceDescription[];
  readonly missing: readonly string[];
}

/** An ECS client, with whose account and Region it speaks. */
export interface EcsAs {
  readonly ecs: ECSClient;
  readonly accountId: string;
  readonly region: string;
}

/**
 * Any number of services of one cluster, ten at a time and one call after the other: the customer's
 * own deploys and tools share the rate that AWS allows to the account.
 */
export async function describeAll(
  call: AwsCaller,
  as: EcsAs,
  cluster: string,
  names: readonly string[],
  { tagged = false }: { readonly tagged?: boolean } = {},
): Promise<Described> {
  const about = { action: DESCRIBE_SERVICES, accountId: as.accountId, region: as.region, repeatable: true };
  const distinct = [...new Set(names)];
  const parts: Described[] = [];
  for (let i = 0; i < distinct.length; i += MOST_SERVICES_PER_CALL) {
    const some = distinct.slice(i, i + MOST_SERVICES_PER_CALL);
    parts.push(await call(about, (signal) => describeSome(as.ecs, cluster, some, tagged, signal)));
  }
  return { found: parts.flatMap((part) => part.found), missing: parts.flatMap((part) => part.missing) };
}

/** One call. Each name asked for is in `found` or `missing`, or the call fails. */
async function describeSome(
  ecs: ECSClient,
  cluster: string,
  names: readonly string[],
  tagged: boolean,
  signal: AbortSignal,
): Promise<Described> {
  const answer = await ecs.send(new DescribeServicesCommand({ cluster, services: [...names], ...(tagged ? { include: ['TAGS'] } : {}) }), {
    abortSignal: signal,
  });
  const found = (answer.services ?? []).map((service) => toDescription(service, tagged));
  const missing: string[] = [];
  for (const { arn, reason } of answer.failures ?? []) {
    if (reason !== 'MISSING') throw incomplete(`ECS could not describe ${arn ?? 'a service'}: ${reason ?? 'no reason given'}`);
    if (arn !== undefined) missing.push(arn.slice(arn.lastIndexOf('/') + 1));
  }
  const told = new Set([...found.map((service) => service.name), ...missing]);
  const untold = names.filter((name) => !told.has(name));
  // A service that nothing was said about must not pass for one that is gone.
  if (untold.length > 0) throw incomplete(`ECS said nothing of ${untold.join(', ')} in cluster ${cluster}`);
  return { found, missing };
}

/** Counts that ECS left out are a failure, never 0: a service must not be scaled from a number that nobody gave. */
function toDescription(service: Service, tagged: boolean): ServiceDescription {
  const { serviceArn, serviceName, status, desiredCount, runningCount, pendingCount } = service;
  if (serviceArn === undefined || serviceName === undefined || status === undefined)
    throw incomplete('ECS described a service without ARN, name or status');
  if (desiredCount === undefined || runningCount === undefined || pendingCount === undefined) {
    throw incomplete(`ECS described ${serviceArn} without its counts`);
  }
  const primary = service.deployments?.find(isPrimary) ?? service.taskSets?.find(isPrimary);
  return {
    arn: serviceArn,
    name: serviceName,
    status,
    desired: desiredCount,
    running: runningCount,
    pending: pendingCount,
    schedulingStrategy: service.schedulingStrategy ?? 'REPLICA',
    deploymentController: service.deploymentController?.type ?? 'ECS',
    resourceManagement: service.resourceManagementType ?? 'CUSTOMER',
    deployment: deploymentOf(service),
    ...(primary?.createdAt === undefined ? {} : { deploymentCreatedAt: primary.createdAt.getTime() }),
    ...(tagged ? { tags: tagsOf(service) } : {}),
  };
}

/**
 * More than one deployment (of task sets, under CODE_DEPLOY and EXTERNAL) means that one is under way.
 * `rolloutState` exists for ECS's rolling deployments only; where it is absent their number tells.
 */
function deploymentOf(service: Service): ServiceDescription['deployment'] {
  const deployments = service.deployments ?? [];
  const rollout = deployments.find(isPrimary)?.rolloutState;
  if (rollout === 'FAILED') return 'failed';
  if (rollout === 'IN_PROGRESS' || deployments.length > 1 || (service.taskSets ?? []).length > 1) return 'in-progress';
  return 'none';
}

const tagsOf = ({ tags }: Service): Record<string, string> =>
  Object.fromEntries((tags ?? []).flatMap(({ key, value }) => (key === undefined ? [] : [[key, value ?? '']])));
const isPrimary = (deployment: { readonly status?: string | undefined }) => deployment.status === 'PRIMARY';
const incomplete = (message: string) => new AwsFailure('unavailable', DESCRIBE_SERVICES, message);
