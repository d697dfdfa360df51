import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createHistoryStore } from '../../lib/stores/history-store.ts';
import { createMemoryTable } from '../../lib/stores/memory-table.ts';
import type { Table } from '../../lib/stores/table.ts';
import { createVirtualClock } from '../../lib/virtual-clock.ts';
import { aPolicy } from '../builders/policies.ts';
import { aStoredDecision, aStoredHold } from '../builders/records.ts';
import { minutes, seconds, T0 } from '../builders/times.ts';
import { webReport, wholeSystem } from '../fakes/whole-system.ts';

const WEB = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';
const fast = Array.from({ length: 40 }, () => 2);

async function shop(tasks: number) {
  const system = wholeSystem();
  await system.connect();
  system.aws.put({ arn: WEB, desired: tasks, running: tasks });
  const { tokens } = await system.apply([{ customer: 'acme', name: 'web', group: 'shop', arn: WEB, policy: aPolicy({ min: 1 }) }]);
  await system.tick();
  return Object.assign(system, { token: tokens.get('web') ?? '' });
}

const historyOf = (table: Parameters<typeof createHistoryStore>[0]) =>
  createHistoryStore(table, { clock: createVirtualClock(T0), days: 30 }).of('acme', 'web', { limit: 100 });

function store() {
  const clock = createVirtualClock(T0);
  const history = createHistoryStore(createMemoryTable({ clock }), { clock, days: 30 });
  const shown = async () => (await history.of('acme', 'web', { limit: 10 }))[0];
  return { history, shown };
}

describe('what the simulation of the whole system found', () => {
  it('an adapter whose clock is wrong, so that all of its samples are dropped, never scales in', async () => {
    const system = await shop(8);
    for (let i = 0; i < 90; i++) {
      const answer = await system.report(system.token, webReport(system.clock.now() + 86_400_000, fast));
      expect(answer).toMatchObject({ status: 200, body: { accepted: 0 } });
      if (i % 6 === 0) await system.tick();
      await system.deliver();
      await system.clock.advance(seconds(10));
    }
    expect(system.aws.service(WEB)?.desired).toBe(8);
    expect(system.table.items().filter(({ pk }) => pk.startsWith('acme#r#'))).toEqual([]);
  });

  it('a hold that went on keeps in history what each rule wanted', async () => {
    const system = await shop(2);
    for (let i = 0; i < 60; i++) {
      await system.report(system.token, webReport(system.clock.now(), i < 40 ? Array.from({ length: 40 }, () => 25) : fast));
      await system.clock.advance(seconds(15));
    }
    const entries = await historyOf(system.table);
    expect(entries.some(({ decision }) => decision.kind === 'hold' && decision.times > 1)).toBe(true);
    for (const { decision } of entries) expect(decision.trail.map(({ code }) => code)).toContain(decision.code);
  });

  it('a function that dies right after it stored a hold leaves its reasons in history', async () => {
    const system = await shop(2);
    const put = system.table.put.bind(system.table);
    let dead = false;
    system.table.put = async (item, condition) => {
      if (dead) throw new Error('the function has died');
      const result = await put(item, condition);
      if (item.sk === 'control#web') dead = true;
      return result;
    };
    await system.report(
      system.token,
      webReport(
        system.clock.now(),
        Array.from({ length: 40 }, () => 25),
      ),
    );
    dead = false;
    system.table.put = put;
    const control = await system.table.get({ pk: 'acme#g#shop', sk: 'control#web' });
    const stands = control?.['dec'] as { readonly id: string } | undefined;
    const entry = (await historyOf(system.table)).find(({ decision }) => decision.id === stands?.id);
    expect(entry?.decision.trail.length).toBeGreaterThan(0);
  });

  it('a slow writer of a decision does not overwrite the outcome that `scale` stored meanwhile', async () => {
    const { history, shown } = store();
    const about = { customer: 'acme', service: 'web', decision: aStoredDecision() };
    const outcome = { decision: about.decision.id, at: T0, outcome: 'applied', desiredCount: 11, why: 'Done.' } as const;
    await history.put([{ ...about, outcome }]);
    await history.put([about]);
    expect((await shown())?.outcome).toEqual(outcome);
  });

  it('the end of a hold, which comes without its trail, leaves the trail that is there', async () => {
    const { history, shown } = store();
    const hold = aStoredHold();
    await history.put([{ customer: 'acme', service: 'web', decision: hold }]);
    await history.put([{ customer: 'acme', service: 'web', decision: { ...hold, trail: [], times: 9, lastAt: T0 + minutes(9) } }]);
    expect(await shown()).toMatchObject({ decision: { times: 9, lastAt: T0 + minutes(9), trail: hold.trail } });
  });

  it('a decision that did not come to stand is taken back', async () => {
    const { history, shown } = store();
    const entry = { customer: 'acme', service: 'web', decision: aStoredHold() };
    await history.put([entry]);
    await history.drop(entry);
    expect(await shown()).toBeUndefined();
  });

  it('an adapter whose request samples are all dropped, while its queue samples are good, never scales in', async () => {
    const system = await shop(8);
    for (let i = 0; i < 90; i++) {
      const now = system.clock.now();
      const { metrics, ...report } = webReport(now + 86_400_000, fast);
      const good = [Math.floor(now / 1_000), 0, 'qd', 'default'];
      const answer = await system.report(system.token, { ...report, metrics: [...metrics, good] });
      expect(answer).toMatchObject({ status: 200, body: { accepted: 1 } });
      if (i % 6 === 0) await system.tick();
      await system.deliver();
      await system.clock.advance(seconds(10));
    }
    expect(system.aws.service(WEB)?.desired).toBe(8);
  });

  it('a service that is taken out of care while its mode is being set stays out of care', async () => {
    let meanwhile = async () => {};
    const system = wholeSystem({
      tableOf: (name, table) =>
        name !== 'admin'
          ? table
          : {
              ...table,
              // The record of the change comes right before the change.
              putMany: async (items) => {
                await table.putMany(items);
                await meanwhile();
              },
              put: async (item, condition) => {
                const result = await table.put(item, condition);
                await meanwhile();
                return result;
              },
            },
    });
    await system.connect();
    system.aws.put({ arn: WEB, desired: 2, running: 2 });
    await system.apply([{ customer: 'acme', name: 'web', group: 'shop', arn: WEB, policy: aPolicy({ min: 1 }) }]);
    meanwhile = async () => {
      meanwhile = async () => {};
      await system.api('POST', '/v1/accounts/disconnect', { customer: 'acme', accountId: '111122223333' });
    };
    const answer = await system.api('POST', '/v1/mode', { customer: 'acme', service: 'web', mode: 'off' });
    expect(answer).toMatchObject({ status: 400 });
    expect(JSON.stringify(answer.body)).toContain('removed or moved just now');
    expect(system.table.items().filter(({ sk }) => sk === 'config#web')).toEqual([]);
  });

  it('a disconnect that fails half-way answers when nothing of it is under way any more', async () => {
    let answered = false;
    const late: string[] = [];
    let fails = false;
    const system = wholeSystem({
      tableOf: (name, table) =>
        name !== 'admin'
          ? table
          : {
              ...table,
              delete: async (key, condition) => {
                if (fails && key.sk === 'control#web') throw new Error('a fault of the test');
                // The other service takes longer.
                if (fails && key.sk === 'control#worker') await new Promise((resolve) => setImmediate(resolve));
                if (answered) late.push(key.sk);
                return table.delete(key, condition);
              },
            },
    });
    await system.connect();
    const services = ['web', 'worker'].map((name) => ({ name, arn: WEB.replace(/web$/, name) }));
    for (const { arn } of services) system.aws.put({ arn, desired: 2, running: 2 });
    await system.apply(services.map((service) => ({ customer: 'acme', group: 'shop', ...service, policy: aPolicy({ min: 1 }) })));
    fails = true;
    const answer = await system.api('POST', '/v1/accounts/disconnect', { customer: 'acme', accountId: '111122223333' });
    answered = true;
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(late).toEqual([]);
    expect(system.table.items().some(({ sk }) => sk === 'config#worker')).toBe(false);
  });

  // Lambda ends such a function with its environment. Answered just before, the rest of it went on in the next invocation: seed 105569.
  it.each(['ingest', 'tick', 'collect', 'admin'] as const)('%s gives no answer of its own when its time is over', async (name) => {
    const never = new Promise<never>(() => undefined);
    let hangs = false;
    const tableOf = (of: string, table: Table): Table =>
      of === name ? new Proxy(table, { get: (...given) => (hangs ? () => never : Reflect.get(...given)) }) : table;
    const system = wholeSystem({ tableOf, remainingMs: 60 });
    await system.connect();
    system.aws.put({ arn: WEB, desired: 2, running: 2 });
    const { tokens } = await system.apply([{ customer: 'acme', name: 'web', group: 'shop', arn: WEB, policy: aPolicy({ min: 1 }) }]);
    hangs = true;
    const work = {
      ingest: () => system.report(tokens.get('web') ?? '', webReport(system.clock.now(), [900])),
      tick: () => system.tick(),
      collect: () => system.collect(),
      admin: () => system.api('GET', '/v1/services'),
    };
    const ended = work[name]().then(
      () => 'answered',
      () => 'failed',
    );
    expect(await Promise.race([ended, sleep(150, 'still at work')])).toBe('still at work');
  });
});
