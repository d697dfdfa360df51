import { describe, expect, test } from 'vitest';
import type { MemoryTableOptions, TableChange } from '../../../lib/stores/memory-table.ts';
import { createMemoryTable } from '../../../lib/stores/memory-table.ts';
import type { Item } from '../../../lib/stores/table.ts';
import { usageBetween } from '../../../lib/stores/usage.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';
import { minutes, seconds, T0 } from '../../builders/times.ts';

const make = (options: Partial<MemoryTableOptions> = {}) => {
  const clock = createVirtualClock(T0);
  return { clock, table: createMemoryTable({ clock, ...options }) };
};
const item = (sk: string, attributes: Record<string, Item[string]> = {}): Item => ({ pk: 'p', sk, ...attributes });
const kilobytes = (count: number) => 'x'.repeat(count * 1_024 - 100);

describe('a partition gives 1,000 write and 3,000 read units a second', () => {
  const throttled = { name: 'AwsFailure', kind: 'throttled' };

  test('the write after the thousandth is throttled and leaves nothing, until time has passed; other partitions go on', async () => {
    const { table, clock } = make();
    for (let i = 0; i < 1_000; i++) await table.put(item(String(i)));
    await expect(table.put(item('one too many'))).rejects.toMatchObject({ ...throttled, action: 'dynamodb:PutItem' });
    await expect(table.update(item('1'), { set: { x: 1 } })).rejects.toMatchObject(throttled);
    await expect(table.delete(item('1'))).rejects.toMatchObject(throttled);
    expect(await table.put({ pk: 'q', sk: '1' })).toBe('written');
    expect(await table.query({ pk: 'p', consistent: true })).toHaveLength(1_000);
    expect(table.usage().throttles).toBe(3);
    await clock.advance(500);
    for (let i = 0; i < 500; i++) await table.put(item(`later ${i}`));
    await expect(table.put(item('one too many'))).rejects.toMatchObject(throttled);
  });

  test('large items use it up sooner', async () => {
    const { table } = make();
    for (let i = 0; i < 10; i++) await table.put(item(String(i), { body: kilobytes(100) }));
    await expect(table.put(item('more'))).rejects.toMatchObject(throttled);
  });

  test('reads are throttled apart from writes', async () => {
    const { table } = make();
    await table.put(item('a', { body: kilobytes(400) }));
    for (let i = 0; i < 30; i++) await table.get(item('a'), { consistent: true });
    await expect(table.get(item('a'), { consistent: true })).rejects.toMatchObject(throttled);
    await expect(table.query({ pk: 'p' })).rejects.toMatchObject(throttled);
    expect(await table.put(item('b'))).toBe('written');
  });

  test('a partition of the index has its own limit', async () => {
    const { table } = make();
    for (let i = 0; i < 1_000; i++) await table.put({ pk: `p${i}`, sk: 'a', due_shard: 'due#0', due_at: i });
    await expect(table.put({ pk: 'q', sk: 'a', due_shard: 'due#0', due_at: 1 })).rejects.toMatchObject(throttled);
    expect(await table.put({ pk: 'q', sk: 'a', due_shard: 'due#1', due_at: 1 })).toBe('written');
    expect(await table.update({ pk: 'p1', sk: 'a' }, { set: { n: 1 } })).toBe('written');
  });

  test('a batch waits for what was throttled instead of losing it', async () => {
    const { table, clock } = make();
    const items = Array.from({ length: 1_200 }, (_, i) => item(String(i)));
    let done = false;
    const batch = table.putMany(items).then(() => {
      done = true;
    });
    await clock.advance(0);
    expect(done).toBe(false);
    await clock.advance(seconds(5));
    await batch;
    expect(await table.query({ pk: 'p' })).toHaveLength(1_200);
  });

  test('it can be switched off', async () => {
    const { table } = make({ throttle: false });
    for (let i = 0; i < 1_500; i++) await table.put(item(String(i)));
    expect(table.items()).toHaveLength(1_500);
  });
});

describe('limits of requests', () => {
  test('a batch read gives 16 MB at a time and is asked again for the rest', async () => {
    const { table, clock } = make({ throttle: false });
    const items = Array.from({ length: 50 }, (_, i) => item(String(i), { body: kilobytes(399) }));
    await table.putMany(items);
    const before = table.usage();
    const read = table.getMany(items);
    await clock.advance(seconds(1));
    expect(await read).toHaveLength(50);
    expect(usageBetween(before, table.usage()).calls.BatchGetItem).toBe(2);
  });

  test('25 items a batch write, 100 keys a batch read, 1 MB a page', async () => {
    const { table } = make({ throttle: false });
    const items = Array.from({ length: 101 }, (_, i) => item(String(i), { body: kilobytes(20) }));
    await table.putMany(items);
    await table.getMany(items);
    await table.query({ pk: 'p' });
    await table.deleteMany(items);
    expect(table.usage().calls).toMatchObject({ BatchWriteItem: 10, BatchGetItem: 2, Query: 2 });
  });
});

describe('a condition that fails is paid for', () => {
  test('by the size of the item that is there, one unit where none is', async () => {
    const { table } = make();
    await table.put(item('a', { body: kilobytes(3) }));
    const before = table.usage();
    await table.put(item('a'), { kind: 'absent' });
    await table.put(item('b'), { kind: 'exists' });
    expect(usageBetween(before, table.usage())).toMatchObject({ writeUnits: 4, conditionFailures: 2 });
  });
});

describe('items that expire', () => {
  const expires = (at: number) => Math.floor(at / 1_000);

  test('are gone from then on, for reads, queries, the index and conditions', async () => {
    const { table, clock } = make();
    await table.put(item('a', { expires: expires(T0 + seconds(10)), due_shard: 'd', due_at: 1 }));
    await table.put(item('stays', { due_shard: 'd', due_at: 2 }));
    await clock.advance(seconds(9));
    expect(await table.get(item('a'))).toBeDefined();
    await clock.advance(seconds(1));
    expect((await table.queryDue('d', 9, 9)).map(({ sk }) => sk)).toEqual(['stays']);
    expect((await table.query({ pk: 'p' })).map(({ sk }) => sk)).toEqual(['stays']);
    expect(await table.get(item('a'))).toBeUndefined();
    expect(await table.put(item('a'), { kind: 'absent' })).toBe('written');
  });

  test('are on the stream when they go, even if nobody asks for them', async () => {
    const changes: TableChange[] = [];
    const { table, clock } = make({ onChange: (change) => changes.push(change) });
    await table.put(item('a', { expires: expires(T0 + seconds(10)) }));
    await clock.advance(minutes(2));
    await table.put({ pk: 'q', sk: 'elsewhere' });
    expect(changes.map((change) => [change.old?.sk, change.new?.sk])).toEqual([
      [undefined, 'a'],
      ['a', undefined],
      [undefined, 'elsewhere'],
    ]);
  });

  test('may stay long after, as DynamoDB lets them', async () => {
    const { table, clock } = make({ ttlDelayMs: minutes(60) });
    await table.put(item('a', { expires: expires(T0) }));
    await clock.advance(minutes(59));
    expect(await table.get(item('a'))).toBeDefined();
    await clock.advance(minutes(1));
    expect(await table.get(item('a'))).toBeUndefined();
  });
});

describe('the stream', () => {
  test('tells of each write that changed something, old and new, in commit order', async () => {
    const changes: TableChange[] = [];
    const { table } = make({ onChange: (change) => changes.push(change) });
    await table.put(item('a', { n: 1 }));
    await table.put(item('a', { n: 1 }));
    await table.put(item('a', { n: 9 }), { kind: 'absent' });
    await Promise.all([table.update(item('a'), { add: { n: 1 } }), table.update(item('a'), { add: { n: 1 } })]);
    await table.putMany([item('b')]);
    await table.delete(item('a'));
    await table.delete(item('a'));
    await table.deleteMany([item('b')]);
    expect(changes).toEqual([
      { new: item('a', { n: 1 }) },
      { old: item('a', { n: 1 }), new: item('a', { n: 2 }) },
      { old: item('a', { n: 2 }), new: item('a', { n: 3 }) },
      { new: item('b') },
      { old: item('a', { n: 3 }) },
      { old: item('b') },
    ]);
  });
});

test('what is read cannot be changed in the table by its reader', async () => {
  const { table } = make();
  await table.put(item('a', { map: { list: [1] } }));
  const read = await table.get(item('a'));
  expect(() => Object.assign(read ?? {}, { map: 2 })).toThrow(TypeError);
  expect(await table.get(item('a'))).toEqual(item('a', { map: { list: [1] } }));
});
