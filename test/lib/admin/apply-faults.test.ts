import { describe, expect, it } from 'vitest';
import type { ServiceConfig } from '../../../lib/policy/policy.ts';
import { anSqsTarget, aPolicy, aQueueTimeTarget } from '../../builders/policies.ts';
import { minutes, seconds } from '../../builders/times.ts';
import { type Failing, failingTable } from '../../fakes/failing-table.ts';
import { webReport, wholeSystem } from '../../fakes/whole-system.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are what the test is about; their form is asserted, not assumed.
type Answer = Record<string, any>;

const arn = (name: string, cluster = 'shop') => `arn:aws:ecs:us-east-1:111122223333:service/${cluster}/${name}`;
const config = (over: Partial<ServiceConfig> = {}): ServiceConfig => ({
  customer: 'acme',
  name: 'web',
  group: 'shop',
  arn: arn('web'),
  policy: aPolicy({ min: 1 }),
  ...over,
});
const withQueue = aPolicy({ min: 2, targets: [aQueueTimeTarget(), anSqsTarget()] });

/** What there may be before, and what is applied over it. */
const applies: readonly (readonly [what: string, before: ServiceConfig | undefined, after: ServiceConfig])[] = [
  ['a new service', undefined, config()],
  ['a new service that a queue is collected for', undefined, config({ policy: withQueue })],
  ['another policy', config(), config({ policy: withQueue })],
  ['the same policy again', config(), config()],
  ['a move to another group', config(), config({ group: 'jobs' })],
  ['a move to an ECS service of another cluster', config(), config({ arn: arn('web', 'other') })],
  ['a move to both', config(), config({ group: 'jobs', arn: arn('web', 'other'), policy: withQueue })],
];

async function shop(before: ServiceConfig | undefined) {
  const table = failingTable();
  const system = wholeSystem({ tableOf: (name, inner) => (name === 'admin' ? table.around(inner) : inner) });
  await system.connect();
  for (const one of [arn('web'), arn('web', 'other'), arn('api')]) system.aws.put({ arn: one, desired: 2, running: 2 });
  await system.apply([config({ name: 'api', arn: arn('api') })]);
  if (before) {
    await system.apply([before]);
    await system.api('POST', '/v1/override', { customer: 'acme', service: 'web', min: 5, forMs: minutes(60), name: 'sale' });
    await system.api('POST', '/v1/pause', { customer: 'acme', service: 'web', in: true });
    await system.clock.advance(seconds(1));
  }
  const apply = async (after: ServiceConfig, failing?: Failing): Promise<Answer> => {
    table.arm(failing ?? { writes: () => false });
    const { services } = await system.apply([after]);
    table.heal();
    return services[0] ?? {};
  };
  /** All that is in force of the service: what is stored, but for times and numbers of writes, and memory, which is made anew. */
  const inForce = () =>
    system.table
      .items()
      .filter(({ pk, sk }) => !pk.endsWith('#c') && !pk.endsWith('#a') && !sk.startsWith('control#') && !pk.startsWith('~role'))
      // A group that has no metrics leaves this list by itself, the token's key is made once for all, and a name says no more than that there may have been such a service.
      .filter(({ pk, sk }) => pk !== 'acme#m' && pk !== 'acme#n' && sk !== 'token-key')
      // What a move carried and has handed over may still be written down.
      .map((item) => (item.pk === 'acme#dir' ? { pk: item.pk, sk: item.sk, g: item['g'] ?? null } : item))
      .map(({ rev: _rev, due_at: _due, a: _made, h: _hash, ...item }: Answer) =>
        item.pk === 'acme#t' ? { ...item, sk: item.sk.split('#')[0] } : item,
      )
      .map((item) => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))))
      .sort();
  const records = async () => ((await system.api('GET', '/v1/changes', {}, { customer: 'acme' })).body as Answer)['changes'] as Answer[];
  return { system, table, apply, inForce, records };
}

/** What is in force after an apply without faults, and how many writes it makes. */
async function whole(before: ServiceConfig | undefined, after: ServiceConfig) {
  const { table, apply, inForce } = await shop(before);
  const then = inForce();
  await apply(after);
  const writes = table.written();
  return { then, now: inForce(), writes };
}

describe.each(applies)('apply, of %s, while the table fails', (_what, before, after) => {
  it.each([false, true])('at one write, each in turn (done all the same: %s): applies all or nothing, and says which', async (done) => {
    const { then, now, writes } = await whole(before, after);
    expect(writes).toBeGreaterThan(0);
    for (let number = 1; number <= writes; number++) {
      const { apply, inForce, records } = await shop(before);
      const recorded = (await records()).length;
      const told = await apply(after, { writes: (one) => one === number, done });
      const about = `write ${number}: ${JSON.stringify(told)}`;
      if (told['problem'] === undefined) {
        expect(inForce(), about).toEqual(now);
      } else {
        expect(told['problem'].code, about).toBe('NotStored');
        expect(told['change'], about).toBeUndefined();
        // How many services there are may be off by one where the answer to the very count was lost: the breaker takes it for about that many.
        const but = (stored: string[]) => stored.filter((item) => !done || !item.includes('"sk","fleet"'));
        expect(but(inForce()), about).toEqual(but(then));
        // Nothing was changed, and nothing is on record but, where its own answer was lost, the record itself.
        expect((await records()).length - recorded, about).toBeLessThanOrEqual(done ? 1 : 0);
      }
    }
  });

  it('from one write on, each in turn: says whether anything stayed, keeps the record of it, and is completed by applying again', async () => {
    const { then, now, writes } = await whole(before, after);
    for (let number = 1; number <= writes; number++) {
      const { system, apply, inForce, records } = await shop(before);
      const recorded = (await records()).length;
      const told = await apply(after, { writes: (one) => one >= number });
      const about = `from write ${number}: ${JSON.stringify(told)}`;
      if (told['problem'] === undefined) expect(inForce(), about).toEqual(now);
      else if (told['problem'].code === 'NotStored') expect(inForce(), about).toEqual(then);
      else expect(told['problem'].code, about).toBe('PartlyStored');
      const policyOf = (stored: string[]) => stored.filter((item) => item.includes('"config#web"'));
      if (JSON.stringify(policyOf(inForce())) !== JSON.stringify(policyOf(then)))
        expect((await records()).length - recorded, about).toBeGreaterThan(0);

      const again = await apply(after);
      expect(again['problem'], about).toBeUndefined();
      // What may be left over means nothing to anybody: the list of a cluster that it left names it, whoever looks there leaves it
      // alone; a pause in a group that it left; and how many services there are, which the breaker takes for about that many.
      const but = (stored: string[]) =>
        stored
          .filter((item) => !item.includes('"sk","fleet"') && !(after.group !== 'shop' && /"acme#g#shop".*"pause#web"/.test(item)))
          .map((item) => (item.includes('#us-east-1#shop"') ? item.replace('["s#web","shop"],', '') : item));
      expect(but(inForce()), about).toEqual(but(now));
      // A token is told by the one or by the other, and works.
      if (before === undefined) {
        const token = told['token'] ?? again['token'];
        expect(token, about).toMatch(/^sl1\./);
        expect(await system.report(token, webReport(system.clock.now(), [1]))).toMatchObject({ status: 200 });
      }
    }
  });
});

describe('a cluster that a service has left', () => {
  it('tells nothing of it, even where its list still names it: a namesake there is another service', async () => {
    const after = config({ arn: arn('web', 'other') });
    const { writes } = await whole(config(), after);
    const { system, apply } = await shop(config());
    system.aws.put({ arn: arn('web'), desired: 9, running: 9 });
    system.aws.put({ arn: arn('web', 'other'), desired: 2, running: 2 });
    // All but the last write, by which the old cluster's list lets go of it.
    expect(await apply(after, { writes: (number) => number >= writes })).toMatchObject({ problem: { code: 'PartlyStored' } });
    await apply(after);
    expect(JSON.stringify(system.table.items().find(({ sk }) => sk === '111122223333#us-east-1#shop'))).toContain('s#web');
    for (let minute = 0; minute < 3; minute++) {
      await system.tick();
      const { services } = (await system.api('GET', '/v1/services', {}, { customer: 'acme' })).body as Answer;
      expect(services.find(({ name }: Answer) => name === 'web')).toMatchObject({ arn: after.arn, desired: 2, problem: null });
      await system.clock.advance(minutes(1));
    }
  });
});

describe('apply of several services, while the table fails', () => {
  it('keeps what went well, and says of each what became of it', async () => {
    const { system, table } = await shop(undefined);
    system.aws.put({ arn: arn('late'), desired: 1, running: 1 });
    // The first write of the second service: its record.
    const { writes } = await whole(undefined, config());
    table.arm({ writes: (number) => number === writes + 1 });
    const { services } = await system.apply([config(), config({ name: 'late', arn: arn('late') })]);
    expect(services).toMatchObject([
      { name: 'web', change: 'added', token: expect.stringMatching(/^sl1\./) },
      { name: 'late', problem: { code: 'NotStored', why: expect.stringContaining('nothing of it was') } },
    ]);
  });
});

describe('other changes, while the table fails', () => {
  const changes: readonly (readonly [string, string, object])[] = [
    ['mode', '/v1/mode', { mode: 'off' }],
    ['override', '/v1/override', { min: 7, forMs: minutes(5) }],
    ['pause', '/v1/pause', { out: true }],
    ['remove', '/v1/remove', {}],
    ['token create', '/v1/tokens', {}],
  ];

  it.each(changes)(
    '%s: what was done is on record, whatever failed after it, and an answer of 503 says what to do',
    async (_, path, body) => {
      for (let number = 1; number < 20; number++) {
        const { system, table, inForce, records } = await shop(config());
        const [then, recorded] = [inForce(), (await records()).length];
        table.arm({ writes: (one) => one >= number });
        const answer = await system.api('POST', path, { customer: 'acme', service: 'web', ...body });
        const reached = table.written() >= number;
        table.arm({ writes: () => false });
        const changed = JSON.stringify(inForce()) !== JSON.stringify(then);
        const about = `from write ${number}: ${JSON.stringify(answer)}`;
        if (changed) expect((await records()).length - recorded, about).toBe(1);
        if (answer.status === 503) {
          expect(answer.body, about).toMatchObject({
            code: 'Unavailable',
            why: expect.stringMatching(/sluice changes .* under request test\.$/),
          });
        }
        if (!reached) return expect(answer.status, about).toBe(200);
      }
      throw new Error('it never came through');
    },
  );

  it('a change that broke off after its record says so there', async () => {
    const { system, table, records } = await shop(config());
    table.arm({ writes: (number) => number === 2, done: true });
    expect(await system.api('POST', '/v1/mode', { customer: 'acme', service: 'web', mode: 'off' })).toMatchObject({ status: 503 });
    expect((await records())[0]?.['summary']).toBe(
      'Put web from mode on to off. It broke off: it may have been done in part or not at all.',
    );
  });

  it('a change that is in force is not called failed because the next look at it could not be brought forward', async () => {
    const { system, table } = await shop(config());
    await system.tick();
    // Its record, then the policy; what comes after is the watch.
    table.arm({ writes: (number) => number > 2 });
    expect(await system.api('POST', '/v1/mode', { customer: 'acme', service: 'web', mode: 'off' })).toMatchObject({ status: 200 });
    expect(system.told.warnings.map(({ message }) => message)).toEqual([expect.stringContaining('looked at when its time comes')]);
  });
});
