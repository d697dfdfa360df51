import { describe, expect, it } from 'vitest';
import { aDepthTarget, aPolicy } from '../builders/policies.ts';
import { minutes, seconds } from '../builders/times.ts';
import { queueReport, webReport, wholeSystem } from '../fakes/whole-system.ts';

const WEB = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';
const WORKER = 'arn:aws:ecs:us-east-1:111122223333:service/shop/worker';
const slow = Array.from({ length: 40 }, () => 340);
const fast = Array.from({ length: 40 }, () => 2);

async function shop(tasks = 2) {
  const system = wholeSystem();
  await system.connect();
  system.aws.put({ arn: WEB, desired: tasks, running: tasks });
  system.aws.put({ arn: WORKER, desired: 0, running: 0 });
  const web = { customer: 'acme', name: 'web', group: 'shop', arn: WEB, policy: aPolicy({ min: 1 }) };
  const worker = { customer: 'acme', name: 'worker', group: 'shop', arn: WORKER, policy: aPolicy({ min: 0, targets: [aDepthTarget()] }) };
  const { tokens } = await system.apply([web, worker]);
  await system.tick();
  const token = (name: string) => tokens.get(name) ?? '';
  return Object.assign(system, { web, worker, token });
}

const counts = (system: Awaited<ReturnType<typeof shop>>, arn: string) => system.aws.service(arn)?.desired;
const updates = (system: Awaited<ReturnType<typeof shop>>) => system.aws.calls.filter((c) => c.action === 'ecs:UpdateService');

describe('from a report to a changed count', () => {
  it('a report that breaches its target changes the count, by one UpdateService with cluster, service and count', async () => {
    const system = await shop();
    const answer = await system.report(system.token('web'), webReport(system.clock.now(), slow));
    expect(answer).toMatchObject({ status: 200, body: { accepted: 80, dropped: {} } });
    await system.deliver();
    expect(updates(system)).toHaveLength(1);
    expect(Object.keys(updates(system)[0]?.parameters ?? {}).sort()).toEqual(['cluster', 'desiredCount', 'service']);
    expect(counts(system, WEB)).toBeGreaterThan(2);
    expect(system.told.outcomes).toMatchObject([{ service: 'web', outcome: { outcome: 'applied', desiredCount: counts(system, WEB) } }]);
    const decision = system.told.decisions.find((d) => d.decision.kind === 'scale')?.decision;
    expect(decision?.trail.map((s) => s.code)).toContain(decision?.code);
  });

  it('a worker at zero is woken by a sibling that reports its queue', async () => {
    const system = await shop();
    await system.report(system.token('web'), queueReport(system.clock.now(), { default: { qd: 60 } }));
    await system.deliver();
    expect(counts(system, WORKER)).toBe(3);
  });

  it('one queue reported by every task is never summed', async () => {
    const system = await shop();
    for (let task = 0; task < 20; task++) {
      await system.report(system.token('web'), queueReport(system.clock.now(), { default: { qd: 60 } }, `task-${task}`));
    }
    await system.deliver();
    expect(counts(system, WORKER)).toBe(3);
  });

  it('the same report delivered again at 5 and 10 seconds stores nothing new and decides nothing new', async () => {
    const system = await shop();
    const body = JSON.stringify(webReport(system.clock.now(), slow));
    await system.report(system.token('web'), body);
    await system.deliver();
    const stored = system.table.items().filter((i) => i.pk.includes('#r#')).length;
    const count = counts(system, WEB);
    for (let i = 0; i < 2; i++) {
      await system.clock.advance(seconds(5));
      await system.report(system.token('web'), body);
      await system.deliver();
    }
    expect(system.table.items().filter((i) => i.pk.includes('#r#'))).toHaveLength(stored);
    expect(counts(system, WEB)).toBe(count);
  });

  it('a stream record delivered twice changes the count once', async () => {
    const system = await shop();
    await system.report(system.token('web'), webReport(system.clock.now(), slow));
    const records = [...system.stream];
    await system.deliver(records);
    const before = updates(system).length;
    await system.deliver(records);
    expect(updates(system)).toHaveLength(before);
    expect(system.told.outcomes).toHaveLength(1);
  });

  it('a decision older than a minute is expired and never sent', async () => {
    const system = await shop();
    await system.report(system.token('web'), webReport(system.clock.now(), slow));
    await system.clock.advance(seconds(61));
    await system.deliver();
    expect(updates(system)).toHaveLength(0);
    expect(system.told.outcomes.map((o) => o.outcome.outcome)).toEqual(['expired']);
  });

  it('where somebody changed the count in between nothing is sent, and the service is decided anew from what was found', async () => {
    const system = await shop();
    await system.report(system.token('web'), webReport(system.clock.now(), slow));
    system.aws.put({ arn: WEB, desired: 5 });
    await system.deliver(system.stream.splice(0));
    expect(updates(system)).toHaveLength(0);
    expect(system.told.outcomes.map((o) => o.outcome.outcome)).toEqual(['superseded']);
    expect(system.told.decisions.at(-1)?.decision).toMatchObject({ from: 5 });
  });

  it('a write whose answer was lost is recognised as ours at the next look', async () => {
    const system = await shop();
    system.aws.fail('ecs:UpdateService', 'after-effect');
    await system.report(system.token('web'), webReport(system.clock.now(), slow));
    await system.deliver();
    expect(system.told.outcomes.map((o) => o.outcome.outcome)).toEqual(['failed']);
    const count = counts(system, WEB) ?? 0;
    expect(count).toBeGreaterThan(2);
    system.aws.put({ arn: WEB, running: count });
    await system.clock.advance(minutes(1));
    await system.report(system.token('web'), webReport(system.clock.now(), fast));
    await system.tick();
    const codes = system.told.decisions.flatMap((d) => d.decision.trail.map((s) => s.code));
    expect(codes).not.toContain('ManualCount');
    expect(codes).not.toContain('AnotherAutoscaler');
  });

  it('AccessDenied is refused, told once, and not tried again for five minutes; then the service is decided anew', async () => {
    const system = await shop();
    system.aws.fail('ecs:UpdateService', 'denied');
    await system.report(system.token('web'), webReport(system.clock.now(), slow));
    await system.deliver();
    expect(system.told.outcomes).toMatchObject([{ outcome: { outcome: 'refused' } }]);
    expect(system.told.problems).toMatchObject([{ problem: { code: 'AccessDenied' } }]);
    expect(counts(system, WEB)).toBe(2);
    for (let minute = 0; minute < 4; minute++) {
      await system.clock.advance(minutes(1));
      await system.report(system.token('web'), webReport(system.clock.now(), slow));
      await system.tick();
      await system.deliver();
    }
    expect(updates(system)).toHaveLength(1);
    expect(system.told.problems).toHaveLength(1);
    expect(system.told.decisions.at(-1)?.decision).toMatchObject({
      kind: 'hold',
      why: expect.stringContaining('AWS denied the last change'),
    });
    await system.clock.advance(minutes(2));
    await system.report(system.token('web'), webReport(system.clock.now(), slow));
    await system.tick();
    await system.deliver();
    expect(counts(system, WEB)).toBeGreaterThan(2);
  });

  it('a throttled write fails once and is decided anew by the next report', async () => {
    const system = await shop();
    system.aws.fail('ecs:UpdateService', 'throttled', 1);
    await system.report(system.token('web'), webReport(system.clock.now(), slow));
    await system.deliver();
    expect(system.told.outcomes.map((o) => o.outcome.outcome)).toEqual(['failed']);
    await system.clock.advance(seconds(11));
    await system.report(system.token('web'), webReport(system.clock.now(), slow));
    await system.deliver();
    expect(system.told.outcomes.map((o) => o.outcome.outcome)).toEqual(['failed', 'applied']);
  });

  it('a throttled write is decided anew by tick alone, from what was reported before', async () => {
    const system = await shop();
    system.aws.fail('ecs:UpdateService', 'throttled', 1);
    await system.report(system.token('web'), webReport(system.clock.now(), slow));
    await system.deliver();
    expect(system.told.outcomes.map((o) => o.outcome.outcome)).toEqual(['failed']);
    expect(counts(system, WEB)).toBe(2);
    await system.clock.advance(seconds(55));
    await system.tick();
    await system.deliver();
    expect(system.told.outcomes.map((o) => o.outcome.outcome)).toEqual(['failed', 'applied']);
    expect(counts(system, WEB)).toBeGreaterThan(2);
    expect(updates(system)).toHaveLength(2);
  });

  it('a failure of our own store hands the record back to the stream', async () => {
    const system = await shop();
    await system.report(system.token('web'), webReport(system.clock.now(), slow));
    const records = system.stream.splice(0);
    const { getMany, get } = system.table;
    const broken = async () => {
      throw new Error('the table does not answer');
    };
    Object.assign(system.table, { get: broken, getMany: broken });
    const answer = await system.deliver(records);
    expect(answer.batchItemFailures.map((f) => f.itemIdentifier)).toEqual([records[0]?.dynamodb?.SequenceNumber]);
    Object.assign(system.table, { get, getMany });
    await system.deliver(records);
    expect(system.told.outcomes.map((o) => o.outcome.outcome)).toEqual(['applied']);
  });

  it('observe decides and records what it would do, and changes nothing', async () => {
    const system = await shop();
    await system.apply([{ ...system.web, policy: { ...system.web.policy, mode: 'observe' } }]);
    await system.clock.advance(seconds(20));
    await system.report(system.token('web'), webReport(system.clock.now(), slow));
    await system.deliver();
    expect(updates(system)).toHaveLength(0);
    expect(system.told.decisions.at(-1)?.decision).toMatchObject({ kind: 'hold', would: expect.any(Number) });
  });

  it('a pause ordered between decision and action is obeyed', async () => {
    const system = await shop();
    await system.report(system.token('web'), webReport(system.clock.now(), slow));
    await system.api('POST', '/v1/pause', { all: true });
    await system.deliver();
    expect(updates(system)).toHaveLength(0);
    expect(system.told.outcomes).toMatchObject([{ outcome: { outcome: 'refused' } }]);
    await system.api('POST', '/v1/resume', { all: true });
    await system.clock.advance(seconds(11));
    await system.report(system.token('web'), webReport(system.clock.now(), slow));
    await system.deliver();
    expect(counts(system, WEB)).toBeGreaterThan(2);
  });

  it('silence never scales in, however long it lasts', async () => {
    const system = await shop(10);
    for (let minute = 0; minute < 60; minute++) {
      await system.clock.advance(minutes(1));
      await system.tick();
      await system.deliver();
    }
    expect(counts(system, WEB)).toBe(10);
  });

  it('calm reports scale in, in steps, once the window has passed', async () => {
    const system = await shop(8);
    const seen: number[] = [];
    for (let slot = 0; slot < 6 * 20; slot++) {
      await system.clock.advance(seconds(10));
      await system.report(system.token('web'), webReport(system.clock.now(), [1, 1, 1], { appTime: 5 }));
      if (slot % 6 === 0) await system.tick();
      await system.deliver();
      const service = system.aws.service(WEB);
      if (service) system.aws.put({ arn: WEB, running: service.desired });
      seen.push(service?.desired ?? -1);
    }
    expect(seen[6 * 4]).toBe(8);
    expect(seen.at(-1)).toBeLessThan(6);
    expect(seen.every((n) => n >= 1)).toBe(true);
  });
});

describe('what a report is answered', () => {
  it.each([
    ['an unknown token', async (s: Awaited<ReturnType<typeof shop>>) => s.report('nobody', webReport(s.clock.now(), fast)), 401],
    [
      'a token with one character changed',
      async (s: Awaited<ReturnType<typeof shop>>) =>
        s.report(`${s.token('web').slice(0, -1)}${s.token('web').endsWith('A') ? 'B' : 'A'}`, webReport(s.clock.now(), fast)),
      401,
    ],
    ['a body that is not JSON', async (s: Awaited<ReturnType<typeof shop>>) => s.report(s.token('web'), '{"metrics":['), 400],
    ['a list for a body', async (s: Awaited<ReturnType<typeof shop>>) => s.report(s.token('web'), '[]'), 400],
    [
      '200 levels of nesting',
      async (s: Awaited<ReturnType<typeof shop>>) => s.report(s.token('web'), `{"metrics":[],"x":${'['.repeat(200)}${']'.repeat(200)}}`),
      400,
    ],
    [
      'more than 5 MB',
      async (s: Awaited<ReturnType<typeof shop>>) => s.report(s.token('web'), `{"metrics":[],"x":"${'a'.repeat(5_300_000)}"}`),
      413,
    ],
    ['another path', async (s: Awaited<ReturnType<typeof shop>>) => s.raw('POST', `/${s.token('web')}/v2/reports`, '{}'), 404],
    ['another method', async (s: Awaited<ReturnType<typeof shop>>) => s.raw('GET', `/${s.token('web')}/v3/reports`, ''), 405],
  ])('%s is refused with the reason, and nothing is stored', async (_name, send, status) => {
    const system = await shop();
    const before = system.table.items().length;
    const answer = await send(system);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code: expect.any(String), why: expect.any(String) });
    expect(system.table.items()).toHaveLength(before);
  });

  it('a double slash and a path in front of the token are accepted', async () => {
    const system = await shop();
    const body = JSON.stringify({ container: '', pid: 7, adapters: {}, metrics: [] });
    expect((await system.raw('POST', `/api/${system.token('web')}//v3/reports`, body)).status).toBe(200);
  });

  it('garbage samples are dropped and counted by reason, the good ones kept', async () => {
    const system = await shop();
    const now = Math.floor(system.clock.now() / 1000);
    const answer = await system.report(system.token('web'), {
      container: 'c',
      pid: 1,
      metrics: [
        [now, 3, 'qt', null],
        [now, null, 'qt', null],
        [now, -1, 'qt', null],
        [now + 3600, 1, 'qt', null],
        [now - 3600, 1, 'qt', null],
        [now, 1.8e12, 'qt', null],
        [now, 5, 'at'],
        [now, 1, 'zz', null],
      ],
    });
    const { accepted, dropped, ignored } = answer.body as { accepted: number; dropped: Record<string, number>; ignored: number };
    expect(accepted).toBe(2);
    expect(ignored).toBe(1);
    expect(Object.values(dropped).reduce((a, b) => a + b, 0)).toBe(5);
  });
});

describe('services that cannot be scaled', () => {
  it.each([
    ['does not exist', undefined, 'ServiceNotFound'],
    ['is INACTIVE', { status: 'INACTIVE' }, 'ServiceInactive'],
    ['is a DAEMON', { schedulingStrategy: 'DAEMON' }, 'DaemonService'],
    ['is managed by ECS Express', { resourceManagement: 'ECS' }, 'ManagedByEcsExpress'],
  ])('one that %s is refused with the reason; the others run on', async (_name, given, code) => {
    const system = wholeSystem();
    await system.connect();
    system.aws.put({ arn: WEB });
    if (given) system.aws.put({ arn: WORKER, ...given });
    const config = (name: string, arn: string) => ({ customer: 'acme', name, group: 'shop', arn, policy: aPolicy() });
    const { services, tokens } = await system.apply([config('worker', WORKER), config('web', WEB)]);
    expect(services).toMatchObject([{ name: 'worker', problem: { code } }, { name: 'web' }]);
    expect([...tokens.keys()]).toEqual(['web']);
  });
});
