import { callsOf, escalations } from '../calls.ts';
import type { Call, PolicyStatement, Trust } from '../purpose.ts';
import { arnOf, elsewhere, iamArn, type Scope } from '../scope.ts';

const STACK = 'stack';
const SERVICE = 'cloudformation.amazonaws.com';
const WEBHOOK_ROLE = (scope: Scope) => iamArn(scope, `role/sluice-${scope.stage}-WebhookRole-*`);
const FUNCTION_ROLES = (scope: Scope) => iamArn(scope, `role/sluice/${scope.stage}/*`);
const SERVICE_LINKED = 'role/aws-service-role';

/** One reason for several actions. */
const because = (why: string, service: string, names: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.split(' ').map((name) => [`${service}:${name}`, why]));

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
  const begins = 'What Sluice makes is named after the stage: names begin so.';
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
      resources: [own('lambda', 'function:sluice-STAGE-*')],
      wide: begins,
    },
    {
      sid: 'MakeMapping',
      actions: { 'lambda:CreateEventSourceMapping': "Leads the table's stream to the function scale." },
      resources: ['*'],
      conditions: { ArnLike: { 'lambda:FunctionArn': own('lambda', 'function:sluice-STAGE-*') } },
      wide: 'IAM has no resource for a mapping that is yet to be made; the condition holds it to functions of this stage.',
    },
    {
      sid: 'MappingsOfStreams',
      actions: because(
        'Reads, changes and removes the mapping.',
        'lambda',
        'GetEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping',
      ),
      resources: [own('lambda', 'event-source-mapping:*')],
      conditions: { ArnLike: { 'lambda:FunctionArn': own('lambda', 'function:sluice-STAGE-*') } },
      wide: 'AWS makes up the id of a mapping; the condition holds it to functions of this stage.',
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
      sid: 'TableAndStream',
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
          'DescribeContributorInsights DescribeKinesisStreamingDestination GetResourcePolicy DescribeStream',
        ),
        ...because('The tag that names the stage.', 'dynamodb', 'ListTagsOfResource TagResource UntagResource'),
      },
      resources: [own('dynamodb', 'table/sluice-STAGE'), own('dynamodb', 'table/sluice-STAGE/*')],
      wide: 'AWS names the stream of a table by the time at which it was made.',
    },
    {
      sid: 'Queues',
      actions: because(
        'The queue of what scale could not act upon.',
        'sqs',
        'CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl SetQueueAttributes ListQueueTags TagQueue UntagQueue',
      ),
      resources: [own('sqs', 'sluice-STAGE-*')],
      wide: begins,
    },
    {
      sid: 'Notices',
      actions: because(
        'The topic by which alarms and notices are mailed, and its subscription.',
        'sns',
        'CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes GetDataProtectionPolicy ListSubscriptionsByTopic Subscribe Unsubscribe GetSubscriptionAttributes SetSubscriptionAttributes ListTagsForResource TagResource UntagResource',
      ),
      resources: [own('sns', 'sluice-STAGE-*')],
      wide: begins,
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
      resources: [own('events', 'rule/sluice-STAGE-*')],
      wide: begins,
    },
    {
      sid: 'Webhook',
      actions: because(
        'Where notices are posted, if a webhook is given.',
        'events',
        'CreateConnection UpdateConnection DeleteConnection DescribeConnection CreateApiDestination UpdateApiDestination DeleteApiDestination DescribeApiDestination',
      ),
      resources: [own('events', 'connection/sluice-STAGE-*'), own('events', 'api-destination/sluice-STAGE-*')],
      wide: begins,
    },
    {
      sid: 'WebhookSecret',
      actions: because(
        "EventBridge keeps the connection's header as a secret, on behalf of whoever makes it.",
        'secretsmanager',
        'CreateSecret UpdateSecret DeleteSecret DescribeSecret GetSecretValue PutSecretValue',
      ),
      resources: [own('secretsmanager', 'secret:events!connection/sluice-STAGE-*')],
      wide: begins,
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
      resources: [own('logs', 'log-group:/aws/lambda/sluice-STAGE-*')],
      wide: begins,
    },
    {
      sid: 'AlarmsAndDashboard',
      actions: {
        ...because('The alarms.', 'cloudwatch', 'PutMetricAlarm DeleteAlarms DescribeAlarms ListTagsForResource TagResource UntagResource'),
        ...because('The dashboard.', 'cloudwatch', 'PutDashboard GetDashboard DeleteDashboards'),
      },
      resources: [
        own('cloudwatch', 'alarm:sluice-STAGE-*'),
        `arn:${scope.partition}:cloudwatch::${scope.account}:dashboard/sluice-${scope.stage}`,
      ],
      wide: begins,
    },
    {
      sid: 'ReadUploads',
      actions: { 's3:GetObject': 'Fetches the archives of the functions.' },
      resources: [`${uploads}/*`],
      wide: 'The bucket is for uploads of this stage alone.',
    },
    ...reportsDomain(scope),
  ];
}

/** Only for report URLs under a host name of one's own. */
function reportsDomain(scope: Scope): readonly PolicyStatement[] {
  if (scope.reportsDomain === '') return [];
  const api = (path: string) => `arn:${scope.partition}:apigateway:${scope.region}::${path}`;
  const verbs = because('The HTTP API in front of ingest, and the host name that leads to it.', 'apigateway', 'GET POST PUT PATCH DELETE');
  return [
    {
      sid: 'ReportsDomain',
      actions: verbs,
      resources: [
        api('/apis'),
        api('/apis/*'),
        api('/domainnames'),
        api(`/domainnames/${scope.reportsDomain}`),
        api(`/domainnames/${scope.reportsDomain}/*`),
        api('/tags/*'),
      ],
      wide: 'AWS makes up the ids of APIs, and its authorisation knows no account for them: HTTP APIs of the Region are within reach, host names are not but for this one.',
    },
    {
      sid: 'DomainServiceRole',
      actions: { 'iam:CreateServiceLinkedRole': "API Gateway's own role, which the account's first host name makes." },
      resources: [iamArn(scope, `${SERVICE_LINKED}/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway`)],
      conditions: { StringEquals: { 'iam:AWSServiceName': 'ops.apigateway.amazonaws.com' } },
    },
    ...(scope.hostedZone === ''
      ? []
      : [
          {
            sid: 'ReportsDns',
            actions: because('Enters the host name.', 'route53', 'ChangeResourceRecordSets'),
            resources: [`arn:${scope.partition}:route53:::hostedzone/${scope.hostedZone}`],
            conditions: {
              'ForAllValues:StringEquals': { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': scope.reportsDomain },
              Null: { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': 'false' },
            },
          },
          {
            sid: 'SeeDns',
            actions: because('Looks the name up, and waits until it is known.', 'route53', 'GetHostedZone ListResourceRecordSets'),
            resources: [`arn:${scope.partition}:route53:::hostedzone/${scope.hostedZone}`],
          },
          {
            sid: 'WaitForDns',
            actions: because('Waits until the change is everywhere.', 'route53', 'GetChange'),
            resources: [`arn:${scope.partition}:route53:::change/*`],
            wide: 'AWS makes up the ids of changes; this reads one.',
          },
        ]),
  ];
}

export function stackAllows(scope: Scope, uploads: string): readonly Call[] {
  const call = callsOf(STACK);
  const lambda = arnOf(scope, 'lambda', `function:sluice-${scope.stage}-scale`);
  const role = iamArn(scope, `role/sluice/${scope.stage}/sluice-${scope.stage}-ScaleRole-0123ABCD`);
  const table = arnOf(scope, 'dynamodb', `table/sluice-${scope.stage}`);
  return [
    {
      ...call('CloudFormation takes up the role', 'sts:AssumeRole', iamArn(scope, 'role/stack'), { 'aws:SourceAccount': scope.account }),
      caller: { kind: 'service', service: SERVICE },
    },
    call('make a function', 'lambda:CreateFunction', lambda),
    call('change its code', 'lambda:UpdateFunctionCode', lambda),
    call('make its URL', 'lambda:CreateFunctionUrlConfig', lambda),
    call('make the mapping', 'lambda:CreateEventSourceMapping', '*', { 'lambda:FunctionArn': lambda }),
    call('change the mapping', 'lambda:UpdateEventSourceMapping', arnOf(scope, 'lambda', 'event-source-mapping:0123'), {
      'lambda:FunctionArn': lambda,
    }),
    call("make a function's role", 'iam:CreateRole', role),
    call('write its policy', 'iam:PutRolePolicy', role),
    call('hand it to the function', 'iam:PassRole', role, { 'iam:PassedToService': 'lambda.amazonaws.com' }),
    call('make the table', 'dynamodb:CreateTable', table),
    call('turn backups on', 'dynamodb:UpdateContinuousBackups', table),
    call('make the queue', 'sqs:CreateQueue', arnOf(scope, 'sqs', `sluice-${scope.stage}-scale-dead-letters`)),
    call('make the topic', 'sns:CreateTopic', arnOf(scope, 'sns', `sluice-${scope.stage}-notices`)),
    call('make a schedule', 'events:PutRule', arnOf(scope, 'events', `rule/sluice-${scope.stage}-TickEventsRuleSchedule1-0123`)),
    call('make a log group', 'logs:CreateLogGroup', arnOf(scope, 'logs', `log-group:/aws/lambda/sluice-${scope.stage}-tick`)),
    call('make an alarm', 'cloudwatch:PutMetricAlarm', arnOf(scope, 'cloudwatch', `alarm:sluice-${scope.stage}-ScaleLateAlarm-0123`)),
    call('fetch an archive', 's3:GetObject', `${uploads}/x.zip`),
  ];
}

export function stackRefuses(scope: Scope, uploads: string): readonly Call[] {
  const call = callsOf(STACK);
  const lambda = arnOf(scope, 'lambda', `function:sluice-${scope.stage}-scale`);
  const role = iamArn(scope, `role/sluice/${scope.stage}/ScaleRole`);
  const table = arnOf(scope, 'dynamodb', `table/sluice-${scope.stage}`);
  const takeUp = (does: string, service: string, account: string | undefined): Call => ({
    ...call(does, 'sts:AssumeRole', iamArn(scope, 'role/stack'), { 'aws:SourceAccount': account }),
    caller: { kind: 'service', service },
  });
  return [
    takeUp("CloudFormation on another account's behalf takes up the role", SERVICE, elsewhere(scope).account),
    takeUp("CloudFormation on nobody's behalf takes up the role", SERVICE, undefined),
    takeUp('another service takes up the role', 'lambda.amazonaws.com', scope.account),
    call('call a function', 'lambda:InvokeFunction', lambda),
    call(
      'change a function of another stage',
      'lambda:UpdateFunctionCode',
      `${arnOf(scope, 'lambda', `function:sluice-${scope.stage}x-scale`)}`,
    ),
    call('change a function of somebody else', 'lambda:UpdateFunctionCode', arnOf(scope, 'lambda', 'function:billing')),
    call("lead a stream to somebody else's function", 'lambda:CreateEventSourceMapping', '*', {
      'lambda:FunctionArn': arnOf(scope, 'lambda', 'function:billing'),
    }),
    call('lead a stream to no function in particular', 'lambda:CreateEventSourceMapping', '*'),
    call('make a role for another stage', 'iam:CreateRole', iamArn(scope, `role/sluice/${scope.stage}x/ScaleRole`)),
    call('attach a managed policy to a role of its own', 'iam:AttachRolePolicy', role),
    call('take the boundary off a role', 'iam:DeleteRolePermissionsBoundary', role),
    call('hand a role of its own to a machine', 'iam:PassRole', role, { 'iam:PassedToService': 'ec2.amazonaws.com' }),
    call('hand a role of its own to CloudFormation', 'iam:PassRole', role, { 'iam:PassedToService': SERVICE }),
    call('take up a role of its own', 'sts:AssumeRole', role),
    call(
      'make another service-linked role',
      'iam:CreateServiceLinkedRole',
      iamArn(scope, 'role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS'),
      {
        'iam:AWSServiceName': 'ecs.amazonaws.com',
      },
    ),
    call('delete the table', 'dynamodb:DeleteTable', table),
    call('read the table', 'dynamodb:GetItem', table),
    call('read the stream', 'dynamodb:GetRecords', `${table}/stream/2026-11-01T00:00:00.000`),
    call('send a notice', 'sns:Publish', arnOf(scope, 'sns', `sluice-${scope.stage}-notices`)),
    call('read dead letters', 'sqs:ReceiveMessage', arnOf(scope, 'sqs', `sluice-${scope.stage}-scale-dead-letters`)),
    call('read logs', 'logs:GetLogEvents', arnOf(scope, 'logs', `log-group:/aws/lambda/sluice-${scope.stage}-tick:log-stream:x`)),
    call('read another secret', 'secretsmanager:GetSecretValue', arnOf(scope, 'secretsmanager', 'secret:payments')),
    call('change an upload', 's3:PutObject', `${uploads}/x.zip`),
    call('change DNS of another zone', 'route53:ChangeResourceRecordSets', `arn:${scope.partition}:route53:::hostedzone/ZOTHER`, {
      'route53:ChangeResourceRecordSetsNormalizedRecordNames': [scope.reportsDomain || 'reports.example.com'],
    }),
    ...(scope.hostedZone === ''
      ? []
      : [
          call(
            'change another name of the zone',
            'route53:ChangeResourceRecordSets',
            `arn:${scope.partition}:route53:::hostedzone/${scope.hostedZone}`,
            {
              'route53:ChangeResourceRecordSetsNormalizedRecordNames': [scope.reportsDomain, 'www.example.com'],
            },
          ),
        ]),
    call("change a customer's service", 'ecs:UpdateService', arnOf(scope, 'ecs', 'service/shop/web')),
    ...escalations(STACK, scope),
  ];
}
