import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../lib/accounts/account.ts';
import { defaultBehavior } from '../../lib/policy/default-values.ts';
import { reporterId } from '../../lib/reports/report-identity.ts';
import { createAccountStore } from '../../lib/stores/account-store.ts';
import { createClaimStore } from '../../lib/stores/claim-store.ts';
import { createConfigStore } from '../../lib/stores/config-store.ts';
import { createControlStore } from '../../lib/stores/control-store.ts';
import { createHistoryStore } from '../../lib/stores/history-store.ts';
import { keys } from '../../lib/stores/keys.ts';
import { createLeaseStore } from '../../lib/stores/lease-store.ts';
import type { Pause, StoredReport } from '../../lib/stores/records.ts';
import { createReportStore } from '../../lib/stores/report-store.ts';
import type { Table } from '../../lib/stores/table.ts';
import { createTokenStore } from '../../lib/stores/token-store.ts';
import { createWatchStore } from '../../lib/stores/watch-store.ts';
import { createVirtualClock } from '../../lib/virtual-clock.ts';
import { aPolicy } from '../builders/policies.ts';
import { aControl, aHistoryEntry, anOutcome, aStoredDecision, aStoredHold, aStoredReport } from '../builders/records.ts';
import { minutes, seconds, T0 } from '../builders/times.ts';
import { discoveryContract } from './discovery-contract.ts';
import type { TableUnderTest } from './table-contract.ts';

/** What the stores promise, over any `Table`. Each test is a customer of its own. */
export const storesContract = (name: string, make: () => Promise<TableUnderTest>): void => {
  describe(`stores over a table: ${name}`, () => {
    const clock = createVirtualClock(T0);
    let under: TableUnderTest;
    let table: Table;
    let customers = 0;
    let customer: string;
    let unreadable: { key: unknown; why: string }[];
    const onUnreadable = (key: unknown, why: string) => unreadable.push({ key, why });
    beforeAll(async () => {
      under = await make();
      table = under.table;
    }, 60_000);
    afterAll(() => under?.close?.());
    beforeEach(() => {
      customer = `customer-${customers++}`;
      unreadable = [];
    });
    const consistentReports = { consistent: true };

    describe('reports', () => {
      const reports = () => createReportStore(table, { clock, onUnreadable });

      test('come back as they were put, from every shard, from a slot on', async () => {
        const early = aStoredReport({ slotAt: T0 - seconds(10), hash: 'early' });
        const late = aStoredReport({
          slotAt: T0,
          hash: 'late',
          service: 'worker',
          digest: Uint8Array.from({ length: 740 }, (_, i) => i % 256),
        });
        await reports().put(customer, 'shop', 0, [early]);
        await reports().put(customer, 'shop', 1, [late]);
        const since = (from: number, shards = 2) => reports().since(customer, 'shop', shards, from, consistentReports);
        expect(new Set(await since(T0 - seconds(10)))).toEqual(new Set([early, late]));
        expect(await since(T0 - seconds(9))).toEqual([late]);
        expect(await since(T0)).toEqual([late]);
        expect(await since(T0 + 1)).toEqual([]);
        expect(await since(T0 - seconds(10), 1)).toEqual([early]);
      });

      test('written three times are one, in two shards, too', async () => {
        const report = aStoredReport();
        for (const shard of [0, 0, 3]) await reports().put(customer, 'shop', shard, [report]);
        expect(await reports().since(customer, 'shop', 4, T0, consistentReports)).toEqual([report]);
      });

      test('of several parts keep every part', async () => {
        const parts = Array.from({ length: 30 }, (_, part) => aStoredReport({ part, digest: Uint8Array.of(part) }));
        await reports().put(customer, 'shop', 0, parts);
        const found = await reports().since(customer, 'shop', 1, T0, consistentReports);
        expect(found.sort((a, b) => a.part - b.part)).toEqual(parts);
      });

      test('stored together come back one by one, however many share an item, and once beside what was stored alone', async () => {
        const some = Array.from({ length: 40 }, (_, i) =>
          aStoredReport({
            service: i % 3 === 0 ? 'web' : 'worker',
            reporter: reporterId('web', `task-${i}`, '1'),
            hash: reporterId('body', `${i}`, ''),
            digest: Uint8Array.from({ length: 5 * i }, (_unused, at) => (at * i) % 256),
          }),
        );
        const other = aStoredReport({ slotAt: T0 + seconds(10), digest: Uint8Array.of(1) });
        await reports().put(customer, 'shop', 1, some.slice(0, 2));
        await reports().putTogether([
          { customer, group: 'shop', shard: 0, reports: some },
          { customer, group: 'other', shard: 0, reports: [other] },
        ]);
        await reports().putTogether([{ customer, group: 'shop', shard: 0, reports: some.slice(0, 20) }]);
        const byHash = (a: StoredReport, b: StoredReport) => (a.hash < b.hash ? -1 : 1);
        const found = await reports().since(customer, 'shop', 2, T0, consistentReports);
        expect(found.toSorted(byHash)).toEqual(some.toSorted(byHash));
        expect(await reports().since(customer, 'other', 1, T0, consistentReports)).toEqual([other]);
      });

      test('of one group are not those of another, nor of another customer', async () => {
        await reports().put(customer, 'shop', 0, [aStoredReport()]);
        expect(await reports().since(customer, 'sho', 1, T0, consistentReports)).toEqual([]);
        expect(await reports().since(`${customer}x`, 'shop', 1, T0, consistentReports)).toEqual([]);
      });

      test('that cannot be read are told and left out', async () => {
        await reports().put(customer, 'shop', 0, [aStoredReport()]);
        const broken = keys.report(customer, 'shop', 0, T0 / 1_000, 'web', 'other', 'hash', 0);
        await table.put({ ...broken, schema: 1, d: 'text' });
        expect(await reports().since(customer, 'shop', 1, T0, consistentReports)).toEqual([aStoredReport()]);
        expect(unreadable).toEqual([{ key: broken, why: expect.stringContaining('d should be binary') }]);
      });

      test('stored together in an item that cannot be read are told and left out', async () => {
        await reports().put(customer, 'shop', 0, [aStoredReport()]);
        const broken = keys.report(customer, 'shop', 0, T0 / 1_000, '@batch', 'other', 'hash', 0);
        await table.put({ ...broken, schema: 1, d: Uint8Array.of(1, 200, 3) });
        expect(await reports().since(customer, 'shop', 1, T0, consistentReports)).toEqual([aStoredReport()]);
        expect(unreadable).toEqual([{ key: broken, why: expect.stringContaining('no batch of reports') }]);
      });
    });

    describe('controls', () => {
      const controls = () => createControlStore(table, { onUnreadable });
      const waiting = () => aControl({ customer, decision: aStoredDecision(), act: aStoredDecision().id });

      test('keep decision and memory in one item, a version further', async () => {
        const control = {
          ...waiting(),
          lastWrite: { decision: 'before', at: T0 - 1, from: 5, to: 6, result: 'unknown' as const },
          lastOutcome: anOutcome({ desiredCount: null, outcome: 'failed' }),
          problem: { code: 'NotFound', why: 'ECS knows no such service.', at: T0 },
        };
        expect(await controls().commit(control)).toBe('written');
        expect(await controls().get(customer, 'shop', 'web')).toEqual({ ...control, version: 1 });
      });

      test.each([
        ['an unknown state', { state: { kind: 'unknown' as const, why: 'ECS was not asked yet' } }],
        [
          'a failed deployment',
          { state: { kind: 'known' as const, at: T0, desired: 0, running: 0, pending: 0, deployment: 'failed' as const } },
        ],
        ['a hold of an unknown count', { decision: { ...aStoredHold({ from: null, to: null, would: 3 }), trail: [] } }],
        ['a hold that just began', { decision: { ...aStoredHold({ lastAt: T0, times: 1 }), trail: [] } }],
      ])('keep %s', async (_name, overrides) => {
        const control = aControl({ customer, ...overrides });
        await controls().commit(control);
        expect(await controls().get(customer, 'shop', 'web')).toEqual({ ...control, version: 1 });
      });

      test('take a commit only upon the version that it was made from', async () => {
        const first = aControl({ customer });
        expect(await controls().commit(first)).toBe('written');
        expect(await controls().commit(first)).toBe('condition-failed');
        expect(await controls().commit({ ...first, version: 1 })).toBe('written');
        expect(await controls().commit({ ...first, version: 1 })).toBe('condition-failed');
        expect((await controls().get(customer, 'shop', 'web'))?.version).toBe(2);
      });

      test('of 500 evaluations at once take one', async () => {
        await controls().commit(aControl({ customer }));
        const results = await Promise.all(
          Array.from({ length: 500 }, (_, i) =>
            controls().commit({ ...waiting(), version: 1, act: `d${i}`, decision: aStoredDecision({ id: `d${i}` }) }),
          ),
        );
        expect(results.filter((result) => result === 'written')).toHaveLength(1);
        const stored = await controls().get(customer, 'shop', 'web');
        expect(stored?.version).toBe(2);
        expect(stored?.act).toBe(`d${results.indexOf('written')}`);
        expect(stored?.decision?.id).toBe(stored?.act);
      }, 60_000);

      test('settle the decision that waits: its outcome, the state seen, no more to act upon, its trail left to the history', async () => {
        await controls().commit({ ...waiting(), problem: { code: 'Denied', why: 'The role may not.', at: T0 } });
        const state = { kind: 'known' as const, at: T0 + 1, desired: 11, running: 6, pending: 5, deployment: 'none' as const };
        const lastWrite = { decision: aStoredDecision().id, at: T0 + 1, from: 6, to: 11, result: 'applied' as const };
        expect(await controls().settle({ customer, group: 'shop', service: 'web' }, anOutcome(), { state, lastWrite, problem: null })).toBe(
          'written',
        );
        expect(await controls().get(customer, 'shop', 'web')).toEqual({
          ...aControl({ customer }),
          version: 2,
          state,
          lastWrite,
          lastOutcome: anOutcome(),
          decision: { ...aStoredDecision(), trail: [] },
        });
      });

      test('settle once, and never a decision that was overtaken or a service that is gone', async () => {
        const about = { customer, group: 'shop', service: 'web' };
        expect(await controls().settle(about, anOutcome(), {})).toBe('condition-failed');
        expect(await controls().get(customer, 'shop', 'web')).toBeUndefined();
        await controls().commit(waiting());
        expect(await controls().settle(about, anOutcome({ decision: 'older' }), {})).toBe('condition-failed');
        expect(await controls().settle(about, anOutcome(), { problem: { code: 'Denied', why: 'No.', at: T0 } })).toBe('written');
        expect(await controls().settle(about, anOutcome(), {})).toBe('condition-failed');
        expect((await controls().get(customer, 'shop', 'web'))?.problem).toEqual({ code: 'Denied', why: 'No.', at: T0 });
      });

      test('refuse the commit of an evaluation that began before the decision was settled', async () => {
        await controls().commit(waiting());
        await controls().settle({ customer, group: 'shop', service: 'web' }, anOutcome(), {});
        expect(await controls().commit({ ...aControl({ customer }), version: 1 })).toBe('condition-failed');
      });

      test('of a group come together, without the rest of the group, and go one by one', async () => {
        await controls().commit(aControl({ customer }));
        await controls().commit(aControl({ customer, service: 'worker' }));
        await controls().commit(aControl({ customer, group: 'other' }));
        await createLeaseStore(table).take(customer, 'shop', T0, T0 + 1);
        await createConfigStore(table).put({ customer, group: 'shop', name: 'web', arn: 'arn', policy: aPolicy() });
        const names = async () => (await controls().ofGroup(customer, 'shop', { consistent: true })).map((control) => control.service);
        expect(await names()).toEqual(['web', 'worker']);
        const many = await controls().getMany([
          { customer, group: 'other', service: 'web' },
          { customer, group: 'shop', service: 'worker' },
          { customer, group: 'shop', service: 'none' },
        ]);
        expect(many.map((control) => `${control.group}/${control.service}`).sort()).toEqual(['other/web', 'shop/worker']);
        await controls().remove(customer, 'shop', 'web');
        expect(await names()).toEqual(['worker']);
      });

      test('that cannot be read fail alone by name and are left out of lists', async () => {
        await controls().commit(aControl({ customer }));
        const key = keys.control(customer, 'shop', 'broken');
        await table.put({ ...key, schema: 1, version: 'one' });
        await expect(controls().get(customer, 'shop', 'broken')).rejects.toMatchObject({
          name: 'UnreadableItem',
          key,
          attribute: 'version',
        });
        expect(await controls().ofGroup(customer, 'shop', { consistent: true })).toHaveLength(1);
        expect(unreadable).toEqual([{ key, why: expect.stringContaining('version') }]);
      });
    });

    describe('policies', () => {
      const configs = () => createConfigStore(table, { onUnreadable });
      const policy = aPolicy({ behavior: defaultBehavior });
      const web = () => ({ customer, group: 'shop', name: 'web', arn: 'arn:aws:ecs:eu-west-1:111122223333:service/shop/web', policy });

      test('are found by group, by service, by name alone and by customer', async () => {
        await configs().put(web());
        await configs().put({ ...web(), name: 'worker', policy: { ...policy, min: 0 } });
        await configs().put({ ...web(), name: 'api', group: 'other' });
        const inGroup = await configs().group(customer, 'shop');
        expect(inGroup.shards).toBe(1);
        expect(inGroup.services).toEqual([web(), { ...web(), name: 'worker', policy: { ...policy, min: 0 } }]);
        expect(await configs().service(customer, 'shop', 'web')).toEqual(web());
        expect(await configs().service(customer, 'other', 'web')).toBeUndefined();
        expect((await configs().find(customer, 'api'))?.group).toBe('other');
        expect(await configs().find(customer, 'none')).toBeUndefined();
        expect((await configs().ofCustomer(customer)).map((config) => config.name).sort()).toEqual(['api', 'web', 'worker']);
        expect(await configs().ofCustomer(`${customer}x`)).toEqual([]);
        expect(await configs().customers()).toContain(customer);
      });

      test('move between groups and go without a trace', async () => {
        await configs().put(web());
        await configs().put({ ...web(), group: 'other' });
        expect((await configs().group(customer, 'shop')).services).toEqual([]);
        expect((await configs().find(customer, 'web'))?.group).toBe('other');
        await configs().remove(customer, 'web');
        expect(await configs().find(customer, 'web')).toBeUndefined();
        expect(await configs().ofCustomer(customer)).toEqual([]);
        await configs().remove(customer, 'web');
      });

      test('take a customer off the list with the last of them, and not before', async () => {
        await configs().put(web());
        await configs().forgetCustomer(customer);
        expect(await configs().customers()).toContain(customer);
        await configs().remove(customer, 'web');
        await configs().forgetCustomer(customer);
        expect(await configs().customers()).not.toContain(customer);
        await configs().forgetCustomer(customer);
      });

      test('that cannot be read, or are somebody else’s, are told and left out', async () => {
        await configs().put(web());
        const stored = await table.get(keys.config(customer, 'shop', 'web'), { consistent: true });
        const foreign = keys.config(customer, 'shop', 'zweb');
        const broken = keys.config(customer, 'shop', 'broken');
        await table.put({ ...stored, ...foreign });
        await table.put({ ...broken, schema: 1, policy: { min: -1 } });
        expect((await configs().group(customer, 'shop')).services).toEqual([web()]);
        expect(unreadable.map(({ key }) => key)).toEqual([broken, foreign]);
        await expect(configs().service(customer, 'shop', 'zweb')).rejects.toMatchObject({ name: 'UnreadableItem', attribute: 'policy' });
      });

      test('spread a group over more shards, never over fewer', async () => {
        await configs().growShards(customer, 'shop', 4);
        await configs().growShards(customer, 'shop', 2);
        expect((await configs().group(customer, 'shop')).shards).toBe(4);
        await configs().growShards(customer, 'shop', 8);
        expect((await configs().group(customer, 'shop')).shards).toBe(8);
        await expect(configs().growShards(customer, 'shop', 0)).rejects.toThrow('not 0');
      });
    });

    describe('pauses', () => {
      const configs = () => createConfigStore(table, { onUnreadable });
      const pause = (overrides: Partial<Pause> = {}): Pause => ({ in: true, out: false, why: 'Sale', at: T0, ...overrides });
      const inForce = (now = T0) => configs().pauses(customer, 'shop', 'web', now);

      test('of the service, of its customer and of everything are in force together, read in one call', async () => {
        await configs().putPause({ scope: 'service', customer, group: 'shop', service: 'web' }, pause({ why: 'a' }));
        await configs().putPause({ scope: 'customer', customer }, pause({ why: 'b', out: true, until: T0 + minutes(1) }));
        await configs().putPause({ scope: 'all' }, pause({ why: 'c' }));
        const before = under.usage().calls.BatchGetItem;
        const found = await inForce();
        expect(under.usage().calls.BatchGetItem - before).toBe(1);
        expect(found.map(({ why }) => why).sort()).toEqual(['a', 'b', 'c']);
        await configs().putPause({ scope: 'all' }, undefined);
        expect((await inForce()).map(({ why }) => why).sort()).toEqual(['a', 'b']);
        expect((await inForce(T0 + minutes(1))).map(({ why }) => why)).toEqual(['a']);
        expect(await configs().pauses(customer, 'shop', 'worker', T0)).toEqual([pause({ why: 'b', out: true, until: T0 + minutes(1) })]);
        await configs().putPause({ scope: 'service', customer, group: 'shop', service: 'web' }, undefined);
        await configs().putPause({ scope: 'customer', customer }, undefined);
        expect(await inForce()).toEqual([]);
      });

      test('that cannot be read are an error: a person may have ordered one', async () => {
        await table.put({ ...keys.servicePause(customer, 'shop', 'web'), schema: 1, in: 'yes' });
        await expect(inForce()).rejects.toMatchObject({ name: 'UnreadableItem', attribute: 'in' });
      });
    });

    describe('leases', () => {
      const take = (now: number, until: number) => createLeaseStore(table).take(customer, 'shop', now, until);

      test('are taken by one of 100 at once, and again only when they ended', async () => {
        const taken = await Promise.all(Array.from({ length: 100 }, () => take(T0, T0 + seconds(3))));
        expect(taken.filter(Boolean)).toHaveLength(1);
        expect(await take(T0 + seconds(3) - 1, T0 + seconds(6))).toBe(false);
        expect(await take(T0 + seconds(3), T0 + seconds(6))).toBe(true);
        expect(await take(T0 + seconds(3), T0 + seconds(6))).toBe(false);
        expect(await createLeaseStore(table).take(customer, 'other', T0, T0 + 1)).toBe(true);
      });

      test('tell until when they were taken', async () => {
        expect(await createLeaseStore(table).takenUntil(customer, 'shop')).toBe(0);
        await take(T0, T0 + seconds(3));
        await expect.poll(() => createLeaseStore(table).takenUntil(customer, 'shop')).toBe(T0 + seconds(3));
      });
    });

    describe('claims', () => {
      const take = (by: string, id = 'd1') => createClaimStore(table).take({ customer, group: 'shop', service: 'web' }, { id, at: T0 }, by);

      test('give a decision to one of those who want it, and to that one again', async () => {
        const wanting = Array.from({ length: 20 }, (_, i) => `process-${i}`);
        const given = await Promise.all(wanting.map((by) => take(by)));
        expect(given.filter(Boolean)).toHaveLength(1);
        const [first = ''] = wanting.filter((_, i) => given[i]);
        expect(await take(first)).toBe(true);
        expect(await take('another')).toBe(false);
        expect(await take('another', 'd2')).toBe(true);
      });
    });

    describe('tokens', () => {
      const tokens = () => createTokenStore(table, { onUnreadable });
      const token = (overrides = {}) => ({
        customer,
        service: 'web',
        group: 'shop',
        keyId: 'k1',
        secretHash: 'ab'.repeat(32),
        createdAt: T0,
        ...overrides,
      });

      test('are found by service and key id, two beside each other', async () => {
        await tokens().put(token());
        await tokens().put(token({ keyId: 'k2' }));
        await tokens().put(token({ service: 'web-2' }));
        expect(await tokens().get(customer, 'web', 'k1')).toEqual(token());
        expect(await tokens().get(customer, 'web', 'k9')).toBeUndefined();
        expect(await tokens().get(`${customer}x`, 'web', 'k1')).toBeUndefined();
        expect(await tokens().ofService(customer, 'web')).toEqual([token(), token({ keyId: 'k2' })]);
        await tokens().remove(customer, 'web', 'k1');
        expect(await tokens().ofService(customer, 'web')).toEqual([token({ keyId: 'k2' })]);
      });

      test('carry a MAC of one key, however many functions start at once', async () => {
        await table.delete(keys.tokenKey());
        let made = 0;
        const found = await Promise.all(Array.from({ length: 10 }, () => tokens().macKey(() => new Uint8Array(32).fill(++made))));
        expect(new Set(found.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
        expect(await tokens().macKey(() => new Uint8Array(32))).toEqual(found[0]);
        await expect(createTokenStore(table).macKey(() => new Uint8Array(4))).resolves.toEqual(found[0]);
        await table.delete(keys.tokenKey());
        await expect(tokens().macKey(() => new Uint8Array(4))).rejects.toThrow('at least 16 bytes');
      });
    });

    describe('accounts', () => {
      const accounts = () => createAccountStore(table, { onUnreadable });
      const role = () => `arn:aws:iam::111122223333:role/sluice-${customer}`;
      const account = (overrides: Partial<Account> = {}): Account => ({
        customer,
        accountId: '111122223333',
        externalId: `external-${customer}`,
        ...overrides,
      });

      test('keep the external ID that they were given first', async () => {
        expect(await accounts().create(account())).toEqual(account());
        expect(await accounts().create(account({ externalId: 'another' }))).toEqual(account());
        expect(await accounts().get(customer, '111122223333')).toEqual(account());
        expect(await accounts().get(`${customer}x`, '111122223333')).toBeUndefined();
        await accounts().create(account({ accountId: '444455556666' }));
        expect((await accounts().ofCustomer(customer)).map(({ accountId }) => accountId)).toEqual(['111122223333', '444455556666']);
      });

      test('are bound to a role that was proved, which ends their problem', async () => {
        await accounts().create(account());
        await accounts().setProblem(account(), { code: 'Denied', why: 'No.', at: T0 });
        expect((await accounts().get(customer, '111122223333'))?.problem).toEqual({ code: 'Denied', why: 'No.', at: T0 });
        expect(await accounts().bindRole(account(), role(), T0)).toBe('bound');
        expect(await accounts().get(customer, '111122223333')).toEqual(account({ roleArn: role(), provedAt: T0 }));
        expect(await accounts().bindRole(account(), role(), T0 + 1)).toBe('bound');
        await accounts().setProblem(account(), { code: 'Denied', why: 'No.', at: T0 });
        await accounts().setProblem(account(), undefined);
        expect((await accounts().get(customer, '111122223333'))?.problem).toBeUndefined();
      });

      test('never share a role with another customer, until its owner gives it up', async () => {
        const rival = account({ customer: `${customer}-rival`, externalId: 'rival' });
        await accounts().create(account());
        await accounts().create(rival);
        expect(await accounts().bindRole(account(), role(), T0)).toBe('bound');
        expect(await accounts().bindRole(rival, role(), T0)).toBe('belongs-to-another-customer');
        expect((await accounts().get(rival.customer, '111122223333'))?.roleArn).toBeUndefined();
        await accounts().bindRole(account(), `${role()}-new`, T0);
        expect(await accounts().bindRole(rival, role(), T0)).toBe('bound');
        expect(await accounts().bindRole(rival, `${role()}-new`, T0)).toBe('belongs-to-another-customer');
        await accounts().remove(customer, '111122223333');
        expect(await accounts().bindRole(rival, `${role()}-new`, T0)).toBe('bound');
      });

      test('that have a role are listed, with their customer', async () => {
        const connected = async () => (await accounts().connected()).filter((one) => one.customer === customer);
        await accounts().create(account());
        await accounts().create(account({ accountId: '444455556666' }));
        expect(await connected()).toEqual([]);
        await accounts().bindRole(account(), role(), T0);
        expect(await connected()).toEqual([{ customer, accountId: '111122223333' }]);
        await accounts().remove(customer, '111122223333');
        expect(await connected()).toEqual([]);
      });

      test('that are gone, or have another external ID by now, are neither bound nor made again', async () => {
        await expect(accounts().bindRole(account(), role(), T0)).rejects.toThrow('removed or replaced');
        await accounts().setProblem(account(), { code: 'Denied', why: 'No.', at: T0 });
        expect(await accounts().get(customer, '111122223333')).toBeUndefined();
        await accounts().create(account({ externalId: 'newer' }));
        await expect(accounts().bindRole(account(), role(), T0)).rejects.toThrow('removed or replaced');
        expect(await accounts().bindRole(account({ externalId: 'newer' }), role(), T0)).toBe('bound');
      });
    });

    discoveryContract(() => ({ table, customer, clock, unreadable }));

    describe('watches', () => {
      const watches = (shards = 3) => createWatchStore(table, { shards, onUnreadable });
      const at = (cluster: string) => ({ customer, accountId: '111122223333', region: 'eu-west-1', cluster });
      const web = { service: 'web', group: 'shop' };
      const mine = async (now: number) =>
        (await watches().due(now, 1_000)).filter((key) => key.customer === customer).map((key) => key.cluster);
      const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

      test('are due at once when they are new, and soonest first', async () => {
        await watches().add(at('late'), web, T0 + seconds(2));
        await watches().add(at('soon'), web, T0 + seconds(1));
        await settled();
        expect(await mine(T0)).toEqual([]);
        expect(await mine(T0 + seconds(1))).toEqual(['soon']);
        expect(await mine(T0 + seconds(2))).toEqual(['soon', 'late']);
        expect(await watches().due(T0 + minutes(60), 1)).toHaveLength(1);
      });

      test('hold their services, which come and go at once without losing one', async () => {
        const names = Array.from({ length: 20 }, (_, i) => `service-${String(i).padStart(2, '0')}`);
        await Promise.all(names.map((service) => watches().add(at('shop'), { service, group: 'shop' }, T0)));
        const held = async () =>
          (await watches().get(customer, '111122223333', 'eu-west-1', 'shop'))?.services.map(({ service }) => service).sort();
        expect(await held()).toEqual(names);
        await Promise.all(names.slice(1).map((service) => watches().drop(at('shop'), service)));
        expect(await held()).toEqual(names.slice(0, 1));
        await watches().drop(at('shop'), 'service-00');
        expect(await held()).toBeUndefined();
        await watches().drop(at('shop'), 'service-00');
        expect(await held()).toBeUndefined();
      });

      test('are claimed by one of ten ticks', async () => {
        await watches().add(at('shop'), web, T0);
        const [watch] = await watches().load([at('shop'), at('none')]);
        expect(watch).toEqual({ ...at('shop'), services: [web], dueAt: T0 });
        if (!watch) throw new Error('no watch');
        const claims = await Promise.all(Array.from({ length: 10 }, () => watches().claim(watch, T0 + minutes(1))));
        expect(claims.filter(Boolean)).toHaveLength(1);
        expect((await watches().get(customer, '111122223333', 'eu-west-1', 'shop'))?.dueAt).toBe(T0 + minutes(1));
      });

      test('are hastened, never delayed, and not made by it', async () => {
        await watches().add(at('shop'), web, T0 + minutes(5));
        const dueAt = async () => (await watches().get(customer, '111122223333', 'eu-west-1', 'shop'))?.dueAt;
        await watches().hasten(at('shop'), T0 + minutes(6));
        expect(await dueAt()).toBe(T0 + minutes(5));
        await watches().hasten(at('shop'), T0 + minutes(1));
        expect(await dueAt()).toBe(T0 + minutes(1));
        await watches().hasten(at('none'), T0);
        expect(await watches().get(customer, '111122223333', 'eu-west-1', 'none')).toBeUndefined();
      });

      test('that cannot be read are told and left out', async () => {
        await watches().add(at('shop'), web, T0);
        const broken = keys.watch(customer, '111122223333', 'eu-west-1', 'broken');
        await table.put({ ...broken, schema: 2, due_shard: 'due#0', due_at: T0 });
        expect((await watches().load([at('shop'), at('broken')])).map(({ cluster }) => cluster)).toEqual(['shop']);
        expect(unreadable).toEqual([{ key: broken, why: 'schema is 2, of a newer Sluice; this version reads up to 1' }]);
      });
    });

    describe('history', () => {
      const history = () => createHistoryStore(table, { clock, days: 30, onUnreadable });
      const entry = (i: number) =>
        aHistoryEntry({ customer, decision: aStoredDecision({ id: `d${i}`, at: T0 + seconds(i), lastAt: T0 + seconds(i) }) });
      const of = (service: string, options: { since?: number; limit: number }) => history().of(customer, service, options);

      test('is deleted in parts, of one service and one customer only', async () => {
        await history().put([entry(1), entry(2), entry(3)]);
        await history().put([{ ...entry(1), service: 'worker' }]);
        await history().put([{ ...entry(1), customer: `${customer}x` }]);
        expect(await history().removeSome(customer, 'web', 2)).toBe('more');
        expect((await history().of(customer, 'web', { limit: 9 })).map(({ decision }) => decision.id)).toEqual(['d1']);
        expect(await history().removeSome(customer, 'web', 2)).toBe('all');
        expect(await history().of(customer, 'web', { limit: 9 })).toEqual([]);
        expect(await history().of(customer, 'worker', { limit: 9 })).toHaveLength(1);
        expect(await history().of(`${customer}x`, 'web', { limit: 9 })).toHaveLength(1);
        expect(await history().removeSome(customer, 'web', 2)).toBe('all');
      });

      test('comes newest first, from a time on, as many as asked for', async () => {
        await history().put(Array.from({ length: 40 }, (_, i) => entry(i)));
        await history().put([aHistoryEntry({ customer, service: 'worker' })]);
        await history().put([]);
        expect((await of('web', { limit: 3 })).map(({ decision }) => decision.id)).toEqual(['d39', 'd38', 'd37']);
        expect((await of('web', { limit: 100, since: T0 + seconds(38) })).map(({ decision }) => decision.id)).toEqual(['d39', 'd38']);
        expect(await of('web', { limit: 100 })).toHaveLength(40);
        expect(await of('none', { limit: 100 })).toEqual([]);
      });

      test('keeps a decision with its whole trail, and its outcome once there is one', async () => {
        const decided = { customer, service: 'web', decision: aStoredDecision() };
        await history().put([decided]);
        expect(await of('web', { limit: 9 })).toEqual([decided]);
        await history().put([{ ...decided, outcome: anOutcome() }]);
        expect(await of('web', { limit: 9 })).toEqual([{ ...decided, outcome: anOutcome() }]);
        const hold = aHistoryEntry({ customer, service: 'worker', decision: aStoredHold() });
        await history().put([hold]);
        expect(await of('worker', { limit: 9 })).toEqual([hold]);
      });
    });
  });
};
