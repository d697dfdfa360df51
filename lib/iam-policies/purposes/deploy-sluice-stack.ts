import { because } from '../because.ts';
import type { PolicyStatement, Trust } from '../purpose.ts';
import { arnOf, iamArn, ownBucket, type Scope } from '../scope.ts';
import { reportsDomainStatements } from './deploy-sluice-domain.ts';

const SERVICE = 'cloudformation.amazonaws.com';
const WEBHOOK_ROLE = (scope: Scope) => iamArn(scope, `role/sluice-${scope.stage}-WebhookRole-*`);
const FUNCTION_ROLES = (scope: Scope) => iamArn(scope, `role/sluice/${scope.stage}/*`);
const SERVICE_LINKED = 'role/aws-service-role';

/** Exactly those, since what begins with sluice-prod-, say, is also what a stage prod-eu has. */
const FUNCTIONS = ['ingest', 'tick', 'collect', 'scale', 'discover', 'admin'] as const;
export const functionArns = (scope: Scope): readonly string[] =>
  FUNCTIONS.map((name) => arnOf(scope, 'lambda', `function:sluice-${scope.stage}-${name}`));

/** CloudFormation, working for this account and nobody else's. */
export const stackTrust = ({ account }: Scope): Trust => ({
  sid: 'OnlyCloudFormation',
  principal: { Service: SERVICE },
  action: 'sts:AssumeRole',
  conditions: { StringEquals: { 'aws:SourceAccount': account } },
  why: 'CloudFormation alone, and for stacks of this account alone: the confused deputy is kept out by aws:SourceAccount.',
});

/** What the types of resources in Sluice's template take, by the handlers that AWS publishes for them; every name begins with the stage's. */
export function stackStatements(scope: Scope, uploads: string): readonly PolicyStatement[] {
  const own = (service: string, resource: string) => arnOf(scope, service, resource.replace('STAGE', scope.stage));
  const begins =
    'Each alarm by its name would make the policy longer than a role may have: a stage whose name begins with this one and a hyphen is within reach.';
  return [
    {
      sid: 'Functions',
      actions: {
        ...because(
          'Makes, reads, changes and removes functions.',
          'lambda',
          'CreateFunction DeleteFunction GetFunction GetFunctionConfiguration GetFunctionCodeSigningConfig GetFunctionRecursionConfig GetFunctionScalingConfig GetRuntimeManagementConfig UpdateFunctionCode UpdateFunctionConfiguration',
        ),
        ...because(
          'Reserved concurrency (IngestConcurrency, ScaleConcurrency).',
          'lambda',
          'GetFunctionConcurrency PutFunctionConcurrency DeleteFunctionConcurrency',
        ),
        ...because(
          'The URLs of ingest and admin.',
          'lambda',
          'CreateFunctionUrlConfig GetFunctionUrlConfig UpdateFunctionUrlConfig DeleteFunctionUrlConfig',
        ),
        ...because(
          'How often, and how late, a tick is tried again.',
          'lambda',
          'PutFunctionEventInvokeConfig GetFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig',
        ),
        ...because('Who may call a function: EventBridge, and the URL of ingest.', 'lambda', 'AddPermission RemovePermission GetPolicy'),
        ...because('The tag that names the stage.', 'lambda', 'ListTags TagResource UntagResource'),
      },
      resources: functionArns(scope),
    },
    {
      sid: 'MakeMapping',
      actions: { 'lambda:CreateEventSourceMapping': "Leads the table's stream to the function scale." },
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:FunctionArn': own('lambda', 'function:sluice-STAGE-scale') } },
      wide: 'IAM has no resource for a mapping that is yet to be made; the condition holds it to the function scale of this stage.',
    },
    {
      sid: 'MappingsOfStreams',
      actions: because(
        'Reads, changes and removes the mapping.',
        'lambda',
        'GetEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping',
      ),
      resources: [own('lambda', 'event-source-mapping:*')],
      conditions: { ArnEquals: { 'lambda:FunctionArn': own('lambda', 'function:sluice-STAGE-scale') } },
      wide: 'AWS makes up the id of a mapping; the condition holds it to the function scale of this stage.',
    },
    {
      sid: 'TagMappings',
      actions: because('The tag that names the stage.', 'lambda', 'ListTags TagResource UntagResource'),
      resources: [own('lambda', 'event-source-mapping:*')],
      wide: 'AWS makes up the id of a mapping. A tag changes nothing of it.',
    },
    {
      sid: 'ListMappings',
      actions: {
        'lambda:ListEventSourceMappings': 'Finds the mapping again.',
        'logs:DescribeLogGroups': 'Finds log groups by their names.',
      },
      resources: ['*'],
      wide: 'IAM has no resource for these: they list.',
    },
    {
      sid: 'Roles',
      actions: because(
        "The functions' own roles, with their policies in them. Managed policies cannot be attached.",
        'iam',
        'CreateRole GetRole DeleteRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy PutRolePolicy GetRolePolicy DeleteRolePolicy ListRolePolicies ListAttachedRolePolicies TagRole UntagRole ListRoleTags',
      ),
      resources: [FUNCTION_ROLES(scope), WEBHOOK_ROLE(scope)],
      wide: 'Roles of this stage: they lie under its path, or are named after its stack. What a policy in them says IAM cannot bound without a permissions boundary: whoever may deploy may give the functions more.',
    },
    {
      sid: 'HandRolesToFunctions',
      actions: { 'iam:PassRole': 'Gives each function its role.' },
      resources: [FUNCTION_ROLES(scope)],
      conditions: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
      wide: 'Roles of this stage.',
    },
    {
      sid: 'HandRoleToEvents',
      actions: { 'iam:PassRole': 'Lets EventBridge call the webhook, where one is given.' },
      resources: [WEBHOOK_ROLE(scope)],
      conditions: { StringEquals: { 'iam:PassedToService': 'events.amazonaws.com' } },
      wide: "CloudFormation makes up the last part of the role's name.",
    },
    {
      sid: 'Table',
      actions: {
        ...because(
          'Makes, reads and changes the table. It cannot be deleted: it stays when the stack goes.',
          'dynamodb',
          'CreateTable DescribeTable UpdateTable',
        ),
        ...because('Items that expire.', 'dynamodb', 'DescribeTimeToLive UpdateTimeToLive'),
        ...because('Restore to any second of the last 35 days.', 'dynamodb', 'DescribeContinuousBackups UpdateContinuousBackups'),
        ...because(
          'Reads what the template does not set.',
          'dynamodb',
          'DescribeContributorInsights DescribeKinesisStreamingDestination GetResourcePolicy',
        ),
        ...because('The tag that names the stage.', 'dynamodb', 'ListTagsOfResource TagResource UntagResource'),
      },
      resources: [own('dynamodb', 'table/sluice-STAGE')],
    },
    {
      sid: 'Stream',
      actions: { 'dynamodb:DescribeStream': "Reads the table's stream, for the mapping." },
      resources: [own('dynamodb', 'table/sluice-STAGE/stream/*')],
      wide: 'AWS names the stream of a table by the time at which it was made.',
    },
    {
      sid: 'Queues',
      actions: because(
        'The queue of what scale could not act upon.',
        'sqs',
        'CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl SetQueueAttributes ListQueueTags TagQueue UntagQueue',
      ),
      resources: [own('sqs', 'sluice-STAGE-scale-dead-letters')],
    },
    {
      sid: 'Notices',
      actions: because(
        'The topic by which alarms and notices are mailed, and its subscription.',
        'sns',
        'CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes GetDataProtectionPolicy ListSubscriptionsByTopic Subscribe Unsubscribe GetSubscriptionAttributes SetSubscriptionAttributes ListTagsForResource TagResource UntagResource',
      ),
      resources: [own('sns', 'sluice-STAGE-notices'), own('sns', 'sluice-STAGE-notices:*')],
      wide: "A subscription's ARN is the topic's with an id that AWS makes up.",
    },
    {
      sid: 'Rules',
      actions: {
        ...because(
          'The schedules, and the rules that pass notices on.',
          'events',
          'PutRule DescribeRule EnableRule DisableRule DeleteRule PutTargets RemoveTargets ListTargetsByRule ListTagsForResource TagResource UntagResource',
        ),
      },
      resources: [
        ...['Tick', 'Collect', 'Discover'].map((name) => own('events', `rule/sluice-STAGE-${name}EventsRuleSchedule1-*`)),
        own('events', 'rule/sluice-STAGE-notices-to-topic'),
        own('events', 'rule/sluice-STAGE-notices-to-webhook'),
      ],
      wide: 'CloudFormation makes up the last part of the names of schedules.',
    },
    {
      sid: 'WebhookConnection',
      actions: because(
        'Where notices are posted, if a webhook is given: its header.',
        'events',
        'CreateConnection UpdateConnection DeleteConnection DescribeConnection',
      ),
      resources: [own('events', 'connection/sluice-STAGE-webhook'), own('events', 'connection/sluice-STAGE-webhook/*')],
      wide: 'AWS makes up the id of a connection.',
    },
    {
      sid: 'WebhookDestination',
      actions: because(
        'Where notices are posted, if a webhook is given: its URL.',
        'events',
        'CreateApiDestination UpdateApiDestination DeleteApiDestination DescribeApiDestination',
      ),
      resources: [own('events', 'api-destination/sluice-STAGE-webhook'), own('events', 'api-destination/sluice-STAGE-webhook/*')],
      wide: 'AWS makes up the id of a destination.',
    },
    {
      sid: 'WebhookSecret',
      actions: because(
        "EventBridge keeps the connection's header as a secret, on behalf of whoever makes it.",
        'secretsmanager',
        'CreateSecret UpdateSecret DeleteSecret DescribeSecret GetSecretValue PutSecretValue',
      ),
      resources: [own('secretsmanager', 'secret:events!connection/sluice-STAGE-webhook/*')],
      wide: 'AWS makes up the last part of the name of the secret.',
    },
    {
      sid: 'WebhookServiceRole',
      actions: {
        'iam:CreateServiceLinkedRole': "EventBridge's own role for API destinations, which the account's first connection makes.",
      },
      resources: [
        iamArn(scope, `${SERVICE_LINKED}/apidestinations.events.amazonaws.com/AWSServiceRoleForAmazonEventBridgeApiDestinations`),
      ],
      conditions: { StringEquals: { 'iam:AWSServiceName': 'apidestinations.events.amazonaws.com' } },
    },
    {
      sid: 'Logs',
      actions: because(
        "The functions' log groups.",
        'logs',
        'CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy GetDataProtectionPolicy ListTagsForResource TagResource UntagResource',
      ),
      resources: FUNCTIONS.map((name) => own('logs', `log-group:/aws/lambda/sluice-STAGE-${name}*`)),
      wide: 'AWS asks for some of these with what follows the name of the group, and for some without.',
    },
    {
      sid: 'Alarms',
      actions: because(
        'The alarms of docs/operations.md.',
        'cloudwatch',
        'PutMetricAlarm DeleteAlarms DescribeAlarms ListTagsForResource TagResource UntagResource',
      ),
      resources: [own('cloudwatch', 'alarm:sluice-STAGE-*')],
      wide: begins,
    },
    {
      sid: 'Dashboard',
      actions: because('The dashboard.', 'cloudwatch', 'PutDashboard GetDashboard DeleteDashboards'),
      resources: [`arn:${scope.partition}:cloudwatch::${scope.account}:dashboard/sluice-${scope.stage}`],
    },
    {
      sid: 'ReadUploads',
      actions: { 's3:GetObject': 'Fetches the archives of the functions.' },
      resources: [`${uploads}/*`],
      conditions: ownBucket(scope),
      wide: 'The bucket is for uploads of this stage alone.',
    },
    ...reportsDomainStatements(scope),
  ];
}
