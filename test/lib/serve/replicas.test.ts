import { describe, expect, it } from 'vitest';
import { createReportStore } from '../../../lib/stores/report-store.ts';
import { aPolicy } from '../../builders/policies.ts';
import { minutes, seconds } from '../../builders/times.ts';
import { engineBeside, functionsBeside } from '../../fakes/engine-beside.ts';
import { webReport, wholeSystem } from '../../fakes/whole-system.ts';

const WEB = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';
const slow = Array.from({ length: 40 }, () => 340);
const fast = Array.from({ length: 40 }, () => 1);

async function shop() {
  const system = wholeSystem();
  await system.connect();
  system.aws.put({ arn: WEB, desired: 4, running: 4 });
  const web = { customer: 'acme', name: 'web', group: 'shop', arn: WEB, policy: aPolicy({ min: 1, max: 60 }) };
  const { tokens } = await system.apply([web]);
  await system.tick();
  // A call of AWS takes its time, so that several of them are under way at once.
  system.aws.before = () => system.clock.sleep(120);
  return Object.assign(system, { token: tokens.get('web') ?? '' });
}
type Shop = Awaited<ReturnType<typeof shop>>;

const updates = (system: Shop) => system.aws.calls.filter(({ action }) => action === 'ecs:UpdateService');

/** Ends a run with nothing under way. */
async function settle(system: Shop, ...work: Promise<unknown>[]) {
  const done = Promise.all(work);
  await system.clock.advance(seconds(90));
  await done;
}

/** Reports of four tasks, every five seconds, handed to the hosts in turn; after each, time passes and the tasks follow the count. */
async function load(system: Shop, hosts: readonly ((body: unknown) => Promise<unknown>)[], queueTimes: readonly number[], rounds: number) {
  const waiting: Promise<unknown>[] = [];
  for (let round = 0; round < rounds; round++) {
    for (let task = 0; task < 4; task++) {
      const body = webReport(system.clock.now(), queueTimes, { container: `task-${task}` });
      waiting.push(hosts[(task + round) % hosts.length]?.(body) ?? Promise.resolve());
    }
    await system.clock.advance(seconds(5));
    const desired = system.aws.service(WEB)?.desired ?? 0;
    system.aws.put({ arn: WEB, running: desired });
  }
  await system.clock.advance(seconds(2));
  await Promise.all(waiting);
}

/** All decisions that were acted upon, by what the customer's AWS was told: the session bears the decision's id. */
const perDecision = (system: Shop) => {
  const counted = new Map<string, number>();
  for (const { session } of updates(system)) counted.set(session, (counted.get(session) ?? 0) + 1);
  return counted;
};

const history = (system: Shop) => system.table.items().filter(({ pk }) => pk === 'acme#h#web');

describe('two replicas of sluice serve and the Lambda functions on one table', () => {
  it('send each decision once, whoever made it and whoever else was handed it', async () => {
    const system = await shop();
    const [a, b] = [engineBeside(system, 'replica-a'), engineBeside(system, 'replica-b')];
    const functions = functionsBeside(system);
    const hosts = [a, b, functions].map((host) => (body: unknown) => host.report(system.token, body));
    await load(system, hosts, slow, 60);
    await load(system, hosts, fast, 12);
    await settle(system, functions.drain(), a.drain(), b.drain());

    const scaled = perDecision(system);
    expect(scaled.size).toBeGreaterThan(5);
    expect([...scaled.values()].every((times) => times === 1)).toBe(true);
    expect([...a.failures, ...b.failures]).toEqual([]);
    // All three acted at some time, or the test would show nothing of their being together.
    const applied = (lines: readonly Record<string, unknown>[]) =>
      lines.filter(({ type, outcome }) => type === 'outcome' && outcome === 'applied');
    const byHost = [
      applied(a.lines).length,
      applied(b.lines).length,
      functions.outcomes.filter(({ outcome }) => outcome === 'applied').length,
    ];
    expect(byHost.reduce((sum, count) => sum + count, 0)).toBe(updates(system).length);
    expect(byHost.filter((count) => count > 0).length).toBeGreaterThanOrEqual(2);
    // History has each of them once, with what became of it.
    const ids = history(system).map(({ sk }) => sk.split('#')[1] ?? '');
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('do not fight: the count goes up while requests wait, down while they do not, and never turns', async () => {
    const system = await shop();
    const [a, b] = [engineBeside(system, 'replica-a'), engineBeside(system, 'replica-b')];
    const hosts = [(body: unknown) => a.report(system.token, body), (body: unknown) => b.report(system.token, body)];
    await load(system, hosts, slow, 60);
    const up = updates(system).map(({ parameters }) => Number(parameters['desiredCount']));
    await load(system, hosts, fast, 130);
    await settle(system, a.drain(), b.drain());
    const down = updates(system)
      .slice(up.length)
      .map(({ parameters }) => Number(parameters['desiredCount']));
    expect(up).toEqual(up.toSorted((x, y) => x - y));
    expect(down).toEqual(down.toSorted((x, y) => y - x));
    expect(new Set(up).size).toBe(up.length);
    expect(new Set(down).size).toBe(down.length);
    expect(up.length).toBeGreaterThan(3);
    expect(down.length).toBeGreaterThan(0);
  });

  it('count a report once that both were sent', async () => {
    const system = await shop();
    const [a, b] = [engineBeside(system, 'replica-a', ['ingest']), engineBeside(system, 'replica-b', ['ingest'])];
    const body = webReport(system.clock.now(), slow);
    const both = Promise.all([a.report(system.token, body), b.report(system.token, body), system.report(system.token, body)]);
    await system.clock.advance(seconds(5));
    expect(await both).toMatchObject([200, 200, { status: 200 }]);
    expect(system.table.items().filter(({ pk }) => pk.startsWith('acme#r#'))).toHaveLength(1);
    await settle(system, a.drain(), b.drain());
  });

  it('decide anew by tick what a crash left, once the decision is too old, and never send the old one', async () => {
    const system = await shop();
    // Its process ends right after the conditional write: what it hands over is never acted upon.
    const lost = engineBeside(system, 'lost', ['ingest']);
    system.aws.before = () => new Promise(() => undefined);
    const answered = lost.report(system.token, webReport(system.clock.now(), slow));
    await system.clock.advance(seconds(1));
    expect(await answered).toBe(200);
    const [first] = system.table.items().filter(({ sk, act }) => sk === 'control#web' && typeof act === 'string');
    expect(first?.['act']).toEqual(expect.any(String));
    system.stream.splice(0);
    system.aws.before = undefined;
    const other = engineBeside(system, 'other', ['tick']);
    for (let minute = 0; minute < 3; minute++) {
      await other.report(system.token, webReport(system.clock.now(), slow));
      await system.clock.advance(minutes(1));
    }
    await settle(system, other.drain());
    const sent = [...perDecision(system).keys()];
    expect(sent.length).toBeGreaterThan(0);
    expect(sent).not.toContain(first?.['act']);
    expect(system.aws.service(WEB)?.desired).toBeGreaterThan(4);
  });

  it('collect and discover once between them, and take over from one that is gone', async () => {
    const system = await shop();
    system.aws.before = undefined;
    const [a, b] = [engineBeside(system, 'replica-a'), engineBeside(system, 'replica-b')];
    const rounds = () => system.table.items().filter(({ pk, sk }) => pk === '~operator' && sk.startsWith('round#'));
    await system.clock.advance(minutes(3));
    expect(
      rounds()
        .map(({ sk }) => sk)
        .sort(),
    ).toEqual(['round#collect', 'round#discover']);
    const until = rounds().map(({ until: end }) => Number(end));
    await a.drain();
    await system.clock.advance(minutes(61));
    expect(rounds().every(({ until: end }, i) => Number(end) > (until[i] ?? 0))).toBe(true);
    await settle(system, b.drain());
  });
});

describe('a sluice serve that is told to end', () => {
  it('finishes what it was handed before it does', async () => {
    const system = await shop();
    const a = engineBeside(system, 'replica-a', ['ingest']);
    const answered = a.report(system.token, webReport(system.clock.now(), slow));
    await system.clock.advance(10);
    await answered;
    expect(updates(system)).toEqual([]);
    await settle(system, a.drain());
    expect(updates(system)).toHaveLength(1);
  });

  it('stores calm reports that wait for company', async () => {
    const system = await shop();
    const a = engineBeside(system, 'replica-a', ['ingest']);
    const delivered: number[] = [];
    const reports = createReportStore(system.table, { clock: system.clock });
    const stored = async () =>
      new Set((await reports.since('acme', 'shop', 1, 0)).map(({ reporter, slotAt }) => `${reporter} ${slotAt}`)).size;
    // Forty tasks every ten seconds that say nothing new, until many of them wait.
    for (let round = 0; round < 6; round++)
      for (let task = 0; task < 40; task++) {
        const answered = a.report(system.token, webReport(system.clock.now(), fast, { container: `task-${task}` }));
        await system.clock.advance(250);
        await answered;
        delivered.push(round);
      }
    const before = await stored();
    expect(before).toBeLessThan(delivered.length);
    const ended = a.drain();
    await system.clock.advance(seconds(1));
    await ended;
    expect(await stored()).toBe(delivered.length);
  });

  it('begins report URLs as it was told, once the first call comes', async () => {
    const system = await shop();
    let beginning = 'https://too-early.example.com';
    const a = engineBeside(system, 'replica-a', [], () => beginning);
    beginning = 'https://reports.example.com/';
    const { status, body } = await a.api('POST', '/v1/tokens', { customer: 'acme', service: 'web' });
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ reportUrl: expect.stringMatching(/^https:\/\/reports\.example\.com\/sl1\./) }),
    ]);
  });
});
