/** A role that one meets around Amazon ECS. */
export interface EcsRole {
  /** The name that AWS's documents and console use. */
  readonly name: string;
  readonly kind: string;
  /** Service principals that take it up. */
  readonly trusts: readonly string[];
  /** Managed policies of today, by what follows "arn:aws:iam::aws:policy/". */
  readonly managedPolicies: readonly string[];
  readonly does: string;
  /** What it is to Sluice. */
  readonly sluice: string;
}

/** Names as AWS published them in August 2026; each can be looked up in AWS's reference of managed policies. */
export const ECS_ROLES: readonly EcsRole[] = [
  {
    name: 'one for each task',
    kind: 'task role',
    trusts: ['ecs-tasks.amazonaws.com'],
    managedPolicies: [],
    does: "What the containers of a task may do. A role of its own for each task definition keeps one app's permissions from another's.",
    sluice: 'Home of the adapter, which needs no permission of AWS: it posts to a URL. Also what `sluice serve` runs as in an ECS task.',
  },
  {
    name: 'ecsTaskExecutionRole',
    kind: 'task execution role',
    trusts: ['ecs-tasks.amazonaws.com'],
    managedPolicies: ['service-role/AmazonECSTaskExecutionRolePolicy'],
    does: 'What ECS does before and beside the containers: pulls the image, writes awslogs, fetches what secrets: names (to be added to it).',
    sluice: 'Not Sluice. Fetches the report URL where it is kept as a secret.',
  },
  {
    name: 'ecsInstanceRole',
    kind: 'container instance role',
    trusts: ['ec2.amazonaws.com'],
    managedPolicies: ['service-role/AmazonEC2ContainerServiceforEC2Role'],
    does: "The agent on an EC2 machine. Tasks reach it too, unless the machine's metadata is shut to them.",
    sluice: 'Not Sluice.',
  },
  {
    name: 'ecsInstanceRole of Managed Instances',
    kind: 'container instance role',
    trusts: ['ec2.amazonaws.com'],
    managedPolicies: ['AmazonECSInstanceRolePolicyForManagedInstances'],
    does: 'The same for machines that ECS manages.',
    sluice: 'Not Sluice.',
  },
  {
    name: 'ecsAnywhereRole',
    kind: 'external instance role',
    trusts: ['ssm.amazonaws.com'],
    managedPolicies: ['AmazonSSMManagedInstanceCore', 'service-role/AmazonEC2ContainerServiceforEC2Role'],
    does: 'The agent on a machine of your own (ECS Anywhere).',
    sluice: 'Not Sluice.',
  },
  {
    name: 'ecsInfrastructureRole',
    kind: 'infrastructure role',
    trusts: ['ecs.amazonaws.com'],
    managedPolicies: [
      'service-role/AmazonECSInfrastructureRolePolicyForVolumes',
      'service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity',
      'AmazonECSInfrastructureRolePolicyForVpcLattice',
      'AmazonECSInfrastructureRolePolicyForLoadBalancers',
      'AmazonECSInfrastructureRolePolicyForManagedInstances',
      'service-role/AmazonECSInfrastructureRoleforExpressGatewayServices',
    ],
    does: 'What ECS makes for a service: volumes, certificates, target groups and, for Express Gateway services, an autoscaler.',
    sluice: 'Not Sluice. An Express Gateway service has an autoscaler of its own, a rival.',
  },
  {
    name: 'AWSServiceRoleForECS',
    kind: 'service-linked role',
    trusts: ['ecs.amazonaws.com'],
    managedPolicies: ['aws-service-role/AmazonECSServiceRolePolicy'],
    does: 'ECS itself: registers tasks with load balancers, network interfaces, service discovery. It starts the tasks that a count asks for.',
    sluice: 'Not Sluice, but who carries out what Sluice asks for.',
  },
  {
    name: 'AWSServiceRoleForECSCompute',
    kind: 'service-linked role',
    trusts: ['ecs-compute.amazonaws.com'],
    managedPolicies: ['aws-service-role/AmazonECSComputeServiceRolePolicy'],
    does: 'ECS Managed Instances: machines that come and go.',
    sluice: 'Not Sluice.',
  },
  {
    name: 'ecsServiceRole',
    kind: 'service role (legacy)',
    trusts: ['ecs.amazonaws.com'],
    managedPolicies: ['service-role/AmazonEC2ContainerServiceRole'],
    does: 'What AWSServiceRoleForECS does since 2018; still found on old services with a Classic Load Balancer.',
    sluice: 'Not Sluice.',
  },
  {
    name: 'AWSServiceRoleForApplicationAutoScaling_ECSService',
    kind: 'service-linked role',
    trusts: ['ecs.application-autoscaling.amazonaws.com'],
    managedPolicies: ['aws-service-role/AWSApplicationAutoscalingECSServicePolicy'],
    does: "AWS's own autoscaler: describes services, updates them, keeps alarms.",
    sluice: 'Not Sluice, but its rival: the same two calls of ECS. Where it scales a service, Sluice says so and holds.',
  },
  {
    name: 'ecsAutoscaleRole',
    kind: 'autoscale role (legacy)',
    trusts: ['application-autoscaling.amazonaws.com'],
    managedPolicies: ['service-role/AmazonEC2ContainerServiceAutoscaleRole'],
    does: 'The same before service-linked roles.',
    sluice: "Not Sluice. It may update every service of the account; Sluice's may update those that are listed.",
  },
  {
    name: 'ecsEventsRole',
    kind: 'events role',
    trusts: ['events.amazonaws.com', 'scheduler.amazonaws.com'],
    managedPolicies: ['service-role/AmazonEC2ContainerServiceEventsRole'],
    does: 'Runs tasks by schedule or event. Passes any role to ECS tasks: narrow it to those that the tasks have.',
    sluice: 'Not Sluice, which runs no task.',
  },
  {
    name: 'ecsCodeDeployRole',
    kind: 'CodeDeploy role',
    trusts: ['codedeploy.amazonaws.com'],
    managedPolicies: ['AWSCodeDeployRoleForECS', 'AWSCodeDeployRoleForECSLimited'],
    does: 'Blue/green deployments by CodeDeploy, which keeps the count in task sets.',
    sluice: 'Not Sluice. Services with the controller CODE_DEPLOY are not scaled.',
  },
  {
    name: 'role/sluice/…',
    kind: "Sluice's role at a customer's",
    trusts: [],
    managedPolicies: [],
    does: "Lets the operator's account in, by external ID and path: looks at services and changes the count of those that are listed.",
    sluice: 'Sluice. A caller of ECS like a person or a CI: no service of AWS takes it up, and it passes no role.',
  },
];
