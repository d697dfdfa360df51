import { beforeAll, describe, expect, test } from 'vitest';
import { circlesOf } from './circles-of.ts';
import { type PackagedService, packageService, type Resource } from './package-service.ts';

const names = ['ingest', 'tick', 'collect', 'scale', 'discover', 'admin'];

let packaged: PackagedService;
beforeAll(async () => {
  packaged = await packageService();
}, 60_000);

const logicalIdOf = (name: string) => `${name[0]?.toUpperCase()}${name.slice(1)}LambdaFunction`;
const ofType = (type: string) => Object.values(packaged.template.Resources).filter((r) => r.Type === type);

function only(type: string): Resource {
  const [resource, ...others] = ofType(type);
  if (!resource || others.length > 0) throw new Error(`expected one ${type}, found ${ofType(type).length}`);
  return resource;
}

function named(logicalId: string): Resource {
  const resource = packaged.template.Resources[logicalId];
  if (!resource) throw new Error(`the template has no ${logicalId}`);
  return resource;
}

describe('functions', () => {
  test('all of them are there, and no other', () => {
    expect(ofType('AWS::Lambda::Function').map((f) => f.Properties.FunctionName)).toEqual(names.map((name) => `sluice-dev-${name}`));
  });

  test('each has a role of its own', () => {
    const roles = names.map((name) => named(logicalIdOf(name)).Properties.Role);
    expect(roles).toEqual(
      ['IngestRole', 'TickRole', 'CollectRole', 'ScaleRole', 'DiscoverRole', 'AdminRole'].map((role) => ({ 'Fn::GetAtt': [role, 'Arn'] })),
    );
    // The seventh is EventBridge's, to call a webhook.
    expect(ofType('AWS::IAM::Role')).toHaveLength(names.length + 1);
  });

  test.each(names)('the archive of %s holds its handler and nothing else', (name) => {
    expect(named(logicalIdOf(name)).Properties.Handler).toBe(`dist/functions/${name}/index.handler`);
    // What is loaded only when it is asked for lies beside the handler (build/later.js): a profile, where AWS_PROFILE names one.
    const later = ['environment-profile', ...(name === 'admin' ? ['explain-service', 'review-services'] : [])];
    expect(packaged.archives[name]).toEqual(['index', ...later].sort().map((file) => `dist/functions/${name}/${file}.mjs`));
  });

  test.each(names)('%s runs on arm64 with a runtime in support, and says only what matters', (name) => {
    expect(named(logicalIdOf(name)).Properties).toMatchObject({
      Architectures: ['arm64'],
      Runtime: expect.stringMatching(/^nodejs2[24]\.x$/),
      LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' },
    });
  });

  test.each(names)('the log of %s ends by itself', (name) => {
    const group = ofType('AWS::Logs::LogGroup').find((g) => g.Properties.LogGroupName === `/aws/lambda/sluice-dev-${name}`);
    expect(group?.Properties.RetentionInDays).toEqual({ Ref: 'LogRetentionDays' });
    expect(packaged.template.Parameters['LogRetentionDays']?.Default).toBe(30);
  });

  test.each(names)('%s is told its table, stage and account', (name) => {
    expect(named(logicalIdOf(name)).Properties.Environment.Variables).toMatchObject({
      SLUICE_TABLE: { Ref: 'Table' },
      SLUICE_STAGE: 'dev',
      SLUICE_ACCOUNT_ID: { Ref: 'AWS::AccountId' },
    });
  });
});

describe('what admin tells people', () => {
  test('are whole report URLs: under the host name of their own where there is one, else under the function URL of ingest', () => {
    expect(named(logicalIdOf('admin')).Properties.Environment.Variables.SLUICE_REPORTS_URL).toEqual({
      'Fn::If': [
        'HasReportsDomain',
        { 'Fn::Sub': 'https://${ReportsDomain}' },
        { 'Fn::GetAtt': ['IngestLambdaFunctionUrl', 'FunctionUrl'] },
      ],
    });
  });

  test('brings no circle: each resource can be made after those that it refers to', () => {
    expect(circlesOf(packaged.template)).toEqual([]);
  });
});

describe('ways in', () => {
  const urlOf = (name: string) =>
    ofType('AWS::Lambda::Url').find((u) => u.Properties.TargetFunctionArn['Fn::GetAtt'][0] === logicalIdOf(name));
  const permissionsOf = (name: string) =>
    ofType('AWS::Lambda::Permission')
      .map((p) => p.Properties)
      .filter((p) => p.FunctionName['Fn::GetAtt'][0] === logicalIdOf(name));

  test('anybody may call the URL of ingest, which needs both permissions, and may not invoke it otherwise but through its own API', () => {
    expect(urlOf('ingest')?.Properties.AuthType).toBe('NONE');
    expect(permissionsOf('ingest')).toEqual([
      expect.objectContaining({ Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: 'NONE' }),
      expect.objectContaining({ Action: 'lambda:InvokeFunction', Principal: '*', InvokedViaFunctionUrl: true }),
      expect.objectContaining({ Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com' }),
    ]);
  });

  test('the URL of admin asks for a signature and is open to nobody by itself', () => {
    expect(urlOf('admin')?.Properties.AuthType).toBe('AWS_IAM');
    expect(permissionsOf('admin')).toEqual([]);
  });

  test('what runs by a schedule or the stream has no URL', () => {
    expect(['tick', 'collect', 'scale', 'discover'].map(urlOf)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test.each([
    ['tick', 'Tick', 'rate(1 minute)', 60],
    ['collect', 'Collect', 'rate(1 minute)', 60],
    ['discover', 'Discover', 'rate(1 hour)', 3000],
  ])('EventBridge starts %s by its schedule; what was missed is not made up for', (name, id, rate, age) => {
    const noRetry = { MaximumEventAgeInSeconds: age, MaximumRetryAttempts: 0 };
    expect(named(`${id}EventsRuleSchedule1`).Properties).toMatchObject({
      ScheduleExpression: rate,
      State: 'ENABLED',
      Targets: [{ Arn: { 'Fn::GetAtt': [`${id}LambdaFunction`, 'Arn'] }, RetryPolicy: noRetry }],
    });
    const configs = ofType('AWS::Lambda::EventInvokeConfig').map((config) => config.Properties);
    expect(configs.find((config) => config.FunctionName.Ref === `${id}LambdaFunction`)).toMatchObject(noRetry);
    expect(permissionsOf(name)).toEqual([
      expect.objectContaining({
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': [`${id}EventsRuleSchedule1`, 'Arn'] },
      }),
    ]);
  });

  test('the stream wakes scale with decisions alone, each record for itself, a bounded number of times', () => {
    const { FilterCriteria, ...mapping } = only('AWS::Lambda::EventSourceMapping').Properties;
    expect(mapping).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
      FunctionName: { 'Fn::GetAtt': ['ScaleLambdaFunction', 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ParallelizationFactor: 10,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['ScaleDeadLetters', 'Arn'] } } },
    });
    expect(FilterCriteria.Filters.map((f: { Pattern: string }) => JSON.parse(f.Pattern))).toEqual([
      { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { act: { S: [{ exists: true }] } } } },
    ]);
  });
});

describe('what is kept', () => {
  test('the table survives its stack, can be restored to any second and streams both images', () => {
    const table = only('AWS::DynamoDB::Table');
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(table.Properties).toMatchObject({
      TableName: { 'Fn::Sub': 'sluice-${Stage}' },
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
  });

  test('the only index says what is due, and holds keys alone', () => {
    expect(only('AWS::DynamoDB::Table').Properties.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'due',
        KeySchema: [
          { AttributeName: 'due_shard', KeyType: 'HASH' },
          { AttributeName: 'due_at', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
  });

  test('dead letters are encrypted and kept for the longest that SQS allows', () => {
    expect(only('AWS::SQS::Queue').Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 3600 });
  });

  test('the stage of the template is the one that it was packaged for', () => {
    expect(packaged.template.Parameters['Stage']?.Default).toBe('dev');
  });
});
