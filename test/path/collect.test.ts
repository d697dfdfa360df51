import { describe, expect, it } from 'vitest';
import type { MetricTarget, Policy } from '../../lib/policy/policy.ts';
import { aBehavior, aCloudWatchTarget, anSqsTarget, aPolicy, JOBS_QUEUE } from '../builders/policies.ts';
import { minutes, seconds } from '../builders/times.ts';
import { queueReport, wholeSystem } from '../fakes/whole-system.ts';

const WORKER = 'arn:aws:ecs:us-east-1:111122223333:service/shop/worker';

/** A worker that is sized by what is collected, and a way to let a minute pass as it does when deployed. */
async function worker(tasks: number, targets: readonly MetricTarget[] = [anSqsTarget()], overrides: Partial<Policy> = {}) {
  const system = wholeSystem();
  await system.connect();
  system.aws.put({ arn: WORKER, desired: tasks, running: tasks });
  const { tokens } = await system.apply([
    {
      customer: 'acme',
      name: 'worker',
      group: 'jobs',
      arn: WORKER,
      policy: aPolicy({
        min: 0,
        targets,
        behavior: aBehavior({ scaleIn: { ...aBehavior().scaleIn, stabilizeMs: minutes(2) } }),
        ...overrides,
      }),
    },
  ]);
  await system.tick();
  const settle = async () => {
    await system.deliver();
    const desired = system.aws.service(WORKER)?.desired ?? 0;
    system.aws.put({ arn: WORKER, running: desired });
  };
  return Object.assign(system, {
    token: tokens.get('worker') ?? '',
    settle,
    async minute() {
      await system.collect();
      await settle();
      await system.clock.advance(minutes(1));
      await system.tick();
      await settle();
    },
  });
}

/** The oldest message is to be younger than 30 s. */
function anAgeTarget(): MetricTarget {
  const { perTask: _, ...rest } = anSqsTarget({}, 'age');
  return { ...rest, target: seconds(30), low: seconds(15) };
}

const count = (system: Awaited<ReturnType<typeof worker>>) => system.aws.service(WORKER)?.desired;
const lastHold = (system: Awaited<ReturnType<typeof worker>>) => system.told.decisions.at(-1)?.decision;

describe('from a queue of SQS to a changed count', () => {
  it('a worker at zero is woken by messages that nobody reports', async () => {
    const system = await worker(0);
    system.metricsAws.setQueue(JOBS_QUEUE, { visible: 60, inFlight: 0 });
    await system.collect();
    await system.deliver();
    expect(count(system)).toBe(3);
    expect(system.told.decisions.at(-1)?.decision.why).toContain('SQS messages visible and in flight in jobs');
  });

  it('messages in flight need their task as those that wait, unless the policy counts the waiting alone', async () => {
    const both = await worker(1);
    both.metricsAws.setQueue(JOBS_QUEUE, { visible: 20, inFlight: 80 });
    await both.collect();
    await both.deliver();
    expect(count(both)).toBe(5);
    const waiting = await worker(1, [anSqsTarget({}, 'visible')]);
    waiting.metricsAws.setQueue(JOBS_QUEUE, { visible: 40, inFlight: 80 });
    await waiting.collect();
    await waiting.deliver();
    expect(count(waiting)).toBe(2);
  });

  it('an empty queue lets it go to zero, by the steps of scale-in', async () => {
    const system = await worker(3);
    system.metricsAws.setQueue(JOBS_QUEUE, { visible: 0, inFlight: 0 });
    for (let minute = 0; minute < 12; minute++) await system.minute();
    expect(count(system)).toBe(0);
  });

  it.each(['denied', 'throttled', 'unavailable', 'not-found', 'partial', 'no-datapoint'] as const)(
    'a call that is %s is unknown, never empty: nothing is removed however long it lasts',
    async (code) => {
      const system = await worker(3);
      system.metricsAws.setQueue(JOBS_QUEUE, { visible: 0, inFlight: 0 });
      system.metricsAws.miss(JOBS_QUEUE, code);
      for (let minute = 0; minute < 12; minute++) await system.minute();
      expect(count(system)).toBe(3);
      expect(lastHold(system)).toMatchObject({ kind: 'hold', code: 'NoReadings' });
      expect(lastHold(system)?.why).toContain('SQS messages visible and in flight in jobs is unknown');
    },
  );

  it('a known 0 that is followed by failures does not count for long: the newest attempt is what counts', async () => {
    const system = await worker(3);
    system.metricsAws.setQueue(JOBS_QUEUE, { visible: 0, inFlight: 0 });
    await system.minute();
    system.metricsAws.miss(JOBS_QUEUE, 'throttled');
    for (let minute = 0; minute < 10; minute++) await system.minute();
    expect(count(system)).toBe(3);
  });

  it('a collector that stopped altogether leaves the count where it is, and the fallback floor comes by itself', async () => {
    const held = await worker(3);
    held.metricsAws.setQueue(JOBS_QUEUE, { visible: 60, inFlight: 0 });
    await held.minute();
    for (let minute = 0; minute < 10; minute++) {
      await held.clock.advance(minutes(1));
      await held.tick();
      await held.settle();
    }
    expect(count(held)).toBe(3);
    const floored = await worker(1, undefined, { behavior: aBehavior({ fallback: { tasks: 5, afterMs: minutes(3) } }) });
    floored.metricsAws.setQueue(JOBS_QUEUE, { visible: 10, inFlight: 0 });
    await floored.minute();
    floored.metricsAws.miss(JOBS_QUEUE, 'unavailable');
    for (let minute = 0; minute < 6; minute++) await floored.minute();
    expect(count(floored)).toBe(5);
  });

  it('what AWS refused is told once and not asked for again for five minutes, and then goes on by itself', async () => {
    const system = await worker(1);
    system.metricsAws.setQueue(JOBS_QUEUE, { visible: 60, inFlight: 0 });
    system.metricsAws.miss(JOBS_QUEUE, 'denied');
    for (let minute = 0; minute < 5; minute++) await system.minute();
    expect(system.metricsAws.calls).toHaveLength(1);
    expect(system.told.problems).toMatchObject([{ service: 'worker', problem: { code: 'AccessDenied' } }]);
    system.metricsAws.miss(JOBS_QUEUE, undefined);
    await system.minute();
    expect(count(system)).toBe(3);
  });

  it('a queue in an account that is not connected is a problem that names it', async () => {
    const foreign = anSqsTarget({ source: { from: 'sqs', queueArn: 'arn:aws:sqs:eu-west-1:999988887777:far', attribute: 'visible' } });
    const system = await worker(3, [foreign]);
    await system.minute();
    expect(system.told.problems).toMatchObject([
      { problem: { code: 'AccountNotConnected', why: expect.stringContaining('999988887777') } },
    ]);
    expect(count(system)).toBe(3);
  });

  it('is read in its own account and Region where these are connected', async () => {
    const arn = 'arn:aws:sqs:eu-west-1:999988887777:far';
    const system = await worker(1, [anSqsTarget({ source: { from: 'sqs', queueArn: arn, attribute: 'visible' } })]);
    await system.connect('acme', '999988887777');
    system.metricsAws.setQueue(arn, { visible: 60, inFlight: 0 });
    await system.minute();
    expect(system.metricsAws.calls).toEqual([
      { action: 'sqs:GetQueueAttributes', accountId: '999988887777', region: 'eu-west-1', about: [arn] },
    ]);
    expect(count(system)).toBe(3);
  });

  it('the age of its oldest message comes from CloudWatch, in seconds', async () => {
    const system = await worker(1, [anAgeTarget()]);
    system.metricsAws.setMetric('ApproximateAgeOfOldestMessage', { value: 95, at: system.clock.now() - seconds(30) });
    await system.collect();
    await system.deliver();
    expect(count(system)).toBe(2);
    expect(system.told.decisions.at(-1)?.decision.why).toMatch(/age of the oldest SQS message in jobs/);
  });
});

describe('metrics of CloudWatch', () => {
  const alb = aCloudWatchTarget({ target: 0.2, low: 0.1 });

  it('over the target scale out, and below its bottom in', async () => {
    const system = await worker(2, [alb], { min: 1 });
    const say = (value: number) => system.metricsAws.setMetric('TargetResponseTime', { value, at: system.clock.now() - seconds(70) });
    say(0.9);
    await system.minute();
    expect(count(system)).toBe(3);
    for (let minute = 0; minute < 12; minute++) {
      say(0.01);
      await system.minute();
    }
    expect(count(system)).toBe(1);
  });

  it('without a datapoint are unknown, since nothing is not 0', async () => {
    const system = await worker(3, [alb], { min: 1 });
    for (let minute = 0; minute < 10; minute++) await system.minute();
    expect(count(system)).toBe(3);
    expect(lastHold(system)).toMatchObject({ kind: 'hold', code: 'NoReadings' });
  });

  it('whose newest datapoint grows old are unknown', async () => {
    const system = await worker(3, [alb], { min: 1 });
    system.metricsAws.setMetric('TargetResponseTime', { value: 0.01, at: system.clock.now() - minutes(4) });
    for (let minute = 0; minute < 6; minute++) await system.minute();
    expect(count(system)).toBe(3);
  });

  it('700 of them in 70 services of one account are two calls', async () => {
    const system = wholeSystem();
    await system.connect();
    const names = Array.from({ length: 70 }, (_, i) => `web-${i}`);
    const arn = (name: string) => `arn:aws:ecs:us-east-1:111122223333:service/shop/${name}`;
    for (const name of names) system.aws.put({ arn: arn(name) });
    await system.apply(
      names.map((name, i) => ({
        customer: 'acme',
        name,
        group: `g-${i % 7}`,
        arn: arn(name),
        policy: aPolicy({
          targets: Array.from({ length: 10 }, (_, t) =>
            aCloudWatchTarget({ target: 5, source: { ...alb.source, metric: `m-${i}-${t}` } as MetricTarget['source'] }),
          ),
        }),
      })),
    );
    await system.collect();
    expect(system.metricsAws.calls.map(({ action, about }) => [action, about.length])).toEqual([
      ['cloudwatch:GetMetricData', 500],
      ['cloudwatch:GetMetricData', 200],
    ]);
  });
});

describe('how often', () => {
  it('once a minute, unless a policy asks for more: then again in the course of the same invocation', async () => {
    const arn = 'arn:aws:sqs:us-east-1:111122223333:urgent';
    const urgent = anSqsTarget({ everySeconds: 20, source: { from: 'sqs', queueArn: arn, attribute: 'visible' } });
    const system = await worker(1, [anSqsTarget(), urgent]);
    const startedAt = system.clock.now();
    system.metricsAws.setQueue(JOBS_QUEUE, { visible: 0, inFlight: 0 });
    system.metricsAws.setQueue(arn, { visible: 0, inFlight: 0 });
    let ended = false;
    const minute = system.collect().finally(() => {
      ended = true;
    });
    for (let second = 0; second < 55 && !ended; second++) {
      if (second === 30) system.metricsAws.setQueue(arn, { visible: 60, inFlight: 0 });
      await system.clock.advance(seconds(1));
    }
    await minute;
    expect(system.metricsAws.calls.map(({ about }) => about[0]?.split(':').at(-1))).toEqual(['jobs', 'urgent', 'urgent', 'urgent']);
    expect(system.clock.now() - startedAt).toBeLessThan(seconds(59));
    await system.deliver();
    expect(count(system)).toBe(3);
  });

  it('no call, no write and no read of policies where no policy names a metric', async () => {
    const system = wholeSystem();
    await system.connect();
    system.aws.put({ arn: WORKER });
    await system.apply([{ customer: 'acme', name: 'worker', group: 'jobs', arn: WORKER, policy: aPolicy() }]);
    const before = system.table.usage();
    await system.collect();
    const after = system.table.usage();
    expect(after.writeUnits).toBe(before.writeUnits);
    expect(after.calls).toEqual({ ...before.calls, Query: before.calls.Query + 1 });
    expect(system.metricsAws.calls).toEqual([]);
  });

  it('a group whose last such target was taken away is forgotten, and comes back with the next one', async () => {
    const system = await worker(1);
    const listed = () => system.table.items().filter((item) => item.pk === 'acme#m' && 'due_shard' in item).length;
    const apply = (targets: Policy['targets']) =>
      system.apply([{ customer: 'acme', name: 'worker', group: 'jobs', arn: WORKER, policy: aPolicy({ min: 0, targets }) }]);
    expect(listed()).toBe(1);
    await apply(aPolicy().targets);
    await system.collect();
    expect(listed()).toBe(1);
    await system.clock.advance(minutes(11));
    await system.collect();
    expect(listed()).toBe(0);
    await apply([anSqsTarget()]);
    expect(listed()).toBe(1);
  });

  it('many groups are shared out among invocations, each with a bounded number', async () => {
    const system = wholeSystem();
    await system.connect();
    const arn = (i: number) => `arn:aws:ecs:us-east-1:111122223333:service/shop/worker-${i}`;
    const configs = Array.from({ length: 120 }, (_, i) => ({
      customer: 'acme',
      name: `worker-${i}`,
      group: `jobs-${i}`,
      arn: arn(i),
      policy: aPolicy({ targets: [anSqsTarget()] }),
    }));
    for (const config of configs) system.aws.put({ arn: config.arn });
    await system.apply(configs);
    await system.collect();
    expect(system.collected).toHaveLength(2);
    // One queue, asked once by each of the three.
    expect(system.metricsAws.calls).toHaveLength(3);
  });
});

describe('accounts and groups beside each other', () => {
  it('one account that is denied harms only its own services', async () => {
    const system = await worker(1);
    await system.connect('globex', '444455556666');
    const other = 'arn:aws:ecs:us-east-1:444455556666:service/shop/worker';
    const theirs = 'arn:aws:sqs:us-east-1:444455556666:jobs';
    system.aws.put({ arn: other, desired: 1, running: 1 });
    await system.apply([
      {
        customer: 'globex',
        name: 'worker',
        group: 'jobs',
        arn: other,
        policy: aPolicy({ min: 0, targets: [anSqsTarget({ source: { from: 'sqs', queueArn: theirs, attribute: 'visible' } })] }),
      },
    ]);
    system.metricsAws.setQueue(JOBS_QUEUE, { visible: 60, inFlight: 0 });
    system.metricsAws.setQueue(theirs, { visible: 60, inFlight: 0 });
    system.metricsAws.miss('444455556666', 'denied');
    await system.tick();
    await system.collect();
    await system.deliver();
    expect(count(system)).toBe(3);
    expect(system.aws.service(other)?.desired).toBe(1);
  });

  it('what is collected and what adapters report decide together: in only if both say so', async () => {
    const system = await worker(3, [anSqsTarget()], {
      targets: [anSqsTarget(), { kind: 'job-depth', perTask: 20, includeBusy: false, activation: 0, by: 'auto', step: { out: 1, in: 1 } }],
    });
    system.metricsAws.setQueue(JOBS_QUEUE, { visible: 0, inFlight: 0 });
    for (let minute = 0; minute < 6; minute++) {
      await system.report(system.token, queueReport(system.clock.now(), { default: { qd: 60 } }));
      await system.minute();
    }
    expect(count(system)).toBe(3);
    for (let minute = 0; minute < 12; minute++) {
      await system.report(system.token, queueReport(system.clock.now(), { default: { qd: 0 } }));
      await system.minute();
    }
    expect(count(system)).toBe(0);
  });

  it('an event that is delivered twice changes nothing that once would not have', async () => {
    const system = await worker(1);
    system.metricsAws.setQueue(JOBS_QUEUE, { visible: 60, inFlight: 0 });
    await system.collect();
    await system.collect();
    await system.deliver();
    expect(count(system)).toBe(3);
    expect(system.told.outcomes).toHaveLength(1);
  });

  it('one write unit a minute for a group, whatever the number of its numbers', async () => {
    const targets = Array.from({ length: 10 }, (_, t) =>
      anSqsTarget({ source: { from: 'sqs', queueArn: `${JOBS_QUEUE}-${t}`, attribute: 'visible' } }),
    );
    const system = await worker(2, targets, { min: 2, max: 2 });
    for (let t = 0; t < 10; t++) system.metricsAws.setQueue(`${JOBS_QUEUE}-${t}`, { visible: 0, inFlight: 0 });
    for (let minute = 0; minute < 5; minute++) await system.minute();
    const before = system.table.usage();
    await system.collect();
    // The reading, and the lease of the look that follows.
    expect(system.table.usage().writeUnits - before.writeUnits).toBeLessThanOrEqual(2);
  });
});
