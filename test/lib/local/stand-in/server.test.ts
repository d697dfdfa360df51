import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRequestHandler } from '../../../../lib/local/stand-in/request-handler.ts';
import { type StandInServer, serveStandIn } from '../../../../lib/local/stand-in/server.ts';
import { ACCOUNT, EXTERNAL_ID, setStage, T0, WEB } from './stage.ts';

let stage: ReturnType<typeof setStage>;
let server: StandInServer;
let ecs: ECSClient;
let sts: STSClient;

beforeEach(async () => {
  stage = setStage();
  server = await serveStandIn(stage.standIn, { port: 0 });
  const common = { region: 'us-east-1', endpoint: server.url, maxAttempts: 1 };
  sts = new STSClient({ ...common, credentials: stage.keysOf('ScaleRole') });
  ecs = new ECSClient({ ...common, credentials: await stage.assume() });
  stage.standIn.calls.clear();
});
afterEach(async () => {
  ecs.destroy();
  sts.destroy();
  await server.close();
});

async function http(method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.url}${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}
const describeWeb = () =>
  ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] })).then(({ services }) => services?.[0]);
const update = (desiredCount: number) => ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'web', desiredCount }));

describe('the stand-in over HTTP', () => {
  it("serves the SDK's own clients from one port, on loopback", async () => {
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    const me = await sts.send(new GetCallerIdentityCommand({}));
    expect(me.Account).toBe('000000000000');
    await update(4);
    expect(await describeWeb()).toMatchObject({ desiredCount: 4, pendingCount: 2 });
  });

  it('speaks STS, with dates and escaped text', async () => {
    const answer = await sts.send(
      new AssumeRoleCommand({ RoleArn: stage.role, RoleSessionName: 'sluice-local-d2', ExternalId: EXTERNAL_ID, DurationSeconds: 900 }),
    );
    expect(answer.Credentials?.Expiration).toEqual(new Date(T0 + 900_000));
    expect(answer.AssumedRoleUser?.Arn).toContain(':assumed-role/sluice-Role-');
    const failure = await sts
      .send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::<&"\'>:role/none', RoleSessionName: 'xx' }))
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'ValidationError', message: 'arn:aws:iam::<&"\'>:role/none is invalid' });
  });

  it('answers what is no call of AWS with an error that says so', async () => {
    const post = (headers: Record<string, string>, body: string) =>
      fetch(server.url, { method: 'POST', headers, body }).then(async (answer) => [answer.status, await answer.text()]);
    expect(await post({}, '')).toEqual([400, expect.stringContaining('MissingAction')]);
    expect(await post({ 'x-amz-target': 'DynamoDB_20120810.ListTables' }, '{}')).toEqual([
      400,
      expect.stringContaining('UnknownOperationException'),
    ]);
    const target = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' };
    expect(await post(target, '{')).toEqual([400, expect.stringContaining('SerializationException')]);
    expect(await post(target, '[]')).toEqual([400, expect.stringContaining('SerializationException')]);
    expect(await post(target, '{}')).toEqual([400, expect.stringContaining('MissingAuthenticationTokenException')]);
    expect(await post({ ...target, authorization: 'Basic x' }, '{}')).toEqual([
      400,
      expect.stringContaining('IncompleteSignatureException'),
    ]);
    const scope = 'AWS4-HMAC-SHA256 Credential=ASIAX/20260105/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0';
    expect(await post({ ...target, authorization: scope }, '{}')).toEqual([400, expect.stringContaining('InvalidSignatureException')]);
    expect(await post({}, 'Action=AssumeRole&Version=2011-06-15')).toEqual([403, expect.stringContaining('MissingAuthenticationToken')]);
    expect(await post({}, 'Action=ListQueues&Version=2012-11-05')).toEqual([400, expect.stringContaining('InvalidAction')]);
    expect((await post({ 'x-amz-target': 'x' }, 'x'.repeat(5_000_000)))[0]).toBe(413);
  });

  it('says which port is taken', async () => {
    await expect(serveStandIn(stage.standIn, { port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('GET and PUT /_services', () => {
  it('show every service, and change one as somebody else would', async () => {
    const { body } = await http('GET', '/_services');
    expect(body.services).toHaveLength(3);
    expect(body.services[0]).toMatchObject({ arn: WEB, desiredCount: 2, runningCount: 2, pendingCount: 0, status: 'ACTIVE' });
    expect(await http('PUT', '/_services', { arn: WEB, desiredCount: 7 })).toMatchObject({
      status: 200,
      body: { arn: WEB, desiredCount: 7, runningCount: 2, pendingCount: 5 },
    });
    expect(await describeWeb()).toMatchObject({ desiredCount: 7, pendingCount: 5 });
    await stage.clock.advance(3000);
    expect(await describeWeb()).toMatchObject({ runningCount: 7, pendingCount: 0 });
  });

  it('take counts as given: tasks that are said to be pending never start', async () => {
    await http('PUT', '/_services', { arn: WEB, desiredCount: 9, runningCount: 3, pendingCount: 2 });
    await stage.clock.advance(60_000);
    expect(await describeWeb()).toMatchObject({ desiredCount: 9, runningCount: 3, pendingCount: 2 });
  });

  it('make new services, deployments, tags and slow tasks', async () => {
    const arn = `arn:aws:ecs:us-east-1:${ACCOUNT}:service/shop/new`;
    const deployments = [{ rolloutState: 'IN_PROGRESS', createdAt: '2026-01-05T08:59:00Z' }, {}];
    const put = await http('PUT', '/_services', {
      arn,
      desiredCount: 4,
      schedulingStrategy: 'DAEMON',
      deployments,
      tags: [{ key: 'a', value: 'b' }],
      taskStartMs: 60_000,
    });
    expect(put).toMatchObject({ status: 200, body: { desiredCount: 4, runningCount: 4, schedulingStrategy: 'DAEMON' } });
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['new'], include: ['TAGS'] }));
    expect(services?.[0]).toMatchObject({
      schedulingStrategy: 'DAEMON',
      tags: [{ key: 'a', value: 'b' }],
      deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }, { status: 'ACTIVE' }],
    });
    expect(services?.[0]?.deployments?.[0]?.createdAt).toEqual(new Date('2026-01-05T08:59:00Z'));
  });

  it('accept what they showed', async () => {
    const { body } = await http('GET', '/_services');
    const before = JSON.stringify(body.services[0]);
    expect(await http('PUT', '/_services', body.services[0])).toMatchObject({ status: 200 });
    expect(JSON.stringify((await http('GET', '/_services')).body.services[0])).toBe(before);
    await http('PUT', '/_services', { ...body.services[0], desiredCount: 4 });
    await stage.clock.advance(3000);
    expect(await describeWeb()).toMatchObject({ desiredCount: 4, runningCount: 4, pendingCount: 0 });
  });

  it.each([
    ['an unknown field', { arn: WEB, desired: 3 }, 'desired'],
    ['a count below nothing', { arn: WEB, desiredCount: -3 }, 'desiredCount'],
    ['a status that ECS does not have', { arn: WEB, status: 'GONE' }, 'status'],
    ['no ARN', { desiredCount: 3 }, 'arn'],
    ['an ARN without its cluster', { arn: 'arn:aws:ecs:us-east-1:111122223333:service/web' }, 'lacks the cluster'],
    ['a list', [{ arn: WEB }], 'expected object'],
    ['what is not JSON', '{', 'not JSON'],
  ])('refuse %s, naming the problem', async (_, body, says) => {
    const answer = await http('PUT', '/_services', body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(says);
  });
});

describe('POST /_faults', () => {
  it('denies as often as asked, then no more', async () => {
    await http('POST', '/_faults', { action: 'ecs:UpdateService', fault: 'deny', count: 2 });
    for (let i = 0; i < 2; i++) await expect(update(5)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await update(5);
    expect((await http('GET', '/_faults')).body.faults).toEqual([]);
    expect((await http('GET', '/_calls')).body.calls.map(({ allowed }: { allowed: boolean }) => allowed)).toEqual([false, false, true]);
  });

  it('throttles, or answers another error, without doing anything', async () => {
    await http('POST', '/_faults', [
      { action: 'UpdateService', kind: 'throttle' },
      { action: 'updateservice', type: 'error', code: 'ServerException', status: 503 },
    ]);
    await expect(update(5)).rejects.toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } });
    await expect(update(5)).rejects.toMatchObject({ name: 'ServerException', $metadata: { httpStatusCode: 503 } });
    expect(await describeWeb()).toMatchObject({ desiredCount: 2 });
  });

  it('throttles and denies STS in the words of STS', async () => {
    await http('POST', '/_faults', [
      { action: 'sts:*', fault: 'throttle' },
      { action: 'sts:*', fault: 'AccessDenied' },
    ]);
    const me = () => sts.send(new GetCallerIdentityCommand({}));
    await expect(me()).rejects.toMatchObject({ name: 'Throttling' });
    await expect(me()).rejects.toMatchObject({ name: 'AccessDenied' });
    await me();
  });

  it('drops the answer of a call that was done', async () => {
    await http('POST', '/_faults', { action: 'ecs:UpdateService', fault: 'drop the answer' });
    await expect(update(5)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await describeWeb()).toMatchObject({ desiredCount: 5 });
  });

  it('delays the answer, not the call; a late call is done late', async () => {
    await http('POST', '/_faults', [
      { action: 'UpdateService', fault: 'delay', ms: 5000 },
      { action: 'UpdateService', fault: 'late' },
    ]);
    const slow = update(5);
    const count = async () => (await http('GET', '/_services')).body.services[0].desiredCount;
    await expect.poll(count).toBe(5);
    await stage.clock.advance(5000);
    await slow;
    const late = update(6);
    await expect.poll(() => stage.clock.pending).toBe(1);
    expect(await count()).toBe(5);
    await stage.clock.advance(3000);
    await late;
    expect(await count()).toBe(6);
  });

  it('befall only the account, Region or resource that they name, always if asked', async () => {
    await http('POST', '/_faults', [
      { action: '*', fault: 'deny', account: '444455556666', count: 'always' },
      { action: '*', fault: 'deny', region: 'eu-west-1' },
      { action: 'ecs:*', fault: 'deny', resource: `${WEB}2` },
    ]);
    await update(5);
    expect((await http('GET', '/_faults')).body.faults).toMatchObject([{ count: 'always' }, { count: 1 }, { count: 1 }]);
    expect((await http('DELETE', '/_faults')).body.faults).toEqual([]);
  });

  it.each([
    ['an unknown fault', { action: 'UpdateService', fault: 'explode' }, 'explode'],
    ['no fault', { action: 'UpdateService' }, 'is missing'],
    ['an action that is not answered', { action: 'ecs:UpdateServices', fault: 'deny' }, 'ecs:UpdateServices'],
    ['no action', { fault: 'deny' }, 'action'],
    ['a count of nothing', { action: '*', fault: 'deny', count: 0 }, 'count'],
    ['an unknown field', { action: '*', fault: 'deny', often: 2 }, 'often'],
    ['an account id that is none', { action: '*', fault: 'deny', account: '12' }, 'twelve digits'],
    ['an empty list', [], 'empty'],
    [
      'one bad of two',
      [
        { action: '*', fault: 'deny' },
        { action: '*', fault: 'no' },
      ],
      'fault 2',
    ],
  ])('refuses %s, naming the problem, and adds nothing', async (_, body, says) => {
    const answer = await http('POST', '/_faults', body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(says);
    expect((await http('GET', '/_faults')).body.faults).toEqual([]);
  });

  it('is explained by GET', async () => {
    const { body } = await http('GET', '/_faults');
    expect(Object.keys(body.help.fault)).toEqual(['deny', 'throttle', 'delay', 'late', 'drop', 'error']);
    expect((await http('POST', '/_faults', body.help.example)).status).toBe(200);
  });
});

describe('GET /_calls', () => {
  it('shows what was sent, by whom, and why it was allowed', async () => {
    await sts.send(new AssumeRoleCommand({ RoleArn: stage.role, RoleSessionName: 'sluice-local-d2', ExternalId: EXTERNAL_ID }));
    await update(3);
    const { body } = await http('GET', '/_calls');
    expect(body.calls).toEqual([
      {
        at: '2026-01-05T09:00:00.000Z',
        service: 'sts',
        action: 'AssumeRole',
        region: 'us-east-1',
        parameters: { RoleArn: stage.role, RoleSessionName: 'sluice-local-d2' },
        account: ACCOUNT,
        sessionName: 'sluice-local-d2',
        externalId: true,
        allowed: true,
        why: 'statement AssumeCustomerRoles of an identity-based policy allows it, statement SluiceOnly of a resource-based policy allows it',
      },
      {
        at: '2026-01-05T09:00:00.000Z',
        service: 'ecs',
        action: 'UpdateService',
        region: 'us-east-1',
        parameters: { cluster: 'shop', service: 'web', desiredCount: 3 },
        account: ACCOUNT,
        sessionName: 'sluice-local-d1',
        externalId: true,
        allowed: true,
        why: 'statement ChangeDesiredCount of an identity-based policy allows it',
      },
    ]);
    expect(JSON.stringify(body)).not.toContain(EXTERNAL_ID);
  });

  it('keeps the newest ten thousand', () => {
    const { calls } = stage.standIn;
    const call = {
      at: '',
      service: 'ecs',
      action: 'x',
      region: '',
      parameters: {},
      account: null,
      sessionName: null,
      externalId: false,
      allowed: true,
      why: '',
    };
    for (let i = 0; i < 12_345; i++) calls.add({ ...call, at: String(i) });
    expect(calls.all()).toHaveLength(10_000);
    expect(calls.all()[0]?.at).toBe('2345');
  });

  it('other paths are not found, and the answer lists those that are', async () => {
    const answer = await http('GET', '/_nothing');
    expect(answer).toMatchObject({ status: 404, body: { error: expect.stringContaining('PUT /_services') } });
  });
});

describe("the SDK's request handler inside the process", () => {
  const list = new DescribeServicesCommand({ cluster: 'shop', services: ['web'] });
  const slow = { action: 'ecs:DescribeServices', fault: 'delay', left: 1, delayMs: 5000 } as const;

  it('gives up when the call is aborted', async () => {
    const { standIn, ecsAs, assume } = setStage();
    const client = ecsAs(await assume());
    standIn.faults.add([slow]);
    const abort = new AbortController();
    const called = client.send(list, { abortSignal: abort.signal });
    abort.abort();
    await expect(called).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('times out by the clock it is given', async () => {
    const { standIn, assume, clock } = setStage();
    const requestHandler = createRequestHandler(standIn, { clock, timeoutMs: 2000 });
    const client = new ECSClient({
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:1',
      requestHandler,
      maxAttempts: 1,
      credentials: await assume(),
    });
    standIn.faults.add([slow]);
    const called = client.send(list).catch((error: unknown) => error);
    await clock.advance(1999);
    expect(clock.now()).toBe(T0 + 1999);
    await clock.advance(1);
    expect(await called).toMatchObject({ name: 'TimeoutError' });
    await clock.advance(3000);
    expect(await client.send(list)).toMatchObject({ services: [{ serviceName: 'web' }] });
    expect(clock.pending).toBe(0);
  });

  it('breaks the connection where the answer is dropped', async () => {
    const { standIn, ecsAs, assume } = setStage();
    const client = ecsAs(await assume());
    standIn.faults.add([{ ...slow, fault: 'drop', delayMs: 0 }]);
    await expect(client.send(list)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
