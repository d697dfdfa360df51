import { describe, expect, test } from 'vitest';
import { createMetricsAws } from '../../../../lib/aws/metrics-aws.ts';
import { systemClock } from '../../../../lib/clock.ts';
import { serveStandIn } from '../../../../lib/local/stand-in/server.ts';
import { connectCustomer, deployOperator, functionCredentials } from '../../../../lib/local/stand-in/stacks.ts';
import { createStandIn } from '../../../../lib/local/stand-in/stand-in.ts';
import { aCloudWatchTarget } from '../../../builders/policies.ts';
import { metricsAccount, metricsAwsContract, queryFor } from '../../../contracts/metrics-aws.ts';
import { EXTERNAL_ID, seededRandom, templates } from './stage.ts';

const { accountId, region, queue, gone } = metricsAccount;

async function start(queueArns: readonly string[] = [queue]) {
  const standIn = createStandIn({ clock: systemClock, random: seededRandom() });
  deployOperator(standIn, templates, { stage: 'test', region });
  const customer = { accountId, externalId: EXTERNAL_ID, stage: 'test', serviceArns: [], queueArns };
  const roleArn = connectCustomer(standIn, templates, customer);
  const server = await serveStandIn(standIn, { port: 0 });
  const credentials = functionCredentials(standIn, { roleId: 'CollectRole', functionName: 'sluice-test-collect', now: systemClock.now() });
  const { source } = aCloudWatchTarget();
  const dimensions = source.from === 'cloudwatch' ? source.dimensions : {};
  return {
    standIn,
    url: server.url,
    aws: createMetricsAws({
      deployment: 'test',
      region: 'us-east-1',
      clock: systemClock,
      credentials,
      endpoints: { sts: server.url, sqs: server.url, cloudwatch: server.url },
    }),
    account: { customer: 'acme', accountId, externalId: EXTERNAL_ID, roleArn },
    now: () => systemClock.now(),
    setQueue: (arn: string, depth: { visible: number; inFlight: number }) => void standIn.measures.setQueue(arn, depth),
    setMetric: (metric: string, value: number | undefined) =>
      standIn.measures.setMetric({ accountId, region, namespace: 'AWS/ApplicationELB', metric, dimensions }, value ?? null),
    deny: () => void standIn.identities.remove(accountId, 'sluice-queues'),
    stop: () => server.close(),
  };
}

metricsAwsContract('the real one, over HTTP to the stand-in', () => start());

describe('what reading queues and metrics asks of a customer', () => {
  const actions = ({ standIn }: Awaited<ReturnType<typeof start>>) =>
    standIn.calls.all().map(({ service, action }) => `${service}:${action}`);

  test('each session can do one thing: its policy names the queues and the one action, and its name says who it is', async () => {
    const under = await start([queue, gone]);
    under.setQueue(queue, { visible: 1, inFlight: 0 });
    under.setQueue(gone, { visible: 2, inFlight: 0 });
    const collector = under.aws.collector(under.account, region, [queue, gone]);
    await collector.depths([queue, gone]);
    await collector.depths([queue]);
    await collector.latest([queryFor('Slow')]);
    const assumed = under.standIn.calls.all().filter(({ action }) => action === 'AssumeRole');
    expect(assumed.map(({ parameters }) => JSON.parse(String(parameters.Policy)).Statement)).toEqual([
      [{ Effect: 'Allow', Action: 'sqs:GetQueueAttributes', Resource: [gone, queue] }],
      [{ Effect: 'Allow', Action: 'cloudwatch:GetMetricData', Resource: '*' }],
    ]);
    expect(assumed.every(({ externalId, allowed, sessionName }) => externalId && allowed && sessionName === 'sluice.test.collect')).toBe(
      true,
    );
    expect(actions(under).filter((action) => action === 'sqs:GetQueueAttributes')).toHaveLength(3);
    await under.stop();
  });

  test('a hundred queues take as many sessions as fit them, each with its own queues', async () => {
    const many = Array.from({ length: 100 }, (_, i) => `arn:aws:sqs:${region}:${accountId}:a-queue-with-a-rather-long-name-${i}`);
    const under = await start(many);
    for (const arn of many) under.setQueue(arn, { visible: 7, inFlight: 0 });
    const found = await under.aws.collector(under.account, region, many).depths(many);
    expect([...found.values()].filter((answer) => answer.ok)).toHaveLength(100);
    const policies = under.standIn.calls
      .all()
      .flatMap(({ action, parameters }) => (action === 'AssumeRole' ? [String(parameters.Policy)] : []));
    expect(policies.every((policy) => policy.length <= 2048)).toBe(true);
    expect(policies.flatMap((policy) => JSON.parse(policy).Statement[0].Resource).sort()).toEqual([...many].sort());
    await under.stop();
  });

  test('700 metrics are two calls', async () => {
    const under = await start();
    const names = Array.from({ length: 700 }, (_, i) => `m-${i}`);
    for (const [i, name] of names.entries()) under.setMetric(name, i);
    const found = await under.aws.collector(under.account, region, []).latest(names.map(queryFor));
    expect(found.map((answer) => (answer.ok ? answer.value.value : undefined))).toEqual(names.map((_, i) => i));
    expect(actions(under).filter((action) => action === 'cloudwatch:GetMetricData')).toHaveLength(2);
    await under.stop();
  });

  test('a throttled call is made once more; what fails again is missing', async () => {
    const under = await start();
    under.setQueue(queue, { visible: 12, inFlight: 3 });
    const fault = { action: 'sqs:GetQueueAttributes', fault: 'throttle', left: 1, delayMs: 0 } as const;
    const collector = under.aws.collector(under.account, region, [queue]);
    under.standIn.faults.add([fault]);
    expect((await collector.depths([queue])).get(queue)).toMatchObject({ ok: true });
    under.standIn.faults.add([{ ...fault, left: 2 }]);
    expect((await collector.depths([queue])).get(queue)).toMatchObject({ ok: false, code: 'throttled' });
    await under.stop();
  });

  test('a session that ended before its time is replaced by a new one', async () => {
    const under = await start();
    under.setQueue(queue, { visible: 12, inFlight: 3 });
    const collector = under.aws.collector(under.account, region, [queue]);
    await collector.depths([queue]);
    under.standIn.faults.add([
      { action: 'sqs:GetQueueAttributes', fault: 'error', code: 'ExpiredToken', status: 403, left: 1, delayMs: 0 },
    ]);
    expect((await collector.depths([queue])).get(queue)).toMatchObject({ ok: true });
    expect(actions(under).filter((action) => action === 'sts:AssumeRole')).toHaveLength(2);
    await under.stop();
  });

  test('a queue that is not there is told apart from one that may not be read', async () => {
    const under = await start([queue]);
    const other = `arn:aws:sqs:${region}:${accountId}:unlisted`;
    under.setQueue(other, { visible: 1, inFlight: 0 });
    const found = await under.aws.collector(under.account, region, [queue, other]).depths([queue, other]);
    expect(found.get(queue)).toMatchObject({ ok: false, code: 'not-found' });
    expect(found.get(other)).toMatchObject({ ok: false, code: 'denied' });
    await under.stop();
  });

  test('queues and metrics are set by PUT, and what does not fit is refused with its reason', async () => {
    const under = await start();
    const put = async (path: string, body: object) => {
      const answer = await fetch(`${under.url}${path}`, { method: 'PUT', body: JSON.stringify(body) });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await put('/_queues', { arn: queue, visible: 4, inFlight: 1, ageSeconds: 90 })).toMatchObject({ status: 200 });
    expect(await (await fetch(`${under.url}/_queues`)).json()).toEqual({
      queues: [{ arn: queue, visible: 4, inFlight: 1, ageSeconds: 90 }],
    });
    const [age] = await under.aws.collector(under.account, region, [queue]).latest([
      {
        namespace: 'AWS/SQS',
        metric: 'ApproximateAgeOfOldestMessage',
        dimensions: { QueueName: 'jobs' },
        statistic: 'Maximum',
        periodSeconds: 60,
      },
    ]);
    expect(age).toMatchObject({ ok: true, value: { value: 90 } });
    expect(await put('/_queues', { arn: 'jobs', visible: -1 })).toMatchObject({
      status: 400,
      body: { problems: [/arn/, /visible/].map((text) => expect.stringMatching(text)) },
    });
    expect(await put('/_metrics', { accountId, region, namespace: 'Shop', metric: 'Carts', value: 'many' })).toMatchObject({ status: 400 });
    expect(await put('/_metrics', { accountId, region, namespace: 'Shop', metric: 'Carts', value: 5 })).toMatchObject({ status: 200 });
    await under.stop();
  });
});
