import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadFor } from '../../lib/local/example/load-model.ts';
import { simulateJobs, simulateWebApp } from '../../lib/local/example/simulated-traffic.ts';
import { functionUrlEvent } from '../../lib/local/function-url-event.ts';
import { lambdaContext } from '../../lib/local/lambda-context.ts';
import { TICK_MS } from '../../lib/local/start-everything.ts';
import { createLocalSystem } from '../../lib/local/system.ts';
import { parsePolicyFile } from '../../lib/policy/parse-policy-file.ts';
import { storeServiceConfig } from '../../lib/policy/store-policy.ts';
import { createMemoryTable } from '../../lib/stores/memory-table.ts';
import type { OutcomeRecord, StoredDecision } from '../../lib/stores/records.ts';
import { createVirtualClock } from '../../lib/virtual-clock.ts';
import { fakeAccountAws } from '../fakes/fake-account-aws.ts';
import { fakeCustomerAws } from '../fakes/fake-customer-aws.ts';

const start = Date.UTC(2026, 0, 5, 12);
const TASK_START_MS = 3_000;

interface Told {
  readonly service: string;
  readonly sinceStartMs: number;
  readonly decision: StoredDecision;
}

/** The example's file, load and functions, all in this process and under a virtual clock. */
async function playExample(forMs: number) {
  const text = readFileSync('lib/local/example/sluice.example.yml', 'utf8');
  const parsed = parsePolicyFile(text, { source: 'example', defaultMode: 'on' });
  if (!parsed.ok) throw new Error(parsed.problems.map((problem) => problem.message).join('\n'));
  const { services } = parsed.file;

  const clock = createVirtualClock(start);
  const decisions: Told[] = [];
  const outcomes: OutcomeRecord[] = [];
  const trouble: string[] = [];
  const aws = fakeCustomerAws();
  let byte = 0;
  const random = { bytes: (count: number) => Uint8Array.from({ length: count }, () => (byte = (byte * 73 + 41) % 251)) };
  const system = createLocalSystem({
    clock,
    random,
    journal: {
      decision: ({ service }, decision) => decisions.push({ service, sinceStartMs: clock.now() - start, decision }),
      outcome: (_about, outcome) => outcomes.push(outcome),
      problem: ({ service }, problem) => trouble.push(`${service}: ${problem.code}: ${problem.why}`),
      warn: (message, fields) => trouble.push(`${message} ${JSON.stringify(fields)}`),
    },
    makeTable: (onChange) => createMemoryTable({ clock, onChange }),
    customerAws: () => aws,
    accountAws: () => fakeAccountAws(() => clock.now()),
    operatorAccountId: '000000000000',
  });
  const call = async (handler: typeof system.admin, target: string, body: string) => {
    const request = {
      method: 'POST',
      target,
      rawHeaders: ['content-type', 'application/json'],
      body: Buffer.from(body),
      sourceIp: '127.0.0.1',
    };
    const answer = (await handler(
      functionUrlEvent(request, { requestId: 'r', at: clock.now(), domainName: 'd' }),
      lambdaContext('f', 'r', 10_000, clock.now),
    )) as {
      statusCode: number;
      body: string;
    };
    if (answer.statusCode !== 200) throw new Error(`${target}: ${answer.statusCode} ${answer.body}`);
    return JSON.parse(answer.body);
  };

  const customer = parsed.file.customer;
  const accountId = '111122223333';
  const roleArn = `arn:aws:iam::${accountId}:role/sluice/example`;
  const { externalId } = await call(system.admin, '/v1/accounts', JSON.stringify({ customer, accountId }));
  aws.addRole({ customer, accountId, externalId, roleArn }, { writable: services.map((service) => service.arn) });
  for (const { arn, policy } of services) aws.put({ arn, desired: policy.min, running: policy.min });
  expect(await call(system.admin, '/v1/accounts/connect', JSON.stringify({ customer, accountId, roleArn }))).toMatchObject({
    connected: true,
  });
  const applied: { services: { name: string; token: string }[] } = await call(
    system.admin,
    '/v1/apply',
    JSON.stringify({ services: services.map(storeServiceConfig) }),
  );

  const stop = new AbortController();
  /** What ECS does with an ordered count: missing tasks run after three seconds, those too many stop. */
  const runTasks = async (arn: string) => {
    for (let starting: { count: number; at: number }[] = []; !stop.signal.aborted; await clock.sleep(100)) {
      const service = aws.service(arn);
      if (service === undefined) continue;
      const running = Math.min(
        service.desired,
        service.running + starting.filter((s) => s.at <= clock.now()).reduce((sum, s) => sum + s.count, 0),
      );
      starting = service.desired <= running ? [] : starting.filter((s) => s.at > clock.now());
      const missing = service.desired - running - starting.reduce((sum, s) => sum + s.count, 0);
      if (missing > 0) starting.push({ count: missing, at: clock.now() + TASK_START_MS });
      aws.put({ arn, running, pending: service.desired - running });
    }
  };
  const tick = async () => {
    for (; !stop.signal.aborted; await clock.sleep(TICK_MS)) await system.look();
  };
  const load = services.map((service, i) => {
    const kind = service.name === 'web' ? 'web' : 'jobs';
    const token = applied.services.find(({ name }) => name === service.name)?.token ?? '';
    const options = {
      clock,
      load: loadFor(kind, service.policy, i + 1),
      running: () => aws.service(service.arn)?.running ?? 0,
      reportMs: 1_000,
      post: async (body: string) => void (await call(system.ingest, `/${token}/v3/reports`, body)),
      signal: stop.signal,
    };
    return kind === 'web' ? simulateWebApp(options) : simulateJobs({ ...options, queues: ['default'] });
  });
  const all = Promise.all([...services.map((service) => runTasks(service.arn)), tick(), ...load]);
  await clock.advance(forMs);
  stop.abort();
  await clock.advance(20_000);
  await all;
  await system.stop();
  return { decisions, outcomes, trouble, aws, services };
}

describe('the example, under a virtual clock', async () => {
  const story = await playExample(120_000);
  const moves = story.decisions.filter(({ decision }) => decision.kind === 'scale');
  const firstMove = (service: string, way: 'out' | 'in') =>
    moves.find(
      ({ service: name, decision }) =>
        name === service && decision.kind === 'scale' && (way === 'out' ? decision.to > decision.from : decision.to < decision.from),
    );

  it('scales web out within 30 s of its start, and in within two minutes', () => {
    expect(firstMove('web', 'out')?.sinceStartMs).toBeLessThan(30_000);
    expect(firstMove('web', 'in')?.sinceStartMs).toBeLessThan(120_000);
  });

  it('scales the worker out and in as well', () => {
    expect(firstMove('worker', 'out')).toBeDefined();
    expect(firstMove('worker', 'in')).toBeDefined();
  });

  it('never leaves the bounds, and applies what it decides', () => {
    for (const { service, decision } of moves) {
      const policy = story.services.find(({ name }) => name === service)?.policy;
      expect(decision.to).toBeGreaterThanOrEqual(policy?.min ?? Number.NaN);
      expect(decision.to).toBeLessThanOrEqual(policy?.max ?? Number.NaN);
    }
    expect(story.outcomes.filter(({ outcome }) => outcome === 'applied').length).toBeGreaterThanOrEqual(4);
    expect(new Set(story.outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['applied']));
  });

  it('says of each move in one sentence why', () => {
    for (const { decision } of moves) expect(decision.why).toMatch(/\d.*\.$/s);
  });

  it('meets no trouble on the way', () => {
    expect(story.trouble).toEqual([]);
  });

  it('tells the same story each time', { timeout: 60_000 }, async () => {
    const again = await playExample(40_000);
    const upTo = (all: readonly Told[]) =>
      all
        .filter(({ sinceStartMs }) => sinceStartMs < 39_000)
        .map(({ service, sinceStartMs, decision }) => [service, sinceStartMs, decision.kind, decision.to]);
    expect(upTo(again.decisions)).toEqual(upTo(story.decisions));
  });
});
