import * as z from 'zod';
import { parseServiceArn } from '../../accounts/service-arn.ts';
import { type Deployment, deployment, describe, type ServiceState, settled, withDesired } from './service-state.ts';
import type { Services } from './services.ts';

const Count = z.int().min(0);
/** Seconds since 1970, as ECS writes times, or ISO 8601. */
const Time = z.union([z.number(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text) / 1000)]);

/** Fields of a service that are neither counts nor names: kept as they are given. */
const FREE = [
  'loadBalancers',
  'serviceRegistries',
  'capacityProviderStrategy',
  'platformFamily',
  'platformVersion',
  'taskDefinition',
  'deploymentConfiguration',
  'taskSets',
  'roleArn',
  'currentServiceDeployment',
  'currentServiceRevisions',
  'placementConstraints',
  'placementStrategy',
  'networkConfiguration',
  'healthCheckGracePeriodSeconds',
  'createdBy',
  'enableECSManagedTags',
  'propagateTags',
  'enableExecuteCommand',
  'availabilityZoneRebalancing',
  'gatewayConnectors',
  'monitoring',
];

const DeploymentSchema = z.looseObject({
  id: z.string().optional(),
  status: z.enum(['PRIMARY', 'ACTIVE', 'INACTIVE']).optional(),
  rolloutState: z.enum(['COMPLETED', 'FAILED', 'IN_PROGRESS']).optional(),
  desiredCount: Count.optional(),
  pendingCount: Count.optional(),
  runningCount: Count.optional(),
  createdAt: Time.optional(),
  updatedAt: Time.optional(),
});

const Posted = z.strictObject({
  arn: z.string().optional(),
  serviceArn: z.string().optional(),
  serviceName: z.string().optional(),
  clusterArn: z.string().optional(),
  desiredCount: Count.optional(),
  runningCount: Count.optional(),
  pendingCount: Count.optional(),
  /** Not ECS's: how long tasks of this service take to start. */
  taskStartMs: z.number().min(0).optional(),
  status: z.enum(['ACTIVE', 'DRAINING', 'INACTIVE']).optional(),
  launchType: z.enum(['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES']).optional(),
  schedulingStrategy: z.enum(['REPLICA', 'DAEMON']).optional(),
  resourceManagementType: z.enum(['CUSTOMER', 'ECS']).optional(),
  deploymentController: z.strictObject({ type: z.enum(['ECS', 'CODE_DEPLOY', 'EXTERNAL']) }).optional(),
  deployments: z.array(DeploymentSchema).optional(),
  events: z.array(z.looseObject({ createdAt: Time.optional() })).optional(),
  tags: z.array(z.strictObject({ key: z.string(), value: z.string().optional() })).optional(),
  createdAt: Time.optional(),
  ...Object.fromEntries(FREE.map((name) => [name, z.unknown().optional()])),
});

export type PutService = { readonly ok: true; readonly arn: string } | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Makes a service, or changes one as somebody else would: any field of DescribeServices, merged into
 * what is there. A new `desiredCount` is an order, and tasks follow as after UpdateService. A new
 * `runningCount` or `pendingCount` beside it stands as given, and such pending tasks never start.
 */
export function putService(value: unknown, services: Services): PutService {
  const parsed = Posted.safeParse(value);
  if (!parsed.success)
    return {
      ok: false,
      problems: parsed.error.issues.map(({ path, message }) => `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`),
    };
  const {
    arn: short,
    serviceArn,
    serviceName,
    clusterArn: _,
    desiredCount,
    runningCount,
    pendingCount,
    taskStartMs,
    deployments,
    createdAt,
    ...fields
  } = parsed.data;
  const arn = short ?? serviceArn;
  if (arn === undefined) return { ok: false, problems: ['arn: is missing; it says which service this is'] };
  const id = parseServiceArn(arn);
  if (!id.ok) return { ok: false, problems: id.problems.map((problem) => `arn: ${problem}`) };
  if (serviceName !== undefined && serviceName !== id.value.service)
    return { ok: false, problems: [`serviceName: ${serviceName} is not the name in the ARN, ${id.value.service}`] };

  const now = services.now();
  const before = services.get(arn) ?? services.start(id.value, desiredCount ?? runningCount ?? 1);
  const based: ServiceState = {
    ...before,
    ...(taskStartMs === undefined ? {} : { taskStartMs }),
    ...(createdAt === undefined ? {} : { createdAt: createdAt * 1000 }),
    ...(deployments === undefined ? {} : { deployments: deployments.map((one, i) => given(before, one, i, now)) }),
    fields: { ...before.fields, ...Object.fromEntries(Object.entries(fields).filter(([, one]) => one !== undefined)) },
  };
  services.set(settled(counted(based, { desiredCount, runningCount, pendingCount }, now), now));
  return { ok: true, arn };
}

interface Counts {
  readonly desiredCount: number | undefined;
  readonly runningCount: number | undefined;
  readonly pendingCount: number | undefined;
}

function counted(service: ServiceState, { desiredCount, runningCount, pendingCount }: Counts, now: number): ServiceState {
  const { runningCount: running, pendingCount: pending } = describe(service);
  const asTheyAre = (runningCount ?? running) === running && (pendingCount ?? pending) === pending;
  if (asTheyAre) return desiredCount === undefined || desiredCount === service.desired ? service : withDesired(service, desiredCount, now);
  return {
    ...service,
    desired: desiredCount ?? service.desired,
    running: runningCount ?? service.running,
    starting:
      pendingCount === undefined
        ? service.starting
        : pendingCount === 0
          ? []
          : [{ count: pendingCount, readyAt: Number.POSITIVE_INFINITY }],
  };
}

/**
 * A deployment as given, with what was left out as ECS would have it; a second one is the one that is
 * being replaced. Counts of the first that are the service's own are left to follow these.
 */
function given(service: ServiceState, fields: Readonly<Record<string, unknown>>, index: number, now: number): Deployment {
  const own = describe(service);
  const whole = deployment(service.id, 'COMPLETED', now, now + index, {
    taskDefinition: own.taskDefinition,
    status: index === 0 ? 'PRIMARY' : 'ACTIVE',
  });
  const follows = (name: string, value: unknown) => index === 0 && /^(desired|pending|running)Count$/.test(name) && value === own[name];
  return { fields: { ...whole.fields, ...Object.fromEntries(Object.entries(fields).filter(([name, value]) => !follows(name, value))) } };
}
