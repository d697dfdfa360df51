import { describe, expect, test } from 'vitest';
import { createAccountStore } from '../../../lib/stores/account-store.ts';
import { createConfigStore } from '../../../lib/stores/config-store.ts';
import { createControlStore } from '../../../lib/stores/control-store.ts';
import { createHistoryStore } from '../../../lib/stores/history-store.ts';
import { keys } from '../../../lib/stores/keys.ts';
import { createMemoryTable } from '../../../lib/stores/memory-table.ts';
import { itemSchema, MIGRATIONS, migrateItem } from '../../../lib/stores/migrate-item.ts';
import { createReportStore } from '../../../lib/stores/report-store.ts';
import type { Item } from '../../../lib/stores/table.ts';
import { createTokenStore } from '../../../lib/stores/token-store.ts';
import { createWatchStore } from '../../../lib/stores/watch-store.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';
import { aPolicy } from '../../builders/policies.ts';
import { aControl, aHistoryEntry, aStoredDecision, aStoredReport } from '../../builders/records.ts';
import { T0 } from '../../builders/times.ts';

const arn = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';
const config = { customer: 'acme', name: 'web', group: 'shop', arn, policy: aPolicy({ min: 1 }) };

/** A table as a deployment of the version before has left it: every item carries the form before today's. */
async function tableOfTheVersionBefore() {
  const clock = createVirtualClock(T0);
  const before = createMemoryTable({ clock });
  const onUnreadable = (_: unknown, why: string) => unreadable.push(why);
  const unreadable: string[] = [];
  const stores = (table: typeof before) => ({
    configs: createConfigStore(table, { onUnreadable }),
    controls: createControlStore(table, { onUnreadable }),
    accounts: createAccountStore(table, { onUnreadable }),
    tokens: createTokenStore(table),
    reports: createReportStore(table, { clock }),
    history: createHistoryStore(table, { clock, days: 30, onUnreadable }),
    watches: createWatchStore(table, { shards: 1, onUnreadable }),
  });
  const old = stores(before);
  await old.configs.put(config);
  await old.controls.commit(aControl({ decision: aStoredDecision(), act: aStoredDecision().id }));
  await old.accounts.create({ customer: 'acme', accountId: '111122223333', externalId: 'sluice-00112233445566778899aabbccddeeff' });
  await old.tokens.put({ customer: 'acme', service: 'web', group: 'shop', keyId: 'k1', secretHash: 'ab'.repeat(32), createdAt: T0 });
  await old.reports.put('acme', 'shop', 0, [aStoredReport()]);
  await old.history.put([aHistoryEntry()]);
  await old.watches.add(
    { customer: 'acme', accountId: '111122223333', region: 'us-east-1', cluster: 'shop' },
    { service: 'web', group: 'shop' },
    T0,
  );

  const table = createMemoryTable({ clock });
  const places = [
    'acme#g#shop',
    'acme#dir',
    'acme#a',
    'acme#t',
    'acme#r#shop#0',
    `acme#h#${aHistoryEntry().service}`,
    'acme#w',
    '~operator#customers',
  ];
  const items: Item[] = [];
  for (const pk of places) items.push(...(await before.query({ pk, consistent: true })));
  for (const item of items) await table.put({ ...item, schema: itemSchema - 1 });
  return { table, items, unreadable, ...stores(table) };
}

describe('items of the version before', () => {
  test('are read by every store, and none is left out', async () => {
    const { items, unreadable, ...now } = await tableOfTheVersionBefore();
    expect(items.length).toBeGreaterThanOrEqual(8);
    const found = (await now.configs.group('acme', 'shop')).services;
    expect(found).toMatchObject([{ customer: 'acme', name: 'web', group: 'shop', arn, policy: { min: 1 } }]);
    expect(await now.configs.find('acme', 'web')).toEqual(found[0]);
    expect(await now.controls.get('acme', 'shop', 'web')).toMatchObject({ service: 'web', act: aStoredDecision().id });
    expect(await now.accounts.get('acme', '111122223333')).toMatchObject({ externalId: 'sluice-00112233445566778899aabbccddeeff' });
    expect(await now.tokens.get('acme', 'web', 'k1')).toMatchObject({ keyId: 'k1' });
    expect(await now.reports.since('acme', 'shop', 1, 0)).toEqual([aStoredReport()]);
    expect(await now.history.of('acme', aHistoryEntry().service, { limit: 10 })).toHaveLength(1);
    expect(await now.watches.get('acme', '111122223333', 'us-east-1', 'shop')).toMatchObject({ cluster: 'shop' });
    expect(unreadable).toEqual([]);
  });

  test('are stored in the form of today when they are next written, and not before', async () => {
    const { table, controls, configs } = await tableOfTheVersionBefore();
    const schemaOf = async (key: { pk: string; sk: string }) => (await table.get(key, { consistent: true }))?.schema;
    const control = await controls.get('acme', 'shop', 'web');
    if (!control) throw new Error('the control is gone');
    expect(await schemaOf(keys.control('acme', 'shop', 'web'))).toBe(itemSchema - 1);
    expect(await controls.commit(control)).toBe('written');
    await configs.put(config);
    expect(await schemaOf(keys.control('acme', 'shop', 'web'))).toBe(itemSchema);
    expect(await schemaOf(keys.config('acme', 'shop', 'web'))).toBe(itemSchema);
    expect((await controls.get('acme', 'shop', 'web'))?.version).toBe(control.version + 1);
  });

  test('a decision of theirs that waits can still be settled', async () => {
    const { controls } = await tableOfTheVersionBefore();
    const about = { customer: 'acme', group: 'shop', service: 'web' };
    const outcome = { decision: aStoredDecision().id, at: T0, outcome: 'applied', desiredCount: 5, why: 'Done.' } as const;
    expect(await controls.settle(about, outcome, {})).toBe('written');
    expect(await controls.get('acme', 'shop', 'web')).toMatchObject({ lastOutcome: outcome });
  });
});

describe('migrations', () => {
  const item: Item = { pk: 'a', sk: 'b', schema: 1, seconds: 30 };
  const chain = {
    1: ({ seconds, ...rest }: Item): Item => ({ ...rest, ms: Number(seconds) * 1_000 }),
    2: (old: Item): Item => ({ ...old, unit: 'ms' }),
  };

  test('go one form after the other', () => {
    expect(migrateItem(item, chain, 3)).toEqual({ ok: true, item: { pk: 'a', sk: 'b', schema: 3, ms: 30_000, unit: 'ms' } });
    expect(migrateItem({ ...item, schema: 2, ms: 5 }, chain, 3)).toMatchObject({ ok: true, item: { schema: 3, ms: 5, seconds: 30 } });
  });

  test('cannot move an item to another key', () => {
    expect(migrateItem(item, { 1: (old) => ({ ...old, pk: 'elsewhere' }) }, 2)).toMatchObject({ item: { pk: 'a', sk: 'b' } });
  });

  test('an item of a newer version is refused, and says what to do it with', () => {
    expect(migrateItem({ ...item, schema: 4 }, chain, 3)).toEqual({
      ok: false,
      why: 'is 4, of a newer Sluice; this version reads up to 3',
    });
  });

  test('an item that is too old is refused, and says what can be read', () => {
    expect(migrateItem({ ...item, schema: 0 }, chain, 3)).toEqual({ ok: false, why: 'is 0, too old for this version; it reads 1 to 3' });
  });

  test('there is one from the form before to the form of today', () => {
    expect(MIGRATIONS[itemSchema - 1]).toBeTypeOf('function');
  });
});
