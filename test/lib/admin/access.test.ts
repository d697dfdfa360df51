import { describe, expect, it } from 'vitest';
import { principalOf } from '../../../lib/admin/caller.ts';
import { createAdmin } from '../../../lib/admin/create-admin.ts';
import { routes } from '../../../lib/admin/routes.ts';
import type { Journal } from '../../../lib/journal.ts';
import { lambdaContext } from '../../../lib/local/lambda-context.ts';
import { storeServiceConfig } from '../../../lib/policy/store-policy.ts';
import { createMemoryTable } from '../../../lib/stores/memory-table.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';
import { aPolicy } from '../../builders/policies.ts';
import { T0 } from '../../builders/times.ts';
import { fakeCustomerAws } from '../../fakes/fake-customer-aws.ts';
import { functionUrlEvent, seededRandom, wholeSystem } from '../../fakes/whole-system.ts';

const ALICE = 'arn:aws:sts::000000000000:assumed-role/acme-people/alice';
const arn = (customer: string) => `arn:aws:ecs:us-east-1:${customer === 'acme' ? '111122223333' : '444455556666'}:service/shop/web`;
const config = (customer: string, min = 2) => ({ customer, name: 'web', group: 'shop', arn: arn(customer), policy: aPolicy({ min }) });

/** Two customers with a service each, and Alice, who may see acme only. */
async function start() {
  const system = wholeSystem();
  for (const [customer, account] of [
    ['acme', '111122223333'],
    ['umbrella', '444455556666'],
  ] as const) {
    await system.connect(customer, account);
    system.aws.put({ arn: arn(customer), desired: 2, running: 2 });
    await system.apply([config(customer)]);
  }
  await system.tick();
  await system.api('POST', '/v1/principals', { arn: 'arn:aws:iam::000000000000:role/people/acme-people', customer: 'acme' });
  const alice = (route: string, body: object = {}, query: Record<string, string> = {}) => {
    const [method = '', path = ''] = route.split(' ');
    return system.apiAs(ALICE, method, path, body, query);
  };
  return Object.assign(system, { alice });
}

/** For every route a request about umbrella, as complete as it has to be to do something there. */
const about: Readonly<Record<string, { body?: object; query?: Record<string, string> }>> = {
  'POST /v1/apply': { body: { services: [storeServiceConfig(config('acme')), storeServiceConfig(config('umbrella', 9))] } },
  'POST /v1/mode': { body: { customer: 'umbrella', service: 'web', mode: 'off' } },
  'POST /v1/override': { body: { customer: 'umbrella', service: 'web', min: 9, forMs: 60_000 } },
  'POST /v1/pause': { body: { customer: 'umbrella' } },
  'POST /v1/resume': { body: { customer: 'umbrella' } },
  'POST /v1/rollback': { body: { customer: 'umbrella', change: '0'.repeat(18) } },
  'POST /v1/forget': { body: { customer: 'umbrella', confirm: 'umbrella' } },
  'POST /v1/principals': { body: { arn: ALICE, customer: 'umbrella' } },
  'POST /v1/principals/free': { body: { arn: ALICE } },
  'POST /v1/accounts': { body: { customer: 'umbrella', accountId: '777788889999' } },
  'POST /v1/accounts/connect': {
    body: { customer: 'umbrella', accountId: '444455556666', roleArn: 'arn:aws:iam::444455556666:role/sluice/x' },
  },
  'POST /v1/accounts/disconnect': { body: { customer: 'umbrella', accountId: '444455556666' } },
  'GET /v1/doctor': { query: { customer: 'umbrella', accountId: '444455556666' } },
};
const request = (route: string) =>
  about[route] ?? { body: { customer: 'umbrella', service: 'web' }, query: { customer: 'umbrella', service: 'web' } };

describe('a principal that is limited to one customer', () => {
  it.each(Object.keys(routes).filter((route) => route !== 'GET /v1/principals'))('is refused by %s for another’s', async (route) => {
    const system = await start();
    const before = JSON.stringify(system.table.items());
    const { body = {}, query = {} } = request(route);
    const answer = await system.alice(route, body, query);
    expect(answer).toMatchObject({ status: 403, body: { code: 'NotAllowed', why: expect.stringContaining('limited to customer acme') } });
    expect(JSON.stringify(answer.body)).not.toContain('444455556666');
    expect(JSON.stringify(system.table.items())).toBe(before);
  });

  it.each(Object.keys(routes).filter((route) => route.startsWith('GET') && !['GET /v1/principals'].includes(route)))(
    'sees its own by %s where it names no customer',
    async (route) => {
      const system = await start();
      const ofAll = /\/(services|discovered|doctor|status|changes|whoami)$/.test(route);
      const answer = await system.alice(route, {}, ofAll ? {} : { service: 'web' });
      expect(answer.status).toBe(200);
      expect(JSON.stringify(answer.body)).not.toContain('umbrella');
    },
  );

  it('changes its own, and is on record for it', async () => {
    const system = await start();
    expect(await system.alice('POST /v1/mode', { customer: 'acme', service: 'web', mode: 'observe' })).toMatchObject({ status: 200 });
    expect(await system.alice('POST /v1/apply', { services: [storeServiceConfig(config('acme', 3))] })).toMatchObject({ status: 200 });
    const { changes } = (await system.alice('GET /v1/changes')).body as { changes: { who: string }[] };
    expect(changes.filter(({ who }) => who === ALICE)).toHaveLength(2);
    expect((await system.alice('GET /v1/whoami')).body).toEqual({ who: ALICE, customer: 'acme' });
  });

  it('cannot pause or change everything, nor see who else is limited', async () => {
    const system = await start();
    for (const [route, body] of [
      ['POST /v1/pause', { all: true }],
      ['POST /v1/pause', { customer: 'acme', all: true }],
      ['POST /v1/resume', {}],
      ['POST /v1/rollback', { change: '0'.repeat(18) }],
      ['GET /v1/principals', {}],
      ['POST /v1/apply', { services: 'all' }],
      ['POST /v1/apply', []],
    ] as const) {
      const answer = await system.alice(route, body);
      expect([answer.status, route]).toEqual([expect.toBeOneOf([400, 403]), route]);
    }
    expect((await system.api('GET', '/v1/changes')).body).toMatchObject({ changes: [{ what: 'principal' }] });
  });

  it('is limited in every session of its role, and free again when that is taken back', async () => {
    const system = await start();
    const bob = ALICE.replace('/alice', '/bob');
    expect((await system.apiAs(bob, 'GET', '/v1/whoami')).body).toEqual({ who: bob, customer: 'acme' });
    expect((await system.apiAs(ALICE.replace('acme-people', 'ops'), 'GET', '/v1/whoami')).body).toMatchObject({ customer: null });
    await system.api('POST', '/v1/principals/free', { arn: 'arn:aws:iam::000000000000:role/acme-people' });
    expect((await system.apiAs(bob, 'GET', '/v1/whoami')).body).toMatchObject({ customer: null });
  });
});

describe('a request that nobody signed', () => {
  it('is refused by a deployed function, whatever let it through', async () => {
    const clock = createVirtualClock(T0);
    const random = seededRandom();
    const table = createMemoryTable({ clock, random });
    const journal: Journal = { decision: () => {}, outcome: () => {}, problem: () => {}, warn: () => {} };
    const deployed = createAdmin({
      table,
      clock,
      random,
      journal,
      customerAws: fakeCustomerAws(),
      historyDays: 30,
      dueShards: 1,
      operatorAccountId: '000000000000',
      stage: 'test',
      examine: async () => undefined,
    });
    for (const [method, path] of [
      ['GET', '/v1/services'],
      ['POST', '/v1/forget'],
      ['GET', '/nothing'],
    ] as const) {
      const answer = await deployed(
        functionUrlEvent(method, path, '{}', {}),
        lambdaContext('test', 'test', 30_000, () => clock.now()),
      );
      expect(answer).toMatchObject({ statusCode: 403, body: expect.stringContaining('NotSigned') });
    }
    expect(table.items()).toEqual([]);
  });
});

describe('limits', () => {
  it('cannot be put on whoever sets them, nor on what is no principal', async () => {
    const system = await start();
    const ops = 'arn:aws:sts::000000000000:assumed-role/ops/carol';
    const limit = (of: string) => system.apiAs(ops, 'POST', '/v1/principals', { arn: of, customer: 'acme' });
    expect(await limit('arn:aws:iam::000000000000:role/ops')).toMatchObject({
      status: 400,
      body: { problems: [expect.stringContaining('this is you')] },
    });
    for (const wrong of ['alice', 'arn:aws:iam::000000000000:role/*', 'arn:aws:iam::1:role/x', '~operator'])
      expect(await limit(wrong)).toMatchObject({ status: 400 });
  });

  it.each([
    ['arn:aws:sts::111122223333:assumed-role/people/alice', 'arn:aws:iam::111122223333:role/people'],
    ['arn:aws:iam::111122223333:role/some/path/people', 'arn:aws:iam::111122223333:role/people'],
    ['arn:aws:iam::111122223333:role/people', 'arn:aws:iam::111122223333:role/people'],
    ['arn:aws:iam::111122223333:user/team/alice', 'arn:aws:iam::111122223333:user/team/alice'],
    ['arn:aws-cn:sts::111122223333:assumed-role/people/a@b', 'arn:aws-cn:iam::111122223333:role/people'],
  ])('of %s are kept under %s', (given, kept) => {
    expect(principalOf(given)).toBe(kept);
  });
});
