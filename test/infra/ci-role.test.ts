import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../lib/iam/evaluate.ts';
import { resolveTemplate, type TemplateRole } from '../../lib/iam/template.ts';
import { readTemplateYaml } from '../../lib/iam/template-yaml.ts';
import { type Granted, grantedBy, judge } from '../../lib/iam-policies/judge.ts';
import { printed } from '../lib/iam-policies/scopes.ts';

const template = readFileSync(resolve(import.meta.dirname, '../../infra/ci-role.yml'), 'utf8');
const account = '111122223333';
const PLACES = [
  ['us-east-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
] as const;

/** The roles of infra/ci-role.yml, as the grants of `sluice iam deploy-sluice`; the one name that CloudFormation makes up is put in place of the other. */
function committed(region: string, partition: string, parameters: Readonly<Record<string, string>>): Readonly<Record<string, Granted>> {
  const provider = `arn:${partition}:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;
  const bucket = `sluice-prod-uploads-${account}-${region}`;
  const { roles } = resolveTemplate(template, {
    stackName: 'sluice-ci',
    accountId: account,
    region,
    parameters: { Repository: 'acme/sluice', Environment: 'production', Stage: 'prod', ProviderArn: provider, ...parameters },
    outside: { Uploads: bucket, 'Uploads.Arn': `arn:${partition}:s3:::${bucket}` },
  });
  const role = (id: string): TemplateRole => {
    const found = roles.find(({ logicalId }) => logicalId === id);
    if (found === undefined) throw new Error(`infra/ci-role.yml has no ${id}`);
    return found;
  };
  const stackRole = role('StackRole').arn;
  const granted = ({ trust, inline, managedPolicyArns }: TemplateRole): Granted => {
    const [policy, ...others] = inline;
    if (policy === undefined || others.length > 0 || managedPolicyArns.length > 0) throw new Error('one inline policy is needed');
    const renamed = (pattern: string) => (pattern === stackRole ? `arn:${partition}:iam::${account}:role/sluice-stack-prod` : pattern);
    const statements = policy.document.statements.map((statement) => {
      const { resources } = statement;
      return resources === undefined ? statement : { ...statement, resources: { ...resources, patterns: resources.patterns.map(renamed) } };
    });
    return { permissions: { ...policy.document, statements }, trust };
  };
  return { deploy: granted(role('DeployRole')), stack: granted(role('StackRole')) };
}

/** What CloudFormation asks for when it makes a resource of the type, by its name. */
const MADE: Readonly<Record<string, { readonly action: string; readonly arn: (name: string) => string; readonly named?: string }>> = {
  'AWS::Serverless::Function': {
    action: 'lambda:CreateFunction',
    arn: (name) => `lambda:us-east-1:${account}:function:${name}`,
    named: 'FunctionName',
  },
  'AWS::Logs::LogGroup': {
    action: 'logs:CreateLogGroup',
    arn: (name) => `logs:us-east-1:${account}:log-group:${name}`,
    named: 'LogGroupName',
  },
  'AWS::SQS::Queue': { action: 'sqs:CreateQueue', arn: (name) => `sqs:us-east-1:${account}:${name}`, named: 'QueueName' },
  'AWS::SNS::Topic': { action: 'sns:CreateTopic', arn: (name) => `sns:us-east-1:${account}:${name}`, named: 'TopicName' },
  'AWS::DynamoDB::Table': {
    action: 'dynamodb:CreateTable',
    arn: (name) => `dynamodb:us-east-1:${account}:table/${name}`,
    named: 'TableName',
  },
  'AWS::Events::Rule': { action: 'events:PutRule', arn: (name) => `events:us-east-1:${account}:rule/${name}`, named: 'Name' },
  'AWS::Events::Connection': {
    action: 'events:CreateConnection',
    arn: (name) => `events:us-east-1:${account}:connection/${name}`,
    named: 'Name',
  },
  'AWS::Events::ApiDestination': {
    action: 'events:CreateApiDestination',
    arn: (name) => `events:us-east-1:${account}:api-destination/${name}`,
    named: 'Name',
  },
  'AWS::CloudWatch::Alarm': {
    action: 'cloudwatch:PutMetricAlarm',
    arn: (name) => `cloudwatch:us-east-1:${account}:alarm:${name}`,
    named: 'AlarmName',
  },
  'AWS::CloudWatch::Dashboard': {
    action: 'cloudwatch:PutDashboard',
    arn: (name) => `cloudwatch::${account}:dashboard/${name}`,
    named: 'DashboardName',
  },
  'AWS::IAM::Role': { action: 'iam:CreateRole', arn: (name) => `iam::${account}:role${name}` },
};

test("the stack's role can make every resource of Sluice's own template, by the name that it will have", () => {
  const { Resources } = readTemplateYaml(readFileSync(resolve(import.meta.dirname, '../../infra/template.yaml'), 'utf8')) as {
    readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>>;
  };
  const { stack } = committed('us-east-1', 'aws', {});
  const caller = {
    kind: 'role-session',
    partition: 'aws',
    accountId: account,
    roleArn: `arn:aws:iam::${account}:role/stack`,
    roleId: 'AROAEXAMPLEEXAMPLE123',
    sessionName: 'AWSCloudFormation',
  } as const;
  const filled = (value: unknown) => {
    const text = typeof value === 'object' && value !== null && 'Fn::Sub' in value ? value['Fn::Sub'] : value;
    return typeof text === 'string' ? text.replaceAll('${Stage}', 'prod') : undefined;
  };
  let made = 0;
  for (const [id, { Type, Properties }] of Object.entries(Resources)) {
    const rule = MADE[Type];
    if (rule === undefined) continue;
    made += 1;
    const path = Type === 'AWS::IAM::Role' ? (filled(Properties['Path']) ?? '/') : '';
    const name = (rule.named === undefined ? undefined : filled(Properties[rule.named])) ?? `${path}sluice-prod-${id}-0123456789AB`;
    const request = { caller, action: rule.action, resource: `arn:aws:${rule.arn(name)}`, context: {} };
    expect(evaluate(request, { identity: stack === undefined ? [] : [stack.permissions] }).allowed, request.resource).toBe(true);
  }
  expect(made).toBeGreaterThan(40);
});

const DOMAIN = { ReportsDomain: 'reports.example.com', ReportsHostedZoneId: 'Z0123456789ABCDEFGHIJ' };

describe.each(PLACES)('infra/ci-role.yml in %s', (region, partition) => {
  test.each([
    ['without a host name of its own', {}, {}],
    ['with one', DOMAIN, { reportsDomain: [DOMAIN.ReportsDomain], hostedZone: [DOMAIN.ReportsHostedZoneId] }],
    ['with one that is entered elsewhere', { ReportsDomain: DOMAIN.ReportsDomain }, { reportsDomain: [DOMAIN.ReportsDomain] }],
  ])('grants what sluice iam deploy-sluice prints, %s', (_, parameters, options) => {
    const { purpose, scope, grants } = printed('deploy-sluice', { account, region, ...options });
    const roles = committed(region, partition, parameters);
    expect(roles).toEqual(grantedBy(grants));
    expect(judge(purpose, scope, roles).filter(({ right }) => !right)).toEqual([]);
  });
});
