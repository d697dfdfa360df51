import { describe, expect, test } from 'vitest';
import { emptyMemory } from '../../../lib/decide/memory.ts';
import { createAccountStore } from '../../../lib/stores/account-store.ts';
import { createConfigStore } from '../../../lib/stores/config-store.ts';
import { parseControl, toControlItem } from '../../../lib/stores/control-item.ts';
import { createControlStore } from '../../../lib/stores/control-store.ts';
import { createHistoryStore } from '../../../lib/stores/history-store.ts';
import { itemSize } from '../../../lib/stores/item-size.ts';
import { keys } from '../../../lib/stores/keys.ts';
import { createLeaseStore } from '../../../lib/stores/lease-store.ts';
import { createMemoryTable } from '../../../lib/stores/memory-table.ts';
import { createReportStore } from '../../../lib/stores/report-store.ts';
import type { Item, Table, Value } from '../../../lib/stores/table.ts';
import { createTokenStore } from '../../../lib/stores/token-store.ts';
import { UnreadableItem } from '../../../lib/stores/unreadable-item.ts';
import { usageBetween } from '../../../lib/stores/usage.ts';
import { createWatchStore } from '../../../lib/stores/watch-store.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';
import fc from '../../builders/fast-check.ts';
import { aControl, aHistoryEntry, anOutcome, aStoredDecision, aStoredHold, aStoredReport } from '../../builders/records.ts';
import { seconds, T0 } from '../../builders/times.ts';

const make = () => {
  const clock = createVirtualClock(T0);
  return { clock, table: createMemoryTable({ clock }) };
};
const spent = async (table: ReturnType<typeof createMemoryTable>, work: () => Promise<unknown>) => {
  const before = table.usage();
  await work();
  return usageBetween(before, table.usage());
};
const longest = 'a'.repeat(63);

describe('what the report path costs', () => {
  test('a report is one call and one write unit, under the longest names, with a full digest, written again, too', async () => {
    const { table, clock } = make();
    const report = aStoredReport({ service: longest, digest: new Uint8Array(740) });
    for (let i = 0; i < 2; i++) {
      const usage = await spent(table, () => createReportStore(table, { clock }).put(longest, longest, 31, [report]));
      expect(usage).toMatchObject({ writeUnits: 1, indexWriteUnits: 0, consistentReadUnits: 0, eventualReadUnits: 0 });
      expect(usage.calls).toMatchObject({ PutItem: 1, BatchWriteItem: 0 });
    }
  });

  test('a lease is one write unit, taken or not', async () => {
    const { table } = make();
    const take = () => createLeaseStore(table).take('acme', 'shop', T0, T0 + seconds(3));
    expect(await spent(table, take)).toMatchObject({ writeUnits: 1, calls: { PutItem: 1 } });
    expect(await spent(table, take)).toMatchObject({ writeUnits: 1, conditionFailures: 1 });
  });

  test('to commit a hold, or to lose doing so, is one write unit', async () => {
    const { table } = make();
    const commit = () => createControlStore(table).commit(aControl({ decision: aStoredHold() }));
    expect(await spent(table, commit)).toMatchObject({ writeUnits: 1, calls: { PutItem: 1 } });
    expect(await spent(table, commit)).toMatchObject({ writeUnits: 1, conditionFailures: 1 });
  });

  test('the controls of fifty services are one query of at most five read units', async () => {
    const { table } = make();
    const controls = createControlStore(table);
    for (let i = 0; i < 50; i++)
      await controls.commit(aControl({ service: `service-${i}`, decision: aStoredHold(), lastOutcome: anOutcome() }));
    const usage = await spent(table, () => controls.ofGroup('acme', 'shop'));
    expect(usage.calls.Query).toBe(1);
    expect(usage.eventualReadUnits).toBeLessThanOrEqual(5);
  });
});

describe('what is stored stays small', () => {
  test('a control at rest is under 700 bytes beside its memory', () => {
    const control = aControl({
      decision: aStoredHold(),
      lastWrite: { decision: aStoredDecision().id, at: T0, from: 6, to: 11, result: 'applied' },
      lastOutcome: anOutcome(),
    });
    const memory = toControlItem({ ...control, memory: emptyMemory }, 1).mem;
    expect(itemSize(toControlItem(control, 1_234)) - Buffer.byteLength(String(memory))).toBeLessThan(700);
  });

  test('the trail is there only while a decision waits', () => {
    const waiting = toControlItem(aControl({ decision: aStoredDecision(), act: aStoredDecision().id }), 1);
    expect(waiting).toHaveProperty('tr');
    expect(waiting).toHaveProperty('act', aStoredDecision().id);
    const resting = toControlItem(aControl({ decision: aStoredDecision() }), 1);
    expect(resting).not.toHaveProperty('tr');
    expect(resting).not.toHaveProperty('act');
  });
});

describe('items that nobody here wrote', () => {
  const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.double({ noNaN: true }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array({ maxLength: 8 }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('w', 'a', 'd', 'k', 'id', '__proto__', 'constructor')), tie('value'), {
        maxKeys: 4,
      }),
    ),
  })).value;
  const garbage = (key: { pk: string; sk: string }): fc.Arbitrary<Item> =>
    fc
      .dictionary(
        fc.oneof(
          fc.constantFrom(
            'st',
            'mem',
            'dec',
            'tr',
            'act',
            'lw',
            'lo',
            'pr',
            'version',
            'd',
            'g',
            'h',
            'k',
            'policy',
            'shards',
            'until',
            'in',
          ),
          fc.string({ minLength: 1 }),
        ),
        value,
      )
      .chain((map) => fc.constantFrom({ ...map, schema: 1, ...key }, { ...map, ...key }));

  test('are a control or an UnreadableItem that names the key, and never anything else', () => {
    fc.assert(
      fc.property(garbage(keys.control('acme', 'shop', 'web')), (item) => {
        try {
          expect(parseControl(item)).toMatchObject({ customer: 'acme', group: 'shop', service: 'web' });
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableItem);
          expect(String(error)).toContain('acme#g#shop control#web');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a control with any one attribute replaced is read or refused by the name of that attribute', () => {
    const control = aControl({
      decision: aStoredDecision(),
      act: aStoredDecision().id,
      lastWrite: { decision: 'd', at: T0, from: 1, to: 2, result: 'applied' },
      lastOutcome: anOutcome(),
      problem: { code: 'Denied', why: 'No.', at: T0 },
    });
    const valid = toControlItem(control, 1);
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(valid).filter((name) => name !== 'pk' && name !== 'sk')), value, (attribute, other) => {
        try {
          parseControl({ ...valid, [attribute]: other });
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableItem);
          if (error instanceof UnreadableItem) expect(error.attribute.split(/[.[]/)[0]).toBe(attribute);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('of another kind are no control', () => {
    for (const item of [
      keys.lease('acme', 'shop'),
      keys.config('acme', 'shop', 'web'),
      keys.operatorPause(),
      { pk: '~operator#g#x', sk: 'control#web' },
    ]) {
      expect(parseControl({ ...item, schema: 1 })).toBeUndefined();
    }
  });

  type Reader = (table: Table, onUnreadable: () => void) => Promise<readonly unknown[]>;
  const clock = createVirtualClock(T0);
  const lists: readonly [string, { pk: string; sk: string }, Reader][] = [
    [
      'reports',
      keys.report('acme', 'shop', 0, T0 / 1_000, 'web', 'r', 'h', 0),
      (table, onUnreadable) => createReportStore(table, { clock, onUnreadable }).since('acme', 'shop', 1, 0),
    ],
    [
      'reports under a strange key',
      { pk: keys.reports('acme', 'shop', 0), sk: '99999999999#x' },
      (table, onUnreadable) => createReportStore(table, { clock, onUnreadable }).since('acme', 'shop', 1, 0),
    ],
    [
      'controls',
      keys.control('acme', 'shop', 'web'),
      (table, onUnreadable) => createControlStore(table, { onUnreadable }).ofGroup('acme', 'shop'),
    ],
    [
      'policies',
      keys.config('acme', 'shop', 'web'),
      async (table, onUnreadable) => (await createConfigStore(table, { onUnreadable }).group('acme', 'shop')).services,
    ],
    [
      'the directory',
      keys.directory('acme', 'web'),
      (table, onUnreadable) => createConfigStore(table, { onUnreadable }).ofCustomer('acme'),
    ],
    [
      'tokens',
      keys.token('acme', 'web', 'k1'),
      (table, onUnreadable) => createTokenStore(table, { onUnreadable }).ofService('acme', 'web'),
    ],
    [
      'accounts',
      keys.account('acme', '111122223333'),
      (table, onUnreadable) => createAccountStore(table, { onUnreadable }).ofCustomer('acme'),
    ],
    [
      'watches',
      keys.watch('acme', '111122223333', 'eu-west-1', 'shop'),
      (table, onUnreadable) =>
        createWatchStore(table, { onUnreadable }).load([
          { customer: 'acme', accountId: '111122223333', region: 'eu-west-1', cluster: 'shop' },
        ]),
    ],
    [
      'history',
      keys.history('acme', 'web', T0, 'd1'),
      (table, onUnreadable) => createHistoryStore(table, { clock, days: 1, onUnreadable }).of('acme', 'web', { limit: 9 }),
    ],
  ];
  test.each(lists)('are told and left out of %s, or read, but never fail the list', async (_name, key, read) => {
    await fc.assert(
      fc.asyncProperty(garbage(key), async (item) => {
        const table = createMemoryTable({ clock: createVirtualClock(T0 - seconds(1e9)) });
        const { due_shard: _shard, due_at: _at, expires: _expires, ...rest } = item;
        fc.pre(
          await table.put({ ...rest, ...key }).then(
            () => true,
            () => false,
          ),
        );
        let told = 0;
        const found = await read(table, () => {
          told += 1;
        });
        expect(found.length + told).toBeLessThanOrEqual(1);
        if (item.schema !== 1 && item.schema !== 0) expect([found.length, told]).toEqual([0, 1]);
      }),
      { numRuns: 100 },
    );
  });
});

test('what was written is read again, whatever the entry', async () => {
  const { table, clock } = make();
  const history = createHistoryStore(table, { clock, days: 30 });
  const text = fc.string({ maxLength: 40 });
  const time = fc.integer({ min: 0, max: 4e12 });
  const count = fc.integer({ min: 0, max: 5_000 });
  const trail = fc.array(fc.record({ rule: text, code: text, why: text, value: fc.option(count) }), { maxLength: 5 });
  const common = {
    id: fc.uuid(),
    at: fc.constant(T0),
    lastAt: time,
    times: fc.integer({ min: 1, max: 1e6 }),
    code: text,
    why: text,
    trail,
  };
  const decision = fc.oneof(
    fc.record({ kind: fc.constant('scale' as const), from: count, to: count, ...common }),
    fc.record(
      { kind: fc.constant('hold' as const), from: fc.option(count), to: fc.option(count), until: time, would: count, ...common },
      { requiredKeys: ['kind', 'from', 'to', 'id', 'at', 'lastAt', 'times', 'code', 'why', 'trail'] },
    ),
  );
  await fc.assert(
    fc.asyncProperty(decision, async (stored) => {
      const entry = aHistoryEntry({ decision: { ...stored, trail: [...stored.trail] } });
      await history.put([entry]);
      const [read] = (await history.of('acme', 'web', { limit: 1_000 })).filter((each) => each.decision.id === stored.id);
      expect(read).toEqual(entry);
    }),
    { numRuns: 200 },
  );
});
