import {
  DescribeServicesCommand,
  type DescribeServicesCommandOutput,
  ECSClient,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectedAccount } from '../../../lib/accounts/account.ts';
import { type CustomerAwsOptions, createCustomerAws } from '../../../lib/aws/customer-aws.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';

const START = Date.UTC(2026, 10, 22, 8);
const region = 'ap-southeast-2';
const arnOf = (name: string) => `arn:aws:ecs:${region}:111122223333:service/shop/${name}`;
const account: ConnectedAccount = {
  customer: 'acme',
  accountId: '111122223333',
  externalId: 'sluice-0123456789abcdef0123456789abcdef',
  roleArn: 'arn:aws:iam::111122223333:role/sluice/reader',
};
const web: Service = {
  serviceArn: arnOf('web'),
  serviceName: 'web',
  status: 'ACTIVE',
  desiredCount: 3,
  runningCount: 2,
  pendingCount: 1,
  schedulingStrategy: 'REPLICA',
  deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', createdAt: new Date(START - 5000) }],
};

const sts = mockClient(STSClient);
const ecs = mockClient(ECSClient);
const awsError = (name: string, httpStatusCode = 400) => Object.assign(new Error(`a ${name}`), { name, $metadata: { httpStatusCode } });

function start(options: Partial<CustomerAwsOptions> = {}) {
  const clock = createVirtualClock(START);
  // Pauses before a retry end at once; the cache reads the time that `advance` moves.
  const impatient = { now: clock.now, sleep: async () => {} };
  const aws = createCustomerAws({
    deployment: 'prod',
    region: 'eu-west-1',
    clock: impatient,
    random: { bytes: (count) => new Uint8Array(count) },
    credentials: { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'x' },
    ...options,
  });
  return { aws, clock };
}
const describes = (...services: Service[]): Partial<DescribeServicesCommandOutput> => ({ services, failures: [] });
const assumed = (nth = 0) => sts.commandCalls(AssumeRoleCommand)[nth]?.args[0].input;
const readWeb = async (aws = start().aws) => (await aws.reader(account, region, [arnOf('web')])).describe('shop', ['web']);

beforeEach(() => {
  let session = 0;
  sts.on(AssumeRoleCommand).callsFake(() => ({
    Credentials: { AccessKeyId: `ASIA${session++}`, SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(START + 3_600_000) },
  }));
  sts.on(GetCallerIdentityCommand).resolves({ Account: '111122223333' });
  ecs.on(DescribeServicesCommand).resolves(describes(web));
  ecs.on(UpdateServiceCommand).resolves({ service: web });
});
afterEach(() => {
  sts.reset();
  ecs.reset();
});

describe('a session for reading', () => {
  test('is narrowed to describing the services asked for, and says who it is', async () => {
    await readWeb();
    expect(assumed()).toEqual({
      RoleArn: account.roleArn,
      RoleSessionName: 'sluice.prod.read',
      DurationSeconds: 3600,
      ExternalId: account.externalId,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'ecs:DescribeServices', Resource: [arnOf('web')] }],
      }),
    });
  });

  test('is taken from the STS of our own Region and used in that of the service', async () => {
    await readWeb();
    expect(await sts.commandCalls(AssumeRoleCommand)[0]?.thisValue.config.region()).toBe('eu-west-1');
    const client = ecs.commandCalls(DescribeServicesCommand)[0]?.thisValue;
    expect(await client?.config.region()).toBe(region);
    expect(await client?.config.credentials()).toMatchObject({ accessKeyId: 'ASIA0', sessionToken: 't' });
  });

  test('is kept until near its end', async () => {
    const { aws, clock } = start();
    await readWeb(aws);
    await readWeb(aws);
    expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(1);
    await clock.advance(56 * 60_000);
    await readWeb(aws);
    expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(2);
  });

  test('is never shared by two accounts, external IDs or sets of services', async () => {
    const { aws } = start();
    await aws.reader(account, region, [arnOf('web')]);
    await aws.reader({ ...account, externalId: 'sluice-ffffffffffffffffffffffffffffffff' }, region, [arnOf('web')]);
    await aws.reader({ ...account, roleArn: `${account.roleArn}2` }, region, [arnOf('web')]);
    await aws.reader(account, region, [arnOf('worker')]);
    expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(4);
  });

  test('that ECS no longer takes is replaced, once', async () => {
    ecs.on(DescribeServicesCommand).rejectsOnce(awsError('ExpiredTokenException')).resolves(describes(web));
    expect((await readWeb()).found).toHaveLength(1);
    expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(2);

    ecs.on(DescribeServicesCommand).rejects(awsError('ExpiredTokenException'));
    await expect(readWeb()).rejects.toMatchObject({ kind: 'expired' });
  });

  test('whose policy STS finds too large is asked for with a wider one', async () => {
    const credentials = { AccessKeyId: 'ASIA', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(START + 3_600_000) };
    sts.on(AssumeRoleCommand).rejectsOnce(awsError('PackedPolicyTooLarge')).resolves({ Credentials: credentials });
    await readWeb();
    expect(assumed(1)?.Policy).toContain(`"Resource":["${arnOf('*')}"]`);
  });
});

describe('describing', () => {
  test('ten at a time, each name once', async () => {
    ecs
      .on(DescribeServicesCommand)
      .callsFake((input: { services: string[] }) =>
        describes(...input.services.map((name) => ({ ...web, serviceName: name, serviceArn: arnOf(name) }))),
      );
    const names = Array.from({ length: 12 }, (_, i) => `s${i}`);
    const reader = await start().aws.reader(account, region, names.map(arnOf));
    const { found } = await reader.describe('shop', [...names, 's0']);
    expect(found.map((service) => service.name)).toEqual(names);
    expect(ecs.commandCalls(DescribeServicesCommand).map((call) => call.args[0].input)).toEqual([
      { cluster: 'shop', services: names.slice(0, 10), include: ['TAGS'] },
      { cluster: 'shop', services: names.slice(10), include: ['TAGS'] },
    ]);
  });

  test('what ECS says comes back as numbers and words that decisions use', async () => {
    expect((await readWeb()).found).toEqual([
      {
        arn: arnOf('web'),
        name: 'web',
        status: 'ACTIVE',
        desired: 3,
        running: 2,
        pending: 1,
        schedulingStrategy: 'REPLICA',
        deploymentController: 'ECS',
        resourceManagement: 'CUSTOMER',
        deployment: 'none',
        deploymentCreatedAt: START - 5000,
        tags: {},
      },
    ]);
  });

  test('tags come with the same call, those without a value as empty text', async () => {
    const tags = [{ key: 'sluice:min', value: '4' }, { key: 'team' }];
    ecs.on(DescribeServicesCommand).resolves(describes({ ...web, tags }));
    expect((await readWeb()).found[0]?.tags).toEqual({ 'sluice:min': '4', team: '' });
  });

  test.each([
    ['no deployment listed', { deployments: [] }, 'none'],
    ['one without a roll-out state, as behind a Classic load balancer', { deployments: [{ status: 'PRIMARY' }] }, 'none'],
    ['one that rolls out', { deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }] }, 'in-progress'],
    [
      'an old one that still drains',
      { deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }, { status: 'ACTIVE' }] },
      'in-progress',
    ],
    ['one that failed', { deployments: [{ status: 'PRIMARY', rolloutState: 'FAILED' }, { status: 'ACTIVE' }] }, 'failed'],
    ['an old one that failed, long replaced', { deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }] }, 'none'],
    ['two task sets under CODE_DEPLOY', { deployments: [], taskSets: [{ status: 'PRIMARY' }, { status: 'ACTIVE' }] }, 'in-progress'],
    ['one task set', { deployments: [], taskSets: [{ status: 'PRIMARY' }] }, 'none'],
  ] satisfies [string, Partial<Service>, string][])('%s is told as %s', async (_, fields, expected) => {
    ecs.on(DescribeServicesCommand).resolves(describes({ ...web, ...fields }));
    expect((await readWeb()).found[0]?.deployment).toBe(expected);
  });

  test('a DAEMON, another controller and ECS Express are passed on', async () => {
    const told: Partial<Service> = {
      schedulingStrategy: 'DAEMON',
      deploymentController: { type: 'EXTERNAL' },
      resourceManagementType: 'ECS',
    };
    ecs.on(DescribeServicesCommand).resolves(describes({ ...web, ...told }));
    expect((await readWeb()).found[0]).toMatchObject({
      schedulingStrategy: 'DAEMON',
      deploymentController: 'EXTERNAL',
      resourceManagement: 'ECS',
    });
  });

  test.each(['desiredCount', 'runningCount', 'pendingCount'] as const)('a service without %s is unknown, not zero', async (field) => {
    const { [field]: _, ...rest } = web;
    ecs.on(DescribeServicesCommand).resolves(describes(rest));
    await expect(readWeb()).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining('without its counts') });
  });

  test('a service that ECS does not know is missing', async () => {
    ecs.on(DescribeServicesCommand).resolves({ services: [], failures: [{ arn: arnOf('web'), reason: 'MISSING' }] });
    expect(await readWeb()).toEqual({ found: [], missing: ['web'] });
  });

  test('a service that ECS fails to describe for another reason is not taken for one that is gone', async () => {
    ecs.on(DescribeServicesCommand).resolves({ services: [], failures: [{ arn: arnOf('web'), reason: 'ODD' }] });
    await expect(readWeb()).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining('ODD') });
  });

  test('a service that ECS says nothing about is not taken for one that is gone', async () => {
    ecs.on(DescribeServicesCommand).resolves({});
    await expect(readWeb()).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining('nothing of web') });
  });
});

describe('a session for one decision', () => {
  const writer = async (aws = start().aws) => await aws.writer(account, arnOf('web'), 'decision-1');

  test('can look at and update that one service, for a quarter of an hour, under the name of its decision', async () => {
    await writer();
    expect(assumed()).toEqual({
      RoleArn: account.roleArn,
      RoleSessionName: 'sluice.prod.scale.decision-1',
      DurationSeconds: 900,
      ExternalId: account.externalId,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['ecs:DescribeServices', 'ecs:UpdateService'], Resource: arnOf('web') }],
      }),
    });
  });

  test('is never used for another decision', async () => {
    const { aws } = start();
    await writer(aws);
    await writer(aws);
    expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(2);
  });

  test('sends cluster, service and desired count and nothing else', async () => {
    await (await writer()).setDesiredCount(7);
    expect(ecs.commandCalls(UpdateServiceCommand).map((call) => call.args[0].input)).toEqual([
      { cluster: 'shop', service: 'web', desiredCount: 7 },
    ]);
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('never sends %s', async (count) => {
    await expect((await writer()).setDesiredCount(count)).rejects.toThrow('a whole number');
    expect(ecs.commandCalls(UpdateServiceCommand)).toEqual([]);
  });

  test.each([
    ['AccessDeniedException', 400, 'denied', 1],
    ['ThrottlingException', 400, 'throttled', 2],
    ['ServiceNotFoundException', 400, 'not-found', 1],
    ['ServiceNotActiveException', 400, 'not-active', 1],
    ['InvalidParameterException', 400, 'invalid', 1],
    ['ServerException', 500, 'unavailable', 1],
    ['TimeoutError', 0, 'timeout', 1],
  ])('%s (%i) while updating is %s, after %i attempts', async (name, status, kind, attempts) => {
    ecs.on(UpdateServiceCommand).rejects(awsError(name, status));
    await expect((await writer()).setDesiredCount(7)).rejects.toMatchObject({ kind, action: 'ecs:UpdateService' });
    expect(ecs.commandCalls(UpdateServiceCommand)).toHaveLength(attempts);
  });

  test("is not even asked for with one customer's role and another's service", async () => {
    const other = arnOf('web').replace('111122223333', '444455556666');
    const { aws } = start();
    await expect(aws.writer(account, other, 'd')).rejects.toMatchObject({ kind: 'invalid' });
    await expect(aws.reader(account, region, [arnOf('web'), other])).rejects.toMatchObject({ kind: 'invalid' });
    const mixed = { ...account, roleArn: 'arn:aws:iam::444455556666:role/sluice/reader' };
    await expect(aws.writer(mixed, arnOf('web'), 'd')).rejects.toMatchObject({ kind: 'invalid' });
    expect(sts.calls()).toEqual([]);
  });
});

describe('an attempt for the proof of trust', () => {
  test('is a session without rights that says whose it is', async () => {
    const { aws } = start();
    expect(await aws.tryAssume(account.roleArn, account.externalId, account)).toEqual({ accountId: '111122223333' });
    expect(assumed()).toMatchObject({
      ExternalId: account.externalId,
      RoleSessionName: 'sluice.prod.prove.111122223333',
      DurationSeconds: 900,
    });
    expect(await sts.commandCalls(GetCallerIdentityCommand)[0]?.thisValue.config.credentials()).toMatchObject({ accessKeyId: 'ASIA0' });
  });

  test('without an external ID sends none', async () => {
    await start().aws.tryAssume(account.roleArn, undefined, account);
    expect(Object.keys(assumed() ?? {})).not.toContain('ExternalId');
  });

  test('takes AccessDenied for evidence, and no other refusal', async () => {
    const { aws } = start();
    sts.on(AssumeRoleCommand).rejects(awsError('AccessDenied', 403));
    await expect(aws.tryAssume(account.roleArn, undefined, account)).rejects.toMatchObject({ kind: 'denied', action: 'sts:AssumeRole' });
    for (const other of ['RegionDisabledException', 'Forbidden']) {
      sts.on(AssumeRoleCommand).rejects(awsError(other, 403));
      await expect(aws.tryAssume(account.roleArn, undefined, account)).rejects.toMatchObject({ kind: 'unavailable' });
    }
  });

  test('whose session has no account is no proof', async () => {
    sts.on(GetCallerIdentityCommand).resolves({});
    await expect(start().aws.tryAssume(account.roleArn, account.externalId, account)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

test('an answer of STS without complete credentials is a failure', async () => {
  sts
    .on(AssumeRoleCommand)
    .resolves({ Credentials: { AccessKeyId: 'ASIA', SecretAccessKey: 's', SessionToken: undefined, Expiration: undefined } });
  await expect(readWeb()).rejects.toMatchObject({ kind: 'unavailable', action: 'sts:AssumeRole' });
});

test('every call is told with its account, Region and failure', async () => {
  const calls: unknown[] = [];
  ecs.on(DescribeServicesCommand).rejects(awsError('AccessDeniedException'));
  await expect(readWeb(start({ onCall: (call) => calls.push(call) }).aws)).rejects.toMatchObject({ kind: 'denied' });
  expect(calls).toEqual([
    { action: 'sts:AssumeRole', accountId: '111122223333', region: 'eu-west-1', ms: 0 },
    { action: 'ecs:DescribeServices', accountId: '111122223333', region, ms: 0, failed: 'denied' },
  ]);
});

test('a deployment whose name cannot be in a session is refused at the start', () => {
  expect(() => start({ deployment: 'two words' })).toThrow("a deployment's name");
});
