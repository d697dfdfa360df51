import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aPolicy } from '../../builders/policies.ts';
import { minutes, seconds } from '../../builders/times.ts';
import { wholeSystem } from '../../fakes/whole-system.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are what the test is about; their form is asserted, not assumed.
type Answer = Record<string, any>;

const arn = (name: string, cluster = 'shop') => `arn:aws:ecs:us-east-1:111122223333:service/${cluster}/${name}`;
const people = 'arn:aws:iam::000000000000:role/acme-people';
const config = (policy = aPolicy({ min: 1 }), over: object = {}) => ({
  customer: 'acme',
  name: 'web',
  group: 'shop',
  arn: arn('web'),
  policy,
  ...over,
});
const web = { customer: 'acme', service: 'web' };

type Shop = Awaited<ReturnType<typeof shop>>;
async function shop() {
  const system = wholeSystem();
  await system.connect();
  for (const one of [arn('web'), arn('web', 'other')]) system.aws.put({ arn: one, desired: 2, running: 2 });
  await system.apply([config()]);
  const post = async (path: string, body: object = {}) => {
    // A second apart, as people are: what happens in one millisecond has no order.
    await system.clock.advance(seconds(1));
    return system.api('POST', path, body);
  };
  const apply = async (one: ReturnType<typeof config>) => {
    await system.clock.advance(seconds(1));
    await system.apply([one]);
  };
  const newest = async (customer?: string): Promise<Answer> =>
    ((await system.api('GET', '/v1/changes', {}, customer === undefined ? {} : { customer })).body as Answer)['changes'][0];
  /** All that people can change, as the API tells it. */
  const inForce = async () => ({
    configs: (await system.api('GET', '/v1/configs')).body,
    pauses: ['web', 'customer', 'all'].map((scope) =>
      system.table
        .items()
        .filter(({ pk, sk }) => sk === (scope === 'web' ? 'pause#web' : 'pause') && (scope === 'all') === pk.startsWith('~'))
        .map(({ why, in: one, out }) => ({ why, one, out })),
    ),
    principals: (await system.api('GET', '/v1/principals')).body,
  });
  return Object.assign(system, { post, applyOne: apply, newest, inForce });
}

/** Each kind of change with what it stands on; of the operator's own record where it is no customer's. */
const kinds: readonly (readonly [
  kind: string,
  what: string,
  before: (s: Shop) => Promise<unknown>,
  change: (s: Shop) => Promise<unknown>,
])[] = [
  ['another policy', 'config', async () => 0, (s) => s.applyOne(config(aPolicy({ min: 7 })))],
  [
    'a move to another group and cluster',
    'config',
    async () => 0,
    (s) => s.applyOne(config(aPolicy({ min: 1 }), { group: 'jobs', arn: arn('web', 'other') })),
  ],
  ['a removal', 'config', async () => 0, (s) => s.post('/v1/remove', web)],
  ['a first apply', 'config', (s) => s.post('/v1/remove', web), (s) => s.applyOne(config())],
  ['a mode', 'config', async () => 0, (s) => s.post('/v1/mode', { ...web, mode: 'off' })],
  ['an override', 'overrides', async () => 0, (s) => s.post('/v1/override', { ...web, min: 5, forMs: minutes(30) })],
  [
    'a second override',
    'overrides',
    (s) => s.post('/v1/override', { ...web, min: 5, forMs: minutes(30), name: 'sale' }),
    (s) => s.post('/v1/override', { ...web, max: 6, forMs: minutes(30) }),
  ],
  [
    'a cleared override',
    'overrides',
    (s) => s.post('/v1/override', { ...web, min: 5, forMs: minutes(30) }),
    (s) => s.post('/v1/override', { ...web, clear: true }),
  ],
  ['a pause of a service', 'pause', async () => 0, (s) => s.post('/v1/pause', { ...web, in: true })],
  ['a pause of a customer', 'pause', async () => 0, (s) => s.post('/v1/pause', { customer: 'acme', why: 'move' })],
  ['a pause of everything', 'pause', async () => 0, (s) => s.post('/v1/pause', { all: true })],
  ['a pause that was resumed', 'pause', (s) => s.post('/v1/pause', { ...web, why: 'release' }), (s) => s.post('/v1/resume', web)],
  ['one direction resumed', 'pause', (s) => s.post('/v1/pause', { all: true }), (s) => s.post('/v1/resume', { all: true, out: true })],
  ['a limit of a principal', 'principal', async () => 0, (s) => s.post('/v1/principals', { arn: people, customer: 'acme' })],
  [
    'another limit',
    'principal',
    (s) => s.post('/v1/principals', { arn: people, customer: 'acme' }),
    (s) => s.post('/v1/principals', { arn: people, customer: 'umbrella' }),
  ],
  [
    'a limit that was taken away',
    'principal',
    (s) => s.post('/v1/principals', { arn: people, customer: 'acme' }),
    (s) => s.post('/v1/principals/free', { arn: people }),
  ],
];
const operators = (kind: string, what: string) => what === 'principal' || ['a pause of everything', 'one direction resumed'].includes(kind);

describe('rolling back', () => {
  it.each(kinds)('%s puts back what was before, on record, and that can be rolled back, too', async (kind, what, before, change) => {
    const system = await shop();
    await before(system);
    const then = await system.inForce();
    await change(system);
    const changed = await system.inForce();
    expect(changed).not.toEqual(then);
    const customer = operators(kind, what) ? undefined : 'acme';
    const asked = customer === undefined ? {} : { customer };

    const made = await system.newest(customer);
    expect(made['what']).toBe(what);
    expect(await system.post('/v1/rollback', { ...asked, change: made['id'] })).toMatchObject({
      status: 200,
      body: { rolledBack: made['id'] },
    });
    expect(await system.inForce()).toEqual(then);
    const back = await system.newest(customer);
    expect(back).toMatchObject({ what, takesBack: made['id'] });
    expect(await system.post('/v1/rollback', { ...asked, change: back['id'] })).toMatchObject({ status: 200 });
    expect(await system.inForce()).toEqual(changed);
  });

  it('of a limit does nothing where it was changed again since, unless forced, and limits nobody who asks for it', async () => {
    const system = await shop();
    await system.post('/v1/principals', { arn: people, customer: 'acme' });
    const first = await system.newest();
    await system.post('/v1/principals', { arn: people, customer: 'umbrella' });
    expect(await system.post('/v1/rollback', { change: first['id'] })).toMatchObject({
      status: 400,
      body: { problems: [expect.stringContaining('changed again')] },
    });
    expect(await system.post('/v1/rollback', { change: first['id'], force: true })).toMatchObject({ status: 200 });
    expect((await system.inForce()).principals).toEqual({ principals: [] });
    const freed = await system.newest();
    const self = await system.apiAs('arn:aws:sts::000000000000:assumed-role/acme-people/me', 'POST', '/v1/rollback', {
      change: freed['id'],
      force: true,
    });
    expect(self).toMatchObject({ status: 400, body: { problems: [expect.stringContaining('this is you')] } });
  });

  it.each([
    ['token', 'sluice token create', (s: Shop) => s.post('/v1/tokens', web)],
    ['account', 'sluice connect', (s: Shop) => s.post('/v1/accounts/disconnect', { customer: 'acme', accountId: '111122223333' })],
    ['customer', 'does not come back', (s: Shop) => s.post('/v1/forget', { customer: 'acme', confirm: 'acme' })],
  ])('of a change of a %s is refused, and says what to do instead: %s', async (what, instead, change) => {
    const system = await shop();
    await change(system);
    const customer = what === 'customer' ? undefined : 'acme';
    const made = await system.newest(customer);
    expect(made['what']).toBe(what);
    const answer = await system.post('/v1/rollback', { ...(customer === undefined ? {} : { customer }), change: made['id'] });
    expect(answer).toMatchObject({ status: 400, body: { problems: [expect.stringContaining(instead)] } });
    expect(readFileSync(resolve(import.meta.dirname, '../../../docs/data.md'), 'utf8')).toContain(
      { token: 'report tokens', account: 'external IDs', customer: 'forgotten customer' }[what],
    );
  });

  it('is tested for every kind of change that there is', () => {
    const folder = resolve(import.meta.dirname, '../../../lib/admin');
    const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
    const there = [...new Set([...source.matchAll(/what: '(\w+)'/g)].map(([, what]) => what))].sort();
    expect(there).toEqual([...new Set([...kinds.map(([, what]) => what), 'token', 'account', 'customer'])].sort());
  });
});
