import { AwsError } from './aws-error.ts';
import { clusterOf, optionalInteger, optionalText, ownPlace, serviceArnOf, text } from './ecs-names.ts';
import type { Need, Operation, Parameters, Scene } from './operation.ts';
import { resourceTags } from './resource-tags.ts';
import { clusterArn, deployment, describe, type ServiceState, settled, withDesired } from './service-state.ts';

/** Everything that UpdateService takes beside `cluster`, `service` and `desiredCount`. */
const OTHERS = [
  'taskDefinition',
  'capacityProviderStrategy',
  'deploymentConfiguration',
  'availabilityZoneRebalancing',
  'networkConfiguration',
  'placementConstraints',
  'placementStrategy',
  'platformVersion',
  'forceNewDeployment',
  'healthCheckGracePeriodSeconds',
  'deploymentController',
  'enableExecuteCommand',
  'enableECSManagedTags',
  'loadBalancers',
  'propagateTags',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'gatewayConnectors',
  'monitoring',
];
/** Those of them that DescribeServices tells of its deployments and not of the service. */
const OF_DEPLOYMENTS = [
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'forceNewDeployment',
  'monitoring',
  'gatewayConnectors',
];
/** Those of them that replace the tasks. */
const ROLLS_OUT = [
  'taskDefinition',
  'forceNewDeployment',
  'networkConfiguration',
  'platformVersion',
  'capacityProviderStrategy',
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
];

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html */
export const updateService: Operation = {
  needs: (parameters, scene) => {
    const cluster = clusterOf(parameters, scene);
    const arn = serviceArnOf(text(parameters, 'service'), cluster.name, scene);
    const update: Need = {
      action: 'ecs:UpdateService',
      resource: arn,
      context: { 'ecs:cluster': cluster.arn, ...resourceTags(arn, scene), ...requestKeys(parameters, scene) },
    };
    if (optionalText(parameters, 'taskDefinition') === undefined) return [update];
    // A new task definition hands its roles to the tasks. The stand-in's have an execution role.
    const { partition, accountId } = ownPlace(scene);
    const role = `arn:${partition}:iam::${accountId}:role/ecsTaskExecutionRole`;
    return [
      update,
      {
        action: 'iam:PassRole',
        resource: role,
        context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com', 'iam:AssociatedResourceArn': arn },
      },
    ];
  },
  perform: (parameters, scene) => {
    const cluster = clusterOf(parameters, scene);
    if (!scene.services.hasCluster(cluster.arn)) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
    const service = scene.services.get(serviceArnOf(text(parameters, 'service'), cluster.name, scene));
    if (service === undefined || clusterArn(service.id) !== cluster.arn)
      throw new AwsError('ServiceNotFoundException', 'Service not found.');
    const { status, schedulingStrategy } = describe(service);
    if (status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
    const count = optionalInteger(parameters, 'desiredCount');
    if (count !== undefined && count < 0) throw new AwsError('InvalidParameterException', 'desiredCount cannot be negative.');
    if (count !== undefined && schedulingStrategy === 'DAEMON') {
      throw new AwsError(
        'InvalidParameterException',
        'The daemon scheduling strategy does not support a desired count. Remove the desired count value and try again.',
      );
    }
    const counted = count === undefined ? service : withDesired(service, count, scene.now);
    const updated = rolledOut(withOthers(counted, parameters), parameters, scene);
    scene.services.set(updated);
    return { service: describe(settled(updated, scene.now)) };
  },
};

/** The condition keys of what the request carries: a key is there only when its parameter is. */
function requestKeys(parameters: Parameters, scene: Scene): Need['context'] {
  const { partition, region, accountId } = ownPlace(scene);
  const taskDefinition = optionalText(parameters, 'taskDefinition');
  const vpc = fields(fields(parameters.networkConfiguration)?.awsvpcConfiguration);
  const connect = fields(parameters.serviceConnectConfiguration);
  const providers = entries(parameters.capacityProviderStrategy).flatMap((one) =>
    typeof one.capacityProvider === 'string' ? [one.capacityProvider] : [],
  );
  const flag = (value: unknown) => (typeof value === 'boolean' ? value : undefined);
  const some = (values: readonly string[]) => (values.length > 0 ? values : undefined);
  return {
    'ecs:task-definition':
      taskDefinition === undefined || taskDefinition.startsWith('arn:')
        ? taskDefinition
        : `arn:${partition}:ecs:${region}:${accountId}:task-definition/${taskDefinition}`,
    'ecs:capacity-provider': some(
      providers.map((name) => (name.startsWith('arn:') ? name : `arn:${partition}:ecs:${region}:${accountId}:capacity-provider/${name}`)),
    ),
    'ecs:subnet': some((Array.isArray(vpc?.subnets) ? vpc.subnets : []).filter((one: unknown) => typeof one === 'string')),
    'ecs:auto-assign-public-ip': vpc === undefined ? undefined : vpc.assignPublicIp === 'ENABLED',
    'ecs:enable-execute-command': flag(parameters.enableExecuteCommand),
    'ecs:enable-ecs-managed-tags': flag(parameters.enableECSManagedTags),
    'ecs:enable-service-connect': flag(connect?.enabled),
    'ecs:namespace': typeof connect?.namespace === 'string' ? connect.namespace : undefined,
    'ecs:enable-ebs-volumes':
      parameters.volumeConfigurations === undefined
        ? undefined
        : entries(parameters.volumeConfigurations).some((one) => one.managedEBSVolume !== undefined),
    'ecs:enable-vpc-lattice':
      parameters.vpcLatticeConfigurations === undefined ? undefined : entries(parameters.vpcLatticeConfigurations).length > 0,
    'ecs:propagate-tags': optionalText(parameters, 'propagateTags'),
  };
}

function withOthers(service: ServiceState, parameters: Parameters): ServiceState {
  const given = OTHERS.filter((name) => !OF_DEPLOYMENTS.includes(name) && parameters[name] !== undefined && parameters[name] !== null);
  return { ...service, fields: { ...service.fields, ...Object.fromEntries(given.map((name) => [name, parameters[name]])) } };
}

/** A change that replaces the tasks begins a deployment beside the one that runs, and is done when new tasks could be up. */
function rolledOut(service: ServiceState, parameters: Parameters, { now }: Scene): ServiceState {
  if (!ROLLS_OUT.some((name) => parameters[name] !== undefined && parameters[name] !== null && parameters[name] !== false)) return service;
  const number = now + service.deployments.length;
  const { fields: described } = deployment(service.id, 'IN_PROGRESS', now, number, { taskDefinition: describe(service).taskDefinition });
  const before = service.deployments.map((one) => ({ ...one, fields: { ...one.fields, status: 'ACTIVE' } }));
  return { ...service, deployments: [{ fields: described, doneAt: now + service.taskStartMs }, ...before] };
}

function fields(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : undefined;
}

function entries(value: unknown): Readonly<Record<string, unknown>>[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.map(fields).filter((one) => one !== undefined);
}
