import { describe, expect, test } from 'vitest';
import type { ServiceConfig } from '../../../lib/policy/policy.ts';
import { keys } from '../../../lib/stores/keys.ts';
import { aPolicy } from '../../builders/policies.ts';
import { minutes, seconds, T0 } from '../../builders/times.ts';
import { webReport, wholeSystem } from '../../fakes/whole-system.ts';

const ACCOUNT = '111122223333';
const OTHER = '444455556666';
const config = (customer: string, name: string, accountId = ACCOUNT): ServiceConfig => ({
  customer,
  group: 'shop',
  name,
  arn: `arn:aws:ecs:us-east-1:${accountId}:service/shop/${customer}-${name}`,
  policy: aPolicy({ mode: 'on', min: 2, max: 20 }),
});

/** Two accounts of acme and one of umbrella, each with services under care, decisions made and pauses ordered. */
async function start() {
  const system = wholeSystem();
  const configs = [config('acme', 'web'), config('acme', 'worker'), config('acme', 'far', OTHER), config('umbrella', 'web')];
  for (const { arn } of configs) system.aws.put({ arn, desired: 2, running: 2 });
  await system.connect('acme', ACCOUNT);
  await system.connect('acme', OTHER);
  await system.connect('umbrella', ACCOUNT);
  const { tokens } = await system.apply(configs.slice(0, 3));
  await system.apply(configs.slice(3));
  await system.tick();
  await system.clock.advance(seconds(20));
  const busy = Array.from({ length: 60 }, () => 900);
  await system.report(tokens.get('web') ?? '', webReport(system.clock.now(), busy));
  for (const service of ['web', 'far']) await system.api('POST', '/v1/pause', { customer: 'acme', service, why: 'sale' });
  await system.api('POST', '/v1/pause', { customer: 'acme' });
  const disconnect = (accountId: string, customer = 'acme', more = {}) =>
    system.api('POST', '/v1/accounts/disconnect', { customer, accountId, ...more });
  return Object.assign(system, { tokens, disconnect });
}
type System = Awaited<ReturnType<typeof start>>;

/** Sort keys of what is stored of a customer, reports and leases apart, which end by themselves. */
async function stored({ table }: System, customer: string): Promise<string[]> {
  const partitions = [
    keys.group(customer, 'shop'),
    keys.token(customer, 'web', '').pk,
    keys.directory(customer, 'web').pk,
    keys.account(customer, ACCOUNT).pk,
    keys.watch(customer, ACCOUNT, 'us-east-1', 'shop').pk,
    keys.customerPause(customer).pk,
    ...['web', 'worker', 'far'].map((service) => keys.history(customer, service, 0, 'd').pk),
  ];
  const items = await Promise.all(partitions.map((pk) => table.query({ pk, consistent: true })));
  return items
    .flat()
    .filter(({ sk }) => sk !== 'lease' && sk !== 'config')
    .map(({ pk, sk }) => `${pk.split('#').slice(1).join('#')} ${sk}`);
}

describe('disconnecting an account', () => {
  test('takes all of its services out of care and leaves what is in other accounts, and other customers', async () => {
    const system = await start();
    const umbrella = await stored(system, 'umbrella');
    const answer = await system.disconnect(ACCOUNT, 'acme', { deleteHistory: true });
    expect(answer).toMatchObject({ status: 200, body: { done: true } });
    expect((answer.body as { services: { name: string }[] }).services.map(({ name }) => name).sort()).toEqual(['web', 'worker']);
    const left = await stored(system, 'acme');
    expect(left.filter((key) => /web|worker|111122223333/.test(key))).toEqual([]);
    expect(left.filter((key) => /far|444455556666/.test(key)).length).toBeGreaterThan(4);
    // The pause of the whole customer goes with its last account only.
    expect(left).toContain('p pause');
    expect(await stored(system, 'umbrella')).toEqual(umbrella);
  });

  test('forgets the customer with its last account', async () => {
    const system = await start();
    await system.disconnect(ACCOUNT, 'acme', { deleteHistory: true });
    await system.disconnect(OTHER, 'acme', { deleteHistory: true });
    expect(await stored(system, 'acme')).toEqual([]);
    const customers = await system.table.query({ pk: keys.customers(), consistent: true });
    expect(customers.map(({ sk }) => sk)).toEqual(['umbrella']);
  });

  test('stops at once: a decision that waits is not acted upon, nothing is looked at, reports are not taken', async () => {
    const system = await start();
    await system.api('POST', '/v1/resume', { customer: 'acme' });
    await system.api('POST', '/v1/resume', { customer: 'acme', service: 'web' });
    expect(system.stream.length).toBeGreaterThan(0);
    await system.disconnect(ACCOUNT);
    const before = system.aws.calls.length;
    await system.deliver();
    await system.clock.advance(minutes(3));
    await system.tick();
    const touched = system.aws.calls.slice(before).filter(({ parameters }) => JSON.stringify(parameters).includes('acme-web'));
    expect(touched).toEqual([]);
    const late = await system.report(system.tokens.get('web') ?? '', webReport(system.clock.now(), [900]));
    expect(late.status).toBe(401);
  });

  test('keeps the history where nobody asked for its deletion: it ends by its own date', async () => {
    const system = await start();
    await system.disconnect(ACCOUNT);
    const history = (await stored(system, 'acme')).filter((key) => key.startsWith('h#web'));
    expect(history.length).toBeGreaterThan(0);
  });

  test('gives the role up: another customer can be bound to it', async () => {
    const system = await start();
    await system.disconnect(ACCOUNT);
    expect(await system.table.get(keys.roleClaim(`arn:aws:iam::${ACCOUNT}:role/sluice/acme`), { consistent: true })).toBeUndefined();
    expect(await system.table.get(keys.roleClaim(`arn:aws:iam::${ACCOUNT}:role/sluice/umbrella`), { consistent: true })).toBeDefined();
  });

  test('of an account that is not connected is refused, as it is for one that only another customer has', async () => {
    const system = await start();
    const never = await system.disconnect('777788889999');
    expect(never).toMatchObject({ status: 400, body: { problems: [expect.stringContaining('not connected for customer acme')] } });
    const foreign = await system.disconnect(OTHER, 'umbrella');
    expect(foreign).toMatchObject({ status: 400, body: { problems: [expect.stringContaining('not connected for customer umbrella')] } });
  });

  test('that was cut short goes on where it stopped', async () => {
    const system = await start();
    // As if the first request had ended right after the account went.
    await system.table.delete(keys.account('acme', ACCOUNT));
    const answer = await system.disconnect(ACCOUNT);
    expect(answer).toMatchObject({ status: 200, body: { done: true } });
    expect((await stored(system, 'acme')).filter((key) => /^(g|dir|t|w)/.test(key) && /web|worker/.test(key))).toEqual([]);
  });

  test('with a long history is done in parts, the service staying until the last of it is gone', async () => {
    const system = await start();
    // No more in a second than one partition takes.
    for (const from of [0, 600]) {
      await system.table.putMany(
        Array.from({ length: 600 }, (_, i) => ({ ...keys.history('acme', 'web', T0 + from + i, `d${from + i}`), schema: 1 })),
      );
      await system.clock.advance(seconds(2));
    }
    const first = await system.disconnect(ACCOUNT, 'acme', { deleteHistory: true });
    expect(first).toMatchObject({ status: 200, body: { done: false, services: [{ name: 'worker' }] } });
    await system.clock.advance(seconds(2));
    const second = await system.disconnect(ACCOUNT, 'acme', { deleteHistory: true });
    expect(second).toMatchObject({ status: 200, body: { done: true, services: [{ name: 'web' }] } });
    expect((await stored(system, 'acme')).filter((key) => key.startsWith('h#web'))).toEqual([]);
  });
});
