import { callsOf, escalations } from '../calls.ts';
import type { Call } from '../purpose.ts';
import { arnOf, elsewhere, iamArn, type Scope } from '../scope.ts';

const STACK = 'stack';
const SERVICE = 'cloudformation.amazonaws.com';

/** What deploying the template comes to. */
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
    call('fetch an archive', 's3:GetObject', `${uploads}/x.zip`, { 's3:ResourceAccount': scope.account }),
  ];
}

/** What a template in wrong hands could ask for. */
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
    call(
      'change a function of a stage whose name begins the same',
      'lambda:UpdateFunctionCode',
      arnOf(scope, 'lambda', `function:sluice-${scope.stage}-eu-scale`),
    ),
    call(
      'silence the schedule of such a stage',
      'events:DisableRule',
      arnOf(scope, 'events', `rule/sluice-${scope.stage}-eu-TickEventsRuleSchedule1-01`),
    ),
    call('make a role for such a stage', 'iam:CreateRole', iamArn(scope, `role/sluice/${scope.stage}-eu/ScaleRole`)),
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
    call('fetch code from a bucket of that name in another account', 's3:GetObject', `${uploads}/x.zip`, {
      's3:ResourceAccount': elsewhere(scope).account,
    }),
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
