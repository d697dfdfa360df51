/** A value that the customer gives, with the rule that CloudFormation and Terraform hold it to before anything is made. */
export interface Parameter {
  readonly name: string;
  readonly list?: true;
  readonly description: string;
  /** Of the whole value; of each element, for a list. */
  readonly pattern?: string;
  /** Follows the value that broke the pattern. */
  readonly rule?: string;
  readonly allowed?: readonly string[];
  readonly default?: string;
}

export const OPERATOR_ACCOUNT_ID: Parameter = {
  name: 'OperatorAccountId',
  description: 'The AWS account that Sluice runs in, twelve digits.',
  pattern: '^[0-9]{12}$',
  rule: 'must be twelve digits',
};

export const OPERATOR_STAGE: Parameter = {
  name: 'OperatorStage',
  description: "The stage of Sluice that may use the role. Only roles under /sluice/<stage>/ of the operator's account can.",
  default: 'prod',
  pattern: '^[a-z][a-z0-9-]{0,19}$',
  rule: 'must be 1 to 20 lower-case letters, digits and hyphens, a letter first',
};

export const EXTERNAL_ID: Parameter = {
  name: 'ExternalId',
  description: 'The ID that Sluice made for this account. It is not a secret, but must be this one.',
  pattern: '^sluice-[0-9a-f]{32}$',
  rule: 'must be the ID that Sluice gave you, "sluice-" and 32 hexadecimal digits',
};

export const ROLE_NAME: Parameter = {
  name: 'RoleName',
  description: 'The output RoleName of the first step (read.yaml).',
  pattern: '^[A-Za-z0-9_+=,.@-]{1,64}$',
  rule: 'must be the name of the role, without its path or ARN',
};

export const SERVICES: Parameter = {
  name: 'Services',
  list: true,
  description:
    'ARNs of the services that Sluice may scale, with commas between them and no wildcards. A parameter holds 4,096 characters, some 50 services; for more, create this stack again with the others.',
  pattern: '^arn:aws[a-z-]*:ecs:[a-z0-9-]+:[0-9]{12}:service/[A-Za-z0-9_-]{1,255}/[A-Za-z0-9_-]{1,255}$',
  rule: 'must be ARNs like arn:aws:ecs:us-east-1:111122223333:service/shop/web, each with its cluster',
};

export const CLUSTER_REGION: Parameter = {
  name: 'ClusterRegion',
  description: 'The Region of the cluster whose services Sluice may scale.',
  pattern: '^[a-z]{2,}(-[a-z0-9]+)+-[0-9]+$',
  rule: 'must be a Region like us-east-1',
};

export const CLUSTER_NAME: Parameter = {
  name: 'ClusterName',
  description: 'The name of the cluster whose services Sluice may scale, those to come included.',
  pattern: '^[A-Za-z0-9_-]{1,255}$',
  rule: "must be the cluster's name, without its ARN",
};

export const QUEUES: Parameter = {
  name: 'Queues',
  list: true,
  description: 'ARNs of the SQS queues whose depth Sluice may read, with commas between them and no wildcards.',
  pattern: '^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,80}([.]fifo)?$',
  rule: 'must be ARNs like arn:aws:sqs:us-east-1:111122223333:imports',
};

export const HARDEN_REQUESTS: Parameter = {
  name: 'HardenRequests',
  description:
    'With "yes" AWS refuses every request that carries more than a count as far as IAM can tell: a task definition, subnets, a shell into tasks and so on. Not yet proven on AWS: if scaling is then denied, set it back to "no".',
  default: 'no',
  allowed: ['no', 'yes'],
};
