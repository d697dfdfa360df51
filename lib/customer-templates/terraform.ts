import { TEMPLATE_VERSION, TEMPLATE_VERSION_TAG } from '../accounts/template-version.ts';
import {
  CLUSTER_NAME,
  CLUSTER_REGION,
  EXTERNAL_ID,
  OPERATOR_ACCOUNT_ID,
  OPERATOR_STAGE,
  type Parameter,
  QUEUES,
  SERVICES,
} from './parameters.ts';
import type { Placeholder, Statement } from './statement.ts';
import { hardened, SCALE_TAG, statementsOf } from './statements.ts';
import { ROLE_PATH, TRUST } from './trust.ts';

const NAMES: Readonly<Record<Placeholder, string>> = {
  Partition: 'local.partition',
  AccountId: 'local.account_id',
  OperatorAccountId: 'var.operator_account_id',
  OperatorStage: 'var.operator_stage',
  ExternalId: 'var.external_id',
  ClusterRegion: 'local.cluster_region',
  ClusterName: 'local.cluster_name',
};
const LISTS = { Services: '${var.scale.services}', Queues: '${var.queue_arns}' } as const;

const isPlaceholder = (name: string): name is Placeholder => Object.hasOwn(NAMES, name);
const expression = (text: string): string =>
  text.replace(/\$\{(\w+)\}/g, (whole, name: string) => (isPlaceholder(name) ? `\${${NAMES[name]}}` : whole));

const oneOrMore = (values: readonly string[]) => (values.length === 1 ? values[0] : values);
const filled = (conditions: Statement['conditions']) =>
  Object.fromEntries(
    Object.entries(conditions ?? {}).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, expression(value)])),
    ]),
  );

const policy = (statements: readonly Statement[]) => ({
  Version: '2012-10-17',
  Statement: statements.map(({ sid, actions, resources, conditions }) => ({
    Sid: sid,
    Effect: 'Allow',
    Action: oneOrMore(actions),
    Resource: 'each' in resources ? LISTS[resources.each] : oneOrMore(resources.map(expression)),
    ...(conditions === undefined ? {} : { Condition: filled(conditions) }),
  })),
});

/** Every policy of the module, in Terraform's JSON form, which reads like the policy that it becomes. */
export const policies = (): object => ({
  '//': 'Generated from lib/customer-templates. What each statement is for: infra/customer/README.md.',
  locals: {
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: TRUST.sid,
          Effect: 'Allow',
          Principal: { AWS: expression(TRUST.principal) },
          Action: TRUST.action,
          Condition: filled(TRUST.conditions),
        },
      ],
    },
    read: policy(statementsOf('read')),
    write: policy(statementsOf('write')),
    write_hardened: policy(statementsOf('write').map(hardened)),
    write_cluster: policy(statementsOf('write-cluster')),
    write_cluster_hardened: policy(statementsOf('write-cluster').map(hardened)),
    write_tagged: policy(statementsOf('write-tagged')),
    write_tagged_hardened: policy(statementsOf('write-tagged').map(hardened)),
    queues: policy(statementsOf('queues')),
  },
});

const HEADER = '# Generated from lib/customer-templates.\n';
const text = (value: string) => JSON.stringify(value);
const validation = (condition: string, { rule = '' }: Parameter, what: string) => `  validation {
    condition     = ${condition}
    error_message = ${text(`${what} ${rule}.`)}
  }
`;
const matches = ({ pattern = '' }: Parameter, value: string) => `can(regex(${text(pattern)}, ${value}))`;
const each = (parameter: Parameter, list: string) => `alltrue([for arn in ${list} : ${matches(parameter, 'arn')}])`;

export const variables = (): string => `${HEADER}
variable "operator_account_id" {
  description = ${text(OPERATOR_ACCOUNT_ID.description)}
  type        = string
${validation(matches(OPERATOR_ACCOUNT_ID, 'var.operator_account_id'), OPERATOR_ACCOUNT_ID, 'The account')}}

variable "operator_stage" {
  description = ${text(OPERATOR_STAGE.description)}
  type        = string
  default     = ${text(OPERATOR_STAGE.default ?? '')}
${validation(matches(OPERATOR_STAGE, 'var.operator_stage'), OPERATOR_STAGE, 'The stage')}}

variable "external_id" {
  description = ${text(EXTERNAL_ID.description)}
  type        = string
${validation(matches(EXTERNAL_ID, 'var.external_id'), EXTERNAL_ID, 'The external ID')}}

variable "scale" {
  description = <<-EOT
    What Sluice may scale; nothing at first. services: ARNs, one by one, the narrowest. cluster: every service of one cluster.
    tagged: every service with the tag ${SCALE_TAG.key} = ${SCALE_TAG.value}. harden_requests: AWS refuses requests that carry more than a
    count, as far as IAM can tell; not yet proven on AWS.
  EOT
  type = object({
    services        = optional(list(string), [])
    cluster         = optional(object({ region = string, name = string }))
    tagged          = optional(bool, false)
    harden_requests = optional(bool, false)
  })
  default = {}
${validation(each(SERVICES, 'var.scale.services'), SERVICES, 'Services')}${validation(
  `var.scale.cluster == null || can([regex(${text(CLUSTER_REGION.pattern ?? '')}, var.scale.cluster.region), regex(${text(CLUSTER_NAME.pattern ?? '')}, var.scale.cluster.name)])`,
  { ...CLUSTER_NAME, rule: 'must have a Region like us-east-1, and a name without its ARN' },
  'The cluster',
)}}

variable "queue_arns" {
  description = "ARNs of the SQS queues whose depth Sluice may read; with any, it may read CloudWatch metrics, too."
  type        = list(string)
  default     = []
${validation(each(QUEUES, 'var.queue_arns'), QUEUES, 'Queues')}}
`;

/** Which policies the variables ask for, apart from the resources, so that it can be evaluated without AWS's provider. */
export const chosen = (): string => `${HEADER}
locals {
  cluster_region = try(var.scale.cluster.region, "")
  cluster_name   = try(var.scale.cluster.name, "")

  # A managed policy holds 6,144 characters: the longest ARNs of twenty services fit with room to spare for most accounts.
  listed = [for part in chunklist(var.scale.services, 20) : jsonencode({
    Version   = "2012-10-17"
    Statement = [merge(jsondecode(var.scale.harden_requests ? jsonencode(local.write_hardened) : jsonencode(local.write)).Statement[0], { Resource = part })]
  })]
  in_cluster = var.scale.cluster == null ? [] : [var.scale.harden_requests ? jsonencode(local.write_cluster_hardened) : jsonencode(local.write_cluster)]
  tagged     = var.scale.tagged ? [var.scale.harden_requests ? jsonencode(local.write_tagged_hardened) : jsonencode(local.write_tagged)] : []

  attached = merge(
    { for i, document in local.listed : "write-\${i + 1}" => document },
    { for document in local.in_cluster : "write-cluster" => document },
    { for document in local.tagged : "write-tagged" => document },
    length(var.queue_arns) == 0 ? {} : { queues = jsonencode(local.queues) },
  )
}
`;

export const main = (): string => `${HEADER}
data "aws_partition" "this" {}
data "aws_caller_identity" "this" {}

locals {
  partition  = data.aws_partition.this.partition
  account_id = data.aws_caller_identity.this.account_id
}

resource "aws_iam_role" "this" {
  name_prefix          = "sluice-"
  path                 = ${text(ROLE_PATH)}
  description          = "Lets Sluice look at ECS services, and change the desired count of those that the write policy lists."
  max_session_duration = 3600
  assume_role_policy   = jsonencode(local.trust)
  tags                 = { ${text(TEMPLATE_VERSION_TAG)} = ${text(String(TEMPLATE_VERSION))} }
}

resource "aws_iam_role_policy" "read" {
  name   = "sluice-read"
  role   = aws_iam_role.this.name
  policy = jsonencode(local.read)
}

resource "aws_iam_policy" "attached" {
  for_each    = local.attached
  name_prefix = "sluice-\${each.key}-"
  path        = ${text(ROLE_PATH)}
  policy      = each.value
}

resource "aws_iam_role_policy_attachment" "attached" {
  for_each   = local.attached
  role       = aws_iam_role.this.name
  policy_arn = aws_iam_policy.attached[each.key].arn
}
`;

export const outputs = (): string => `${HEADER}
output "role_arn" {
  description = "Give this to Sluice: sluice connect ACCOUNT_ID --customer NAME --role-arn ARN."
  value       = aws_iam_role.this.arn
}

output "template_version" {
  description = "The version of this module, which the role carries as a tag."
  value       = ${text(String(TEMPLATE_VERSION))}
}
`;

export const versions = (): string => `${HEADER}
terraform {
  required_version = ">= 1.3"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 4.0"
    }
  }
}
`;
