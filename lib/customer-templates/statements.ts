import type { Conditions, PolicyName, Statement } from './statement.ts';

/** Marks the services that `write-tagged` is about; a tag key cannot be a parameter of a template. */
export const SCALE_TAG = { key: 'sluice:scale', value: 'true' } as const;

const CLUSTERS = 'arn:${Partition}:ecs:*:${AccountId}:cluster/*';
const SERVICES = 'arn:${Partition}:ecs:*:${AccountId}:service/*';

/**
 * Everything that Sluice may do in a customer's account. CloudFormation, Terraform and plain JSON are written from this list,
 * and so is what the reviewer reads; a test holds it to the calls that lib/aws makes.
 */
export const STATEMENTS: readonly Statement[] = [
  {
    sid: 'SeeServices',
    policy: 'read',
    feature: 'scaling',
    actions: ['ecs:DescribeServices'],
    resources: [SERVICES],
    why: 'The desired, running and pending count, the deployment under way and the kind of each service: looked at before every decision and again before every change.',
    without: 'No service is scaled.',
  },
  {
    sid: 'FindClusters',
    policy: 'read',
    feature: 'discovery',
    actions: ['ecs:ListClusters'],
    resources: ['*'],
    why: 'Which clusters there are, to offer their services. IAM has no resource for the list, hence the star.',
    without: 'Services have to be named by hand; those that are named are scaled as before.',
  },
  {
    sid: 'FindServices',
    policy: 'read',
    feature: 'discovery',
    actions: ['ecs:ListServices'],
    resources: ['*'],
    why: 'Which services a cluster has. IAM has no resource for the list, hence the star.',
    without: 'Services have to be named by hand; those that are named are scaled as before.',
  },
  {
    sid: 'SeeClusters',
    policy: 'read',
    feature: 'discovery',
    actions: ['ecs:DescribeClusters'],
    resources: [CLUSTERS],
    why: 'The state and the capacity providers of a cluster, to say why tasks of a service do not start.',
    without: 'Sluice cannot say that a cluster is the reason.',
  },
  {
    sid: 'SeeTags',
    policy: 'read',
    feature: 'discovery',
    actions: ['ecs:ListTagsForResource'],
    resources: [CLUSTERS, SERVICES],
    why: 'Tags of clusters and services, by which services are found and grouped.',
    without: 'Services are shown without their tags.',
  },
  {
    sid: 'FindRivalScalers',
    policy: 'read',
    feature: 'discovery',
    actions: [
      'application-autoscaling:DescribeScalableTargets',
      'application-autoscaling:DescribeScalingPolicies',
      'application-autoscaling:DescribeScheduledActions',
    ],
    resources: ['*'],
    why: 'Whether Application Auto Scaling already scales a service; two scalers on one service fight. IAM has no resource for these, hence the star.',
    without: 'There is no warning before two scalers meet.',
  },
  {
    sid: 'NameTheAccount',
    policy: 'read',
    feature: 'discovery',
    actions: ['iam:ListAccountAliases'],
    resources: ['*'],
    why: "The account's alias, to show a name beside the number. IAM has no resource for it, hence the star.",
    without: 'The account is shown by its number alone.',
  },
  {
    sid: 'FindRegions',
    policy: 'read',
    feature: 'discovery',
    actions: ['account:ListRegions'],
    resources: ['arn:${Partition}:account::${AccountId}:account'],
    why: 'Which Regions the account has enabled, to look for services in those alone.',
    without: 'A fixed list of Regions is looked at, and calls to those that are not enabled fail.',
  },
  {
    sid: 'ChangeDesiredCount',
    policy: 'write',
    feature: 'scaling',
    actions: ['ecs:UpdateService'],
    resources: { each: 'Services' },
    why: 'The one change that Sluice makes. IAM cannot allow the count alone, so the services are listed one by one; Sluice sends cluster, service and desiredCount and nothing else.',
    without: 'The services are watched and what would be done is recorded; nothing is scaled.',
  },
  {
    sid: 'ChangeDesiredCountInCluster',
    policy: 'write-cluster',
    feature: 'scaling',
    actions: ['ecs:UpdateService'],
    resources: ['arn:${Partition}:ecs:${ClusterRegion}:${AccountId}:service/${ClusterName}/*'],
    conditions: { ArnEquals: { 'ecs:cluster': 'arn:${Partition}:ecs:${ClusterRegion}:${AccountId}:cluster/${ClusterName}' } },
    why: 'The one change that Sluice makes, for every service of one cluster, those to come included: wider than a list, and never in need of an update.',
    without: 'The services are watched and what would be done is recorded; nothing is scaled.',
  },
  {
    sid: 'ChangeDesiredCountOfTagged',
    policy: 'write-tagged',
    feature: 'scaling',
    actions: ['ecs:UpdateService'],
    resources: [SERVICES],
    conditions: { StringEquals: { [`aws:ResourceTag/${SCALE_TAG.key}`]: SCALE_TAG.value } },
    why: `The one change that Sluice makes, for every service that carries the tag ${SCALE_TAG.key} = ${SCALE_TAG.value}: whoever may tag services decides what is scaled.`,
    without: 'The services are watched and what would be done is recorded; nothing is scaled.',
  },
  {
    sid: 'ReadQueueDepths',
    policy: 'queues',
    feature: 'queues',
    actions: ['sqs:GetQueueAttributes'],
    resources: { each: 'Queues' },
    why: 'How many messages wait and how many are being worked on, for services that are scaled by an SQS queue. Messages themselves cannot be read with it.',
    without: 'Targets that name an SQS queue have no reading, and what has no reading never scales in.',
  },
  {
    sid: 'ReadMetrics',
    policy: 'queues',
    feature: 'queues',
    actions: ['cloudwatch:GetMetricData'],
    resources: ['*'],
    why: 'The age of the oldest message, and other metrics that a policy names. IAM has no resource for metrics, hence the star.',
    without: 'Targets that name a CloudWatch metric have no reading, and what has no reading never scales in.',
  },
];

/** The statements of one policy, in order. */
export const statementsOf = (policy: PolicyName): readonly Statement[] => STATEMENTS.filter((statement) => statement.policy === policy);

/**
 * Condition keys of a request to UpdateService that are there only when it carries more than a count. `Null` "true" asks that a
 * key be absent. AWS has two more, ecs:task-cpu and ecs:task-memory, which it derives from the task definition: no parameter
 * sets them, so that to forbid them would refuse nothing more.
 */
export const HARDENED: Conditions = {
  Null: Object.fromEntries(
    [
      'task-definition',
      'capacity-provider',
      'subnet',
      'auto-assign-public-ip',
      'enable-execute-command',
      'enable-service-connect',
      'namespace',
      'enable-vpc-lattice',
      'enable-ebs-volumes',
      'enable-ecs-managed-tags',
      'propagate-tags',
    ].map((key) => [`ecs:${key}`, 'true']),
  ),
};

/** The same statement for customers who opt in: refuses every request that carries one of those keys. */
export const hardened = (statement: Statement): Statement => ({ ...statement, conditions: { ...statement.conditions, ...HARDENED } });
