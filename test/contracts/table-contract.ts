import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Condition, Item, Table } from '../../lib/stores/table.ts';
import type { Usage } from '../../lib/stores/usage.ts';

export interface TableUnderTest {
  readonly table: Table;
  readonly usage: () => Usage;
  readonly close?: () => Promise<void>;
}

/** What an emulator of DynamoDB is known to do otherwise than AWS: let through large expressions, count no index units. */
export type UnlikeAws = 'expression-size' | 'operators' | 'index-capacity';

/** What the stores rely on, held against each `Table`. Every test uses partitions of its own. */
export const tableContract = (name: string, make: () => Promise<TableUnderTest>, unlikeAws: readonly UnlikeAws[] = []): void => {
  describe(`a table: ${name}`, () => {
    let under: TableUnderTest;
    let table: Table;
    beforeAll(async () => {
      under = await make();
      table = under.table;
    }, 60_000);
    afterAll(() => under?.close?.());

    let partitions = 0;
    const partition = () => `acme#contract#${partitions++}#${Math.random().toString(36).slice(2)}`;
    const at = (pk: string, sk: string, attributes: Record<string, Item[string]> = {}): Item => ({ pk, sk, ...attributes });

    test('gives back every kind of value as it was put', async () => {
      const item: Item = {
        ...at(partition(), 'all'),
        text: 'ünï – 💧',
        blank: '',
        whole: 42,
        negative: -17.25,
        zero: 0,
        large: 1_789_000_000_123,
        tiny: 1.5e-9,
        yes: true,
        no: false,
        nothing: null,
        bytes: Uint8Array.from([0, 1, 254, 255]),
        list: [1, 'two', [false], null],
        map: { a: { b: { c: [{ d: 1 }] } }, 'odd name #:': 'x', size: 1 },
        emptyList: [],
        emptyMap: {},
        // Words that expressions reserve.
        name: 'n',
        status: 's',
      };
      expect(await table.put(item)).toBe('written');
      expect(await table.get(item, { consistent: true })).toEqual(item);
      expect(await table.getMany([item], { consistent: true })).toEqual([item]);
      expect(await table.query({ pk: item.pk, consistent: true })).toEqual([item]);
    });

    test('finds nothing where nothing is', async () => {
      const pk = partition();
      expect(await table.get({ pk, sk: 'none' })).toBeUndefined();
      expect(await table.getMany([])).toEqual([]);
      expect(await table.getMany([{ pk, sk: 'none' }])).toEqual([]);
      expect(await table.query({ pk })).toEqual([]);
      expect(await table.query({ pk, limit: 0 })).toEqual([]);
      expect(await table.query({ pk, from: 'b', to: 'a' })).toEqual([]);
      expect(await table.queryDue('due#nowhere', 1, 10)).toEqual([]);
    });

    test('a put replaces the whole item', async () => {
      const pk = partition();
      await table.put(at(pk, 'a', { x: 1, y: 2 }));
      await table.put(at(pk, 'a', { x: 3 }));
      expect(await table.get({ pk, sk: 'a' }, { consistent: true })).toEqual({ pk, sk: 'a', x: 3 });
    });

    test('what is changed in an item afterwards is not changed in the table', async () => {
      const pk = partition();
      const list: number[] = [1];
      await table.put(at(pk, 'a', { list }));
      list.push(2);
      expect((await table.get({ pk, sk: 'a' }, { consistent: true }))?.list).toEqual([1]);
    });

    describe('conditions', () => {
      test('absent lets one put through', async () => {
        const pk = partition();
        expect(await table.put(at(pk, 'a', { x: 1 }), { kind: 'absent' })).toBe('written');
        expect(await table.put(at(pk, 'a', { x: 2 }), { kind: 'absent' })).toBe('condition-failed');
        expect((await table.get({ pk, sk: 'a' }, { consistent: true }))?.x).toBe(1);
      });

      test('exists lets no update or delete make or miss an item', async () => {
        const key = { pk: partition(), sk: 'a' };
        expect(await table.update(key, { set: { x: 1 } }, { kind: 'exists' })).toBe('condition-failed');
        expect(await table.delete(key, { kind: 'exists' })).toBe('condition-failed');
        expect(await table.get(key, { consistent: true })).toBeUndefined();
        await table.put({ ...key, x: 1 });
        expect(await table.update(key, { set: { x: 2 } }, { kind: 'exists' })).toBe('written');
        expect(await table.delete(key, { kind: 'exists' })).toBe('written');
        expect(await table.get(key, { consistent: true })).toBeUndefined();
      });

      test.each([
        ['equal text', { kind: 'equals', attribute: 's', value: 'v' }, 'written'],
        ['other text', { kind: 'equals', attribute: 's', value: 'w' }, 'condition-failed'],
        ['equal number', { kind: 'equals', attribute: 'n', value: 5 }, 'written'],
        ['a number where text is', { kind: 'equals', attribute: 's', value: 5 }, 'condition-failed'],
        ['text where a number is', { kind: 'equals', attribute: 'n', value: '5' }, 'condition-failed'],
        ['a missing attribute', { kind: 'equals', attribute: 'gone', value: 5 }, 'condition-failed'],
        ['less', { kind: 'less-than', attribute: 'n', value: 6 }, 'written'],
        ['not less', { kind: 'less-than', attribute: 'n', value: 5 }, 'condition-failed'],
        ['less than what is missing', { kind: 'less-than', attribute: 'gone', value: 5 }, 'condition-failed'],
        ['less, of text', { kind: 'less-than', attribute: 's', value: 5 }, 'condition-failed'],
        ['any, the second holds', { kind: 'any', of: [{ kind: 'absent' }, { kind: 'less-than', attribute: 'n', value: 6 }] }, 'written'],
        ['any, none holds', { kind: 'any', of: [{ kind: 'absent' }, { kind: 'equals', attribute: 'n', value: 6 }] }, 'condition-failed'],
        ['any of one', { kind: 'any', of: [{ kind: 'exists' }] }, 'written'],
      ] as const)('%s', async (_name, condition, result) => {
        const key = { pk: partition(), sk: 'a' };
        const item = { ...key, s: 'v', n: 5 };
        await table.put(item);
        expect(await table.update(key, { set: { seen: true } }, condition)).toBe(result);
        expect(await table.get(key, { consistent: true })).toEqual(result === 'written' ? { ...item, seen: true } : item);
        await table.put(item);
        expect(await table.put({ ...key, s: 'other' }, condition)).toBe(result);
        await table.put(item);
        expect(await table.delete(key, condition)).toBe(result);
        expect(await table.get(key, { consistent: true })).toEqual(result === 'written' ? undefined : item);
      });

      test('of 500 commits at once of the same version one wins, version after version', async () => {
        const key = { pk: partition(), sk: 'control' };
        await table.put({ ...key, version: 0 });
        const winners: number[] = [];
        await Promise.all(
          Array.from({ length: 500 }, async (_, writer) => {
            // Ten versions, fifty writers each, all at once: whoever comes too early or too late for its version loses.
            const version = writer % 10;
            const result = await table.put(
              { ...key, version: version + 1, writer },
              { kind: 'equals', attribute: 'version', value: version },
            );
            if (result === 'written') winners.push(version);
          }),
        );
        expect(new Set(winners).size).toBe(winners.length);
        expect(winners).toContain(0);
        expect((await table.get(key, { consistent: true }))?.version).toBe(Math.max(...winners) + 1);
      }, 60_000);

      test('of 500 that add one at once every one is counted', async () => {
        const key = { pk: partition(), sk: 'counter' };
        await Promise.all(Array.from({ length: 500 }, () => table.update(key, { add: { n: 1 } })));
        expect((await table.get(key, { consistent: true }))?.n).toBe(500);
      }, 60_000);
    });

    describe('updates', () => {
      test('set, remove and add at once, and leave the rest', async () => {
        const key = { pk: partition(), sk: 'a' };
        await table.put({ ...key, stays: 's', goes: 'g', n: 1, map: { old: true } });
        await table.update(key, {
          set: { map: { fresh: [1] }, b: Uint8Array.of(7) },
          remove: ['goes', 'never-there'],
          add: { n: 2, fresh: -1 },
        });
        expect(await table.get(key, { consistent: true })).toEqual({
          ...key,
          stays: 's',
          n: 3,
          map: { fresh: [1] },
          b: Uint8Array.of(7),
          fresh: -1,
        });
      });

      test('make the item where there is none, with nothing to change, too', async () => {
        const key = { pk: partition(), sk: 'a' };
        await table.update(key, {});
        expect(await table.get(key, { consistent: true })).toEqual(key);
        const other = { ...key, sk: 'b' };
        await table.update(other, { set: { x: 1 }, remove: ['y'] });
        expect(await table.get(other, { consistent: true })).toEqual({ ...other, x: 1 });
      });
    });

    describe('queries', () => {
      test('give a range of a partition in order, either way, with both bounds in it', async () => {
        const pk = partition();
        await table.putMany(['c', 'a#2', 'a#1', 'b', 'a'].map((sk) => at(pk, sk)));
        await table.put(at(`${pk}x`, 'b'));
        const found = async (query: object) => (await table.query({ pk, consistent: true, ...query })).map((item) => item.sk);
        expect(await found({})).toEqual(['a', 'a#1', 'a#2', 'b', 'c']);
        expect(await found({ from: 'a#1', to: 'b' })).toEqual(['a#1', 'a#2', 'b']);
        expect(await found({ from: 'a#', to: 'a$' })).toEqual(['a#1', 'a#2']);
        expect(await found({ from: 'b' })).toEqual(['b', 'c']);
        expect(await found({ to: 'a#1' })).toEqual(['a', 'a#1']);
        expect(await found({ reverse: true, limit: 2 })).toEqual(['c', 'b']);
        expect(await found({ limit: 1 })).toEqual(['a']);
        expect(await found({ limit: 99 })).toHaveLength(5);
      });

      test('order sort keys by their UTF-8 bytes', async () => {
        const pk = partition();
        const sorted = ['-', 'A', 'a', 'ä', '\uffee', '💧'];
        await table.putMany([...sorted].reverse().map((sk) => at(pk, sk)));
        expect((await table.query({ pk, consistent: true })).map((item) => item.sk)).toEqual(sorted);
      });

      test('follow the pages of 1 MB to the end', async () => {
        const pk = partition();
        const body = 'x'.repeat(300_000);
        for (const sk of ['1', '2', '3', '4', '5', '6', '7']) await table.put(at(pk, sk, { body }));
        const before = under.usage().calls.Query;
        expect((await table.query({ pk, consistent: true })).map((item) => item.sk)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
        expect(under.usage().calls.Query - before).toBeGreaterThan(1);
        expect((await table.query({ pk, consistent: true, limit: 5 })).map((item) => item.sk)).toEqual(['1', '2', '3', '4', '5']);
      }, 60_000);
    });

    describe('many at once', () => {
      test('put, get and delete more than one batch, keys named twice once', async () => {
        const pk = partition();
        const items = Array.from({ length: 130 }, (_, i) => at(pk, String(i).padStart(3, '0'), { i }));
        await table.putMany([at(pk, '000', { i: -1 }), ...items]);
        const found = await table.getMany([...items, at(pk, '000'), at(pk, 'none')], { consistent: true });
        expect(found.sort((a, b) => Number(a.i) - Number(b.i))).toEqual(items);
        await table.deleteMany([...items.slice(1), at(pk, '129'), at(pk, 'none')]);
        expect(await table.query({ pk, consistent: true })).toEqual([items[0]]);
        await table.putMany([]);
        await table.deleteMany([]);
      });
    });

    describe('the index of what is due', () => {
      test('holds items that carry both attributes, soonest first, with their keys alone', async () => {
        const pk = partition();
        const shard = `due#${pk}`;
        await table.put(at(pk, 'late', { due_shard: shard, due_at: 300, body: 'x' }));
        await table.put(at(pk, 'soon', { due_shard: shard, due_at: 100, body: 'x' }));
        await table.put(at(pk, 'mid', { due_shard: shard, due_at: 200 }));
        await table.put(at(pk, 'later', { due_shard: shard, due_at: 301 }));
        await table.put(at(pk, 'half', { due_shard: shard }));
        await table.put(at(pk, 'other', { due_shard: `${shard}x`, due_at: 1 }));
        await settled();
        const entry = (sk: string, due_at: number) => ({ pk, sk, due_shard: shard, due_at });
        expect(await table.queryDue(shard, 300, 10)).toEqual([entry('soon', 100), entry('mid', 200), entry('late', 300)]);
        expect(await table.queryDue(shard, 300, 2)).toEqual([entry('soon', 100), entry('mid', 200)]);
        expect(await table.queryDue(shard, 99, 10)).toEqual([]);
        expect(await table.queryDue(shard, 300, 0)).toEqual([]);
      });

      test('follows updates and deletes', async () => {
        const pk = partition();
        const shard = `due#${pk}`;
        const key = { pk, sk: 'a' };
        await table.put({ ...key, due_shard: shard, due_at: 100 });
        await table.update(key, { set: { due_at: 500 } });
        await settled();
        expect(await table.queryDue(shard, 100, 10)).toEqual([]);
        expect(await table.queryDue(shard, 500, 10)).toHaveLength(1);
        await table.update(key, { remove: ['due_at'] });
        await settled();
        expect(await table.queryDue(shard, 500, 10)).toEqual([]);
        await table.update(key, { set: { due_at: 1 } });
        await table.delete(key);
        await settled();
        expect(await table.queryDue(shard, 500, 10)).toEqual([]);
      });
    });

    describe('what is refused, with the reason', () => {
      const invalid = { name: 'AwsFailure', kind: 'invalid' };
      test.each([
        ['NaN', Number.NaN],
        ['infinity', Number.POSITIVE_INFINITY],
        ['a number too large', 1e126],
        ['a number too small', 1e-131],
        ['nothing at all', undefined as unknown as null],
        ['a date', new Date(0) as unknown as null],
        ['NaN within a map', { deep: [Number.NaN] }],
      ])('a value that is %s', async (_name, value) => {
        const pk = partition();
        await expect(table.put(at(pk, 'a', { value }))).rejects.toMatchObject({ ...invalid, action: 'dynamodb:PutItem' });
        await expect(table.update({ pk, sk: 'a' }, { set: { value } })).rejects.toMatchObject({
          ...invalid,
          action: 'dynamodb:UpdateItem',
        });
        await expect(table.putMany([at(pk, 'a', { value })])).rejects.toMatchObject({ ...invalid, action: 'dynamodb:BatchWriteItem' });
        expect(await table.query({ pk, consistent: true })).toEqual([]);
      });

      test('a key that is empty', async () => {
        await expect(table.put(at('', 'a'))).rejects.toMatchObject(invalid);
        await expect(table.put(at(partition(), ''))).rejects.toMatchObject(invalid);
      });

      test('adding to what is not a number', async () => {
        const key = { pk: partition(), sk: 'a' };
        await table.put({ ...key, n: 'text' });
        await expect(table.update(key, { add: { n: 1 } })).rejects.toMatchObject(invalid);
      });

      test('an update of the key, or of one attribute twice', async () => {
        const key = { pk: partition(), sk: 'a' };
        await table.put(key);
        await expect(table.update(key, { set: { sk: 'b' } })).rejects.toMatchObject(invalid);
        await expect(table.update(key, { set: { x: 1 }, remove: ['x'] })).rejects.toMatchObject(invalid);
      });

      test('an index key of the wrong type', async () => {
        const pk = partition();
        await expect(table.put(at(pk, 'a', { due_shard: 1, due_at: 1 }))).rejects.toMatchObject(invalid);
        await expect(table.put(at(pk, 'a', { due_shard: 's', due_at: 'soon' }))).rejects.toMatchObject(invalid);
      });

      describe('beyond the limits', () => {
        test('an item over 400 KB; one of exactly that size is stored', async () => {
          const pk = partition();
          const room = 400 * 1024 - (2 + Buffer.byteLength(pk) + 2 + 1 + 4);
          await table.put(at(pk, 'a', { body: 'x'.repeat(room) }));
          await expect(table.put(at(pk, 'b', { body: 'x'.repeat(room + 1) }))).rejects.toMatchObject(invalid);
          await expect(table.update({ pk, sk: 'a' }, { set: { more: 'x' } })).rejects.toMatchObject(invalid);
          expect(await table.get({ pk, sk: 'b' }, { consistent: true })).toBeUndefined();
        });

        test('a partition key over 2 KB and a sort key over 1 KB', async () => {
          await table.put(at('p'.repeat(2_048), 's'.repeat(1_024)));
          await expect(table.put(at('p'.repeat(2_049), 's'))).rejects.toMatchObject(invalid);
          await expect(table.put(at('p', 's'.repeat(1_025)))).rejects.toMatchObject(invalid);
        });

        test.skipIf(unlikeAws.includes('expression-size'))('an expression over 4 KB', async () => {
          const key = { pk: partition(), sk: 'a' };
          const attributes = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, i]));
          expect(await table.update(key, { set: attributes(320) })).toBe('written');
          await expect(table.update(key, { set: attributes(400) })).rejects.toMatchObject(invalid);
        });

        test.skipIf(unlikeAws.includes('operators'))('an expression of over 300 operators', async () => {
          const key = { pk: partition(), sk: 'a' };
          // 150 functions and the 149 times OR between them.
          const any = (count: number): Condition => ({
            kind: 'any',
            of: Array.from({ length: count }, () => ({ kind: 'exists' as const })),
          });
          await table.put(key);
          expect(await table.put(key, any(150))).toBe('written');
          await expect(table.put(key, any(151))).rejects.toMatchObject(invalid);
        });

        test('a value in over 31 maps and lists within each other', async () => {
          const pk = partition();
          const nested = (levels: number): Item[string] =>
            levels === 0 ? 1 : levels % 2 ? { in: nested(levels - 1) } : [nested(levels - 1)];
          expect(await table.put(at(pk, 'a', { value: nested(31) }))).toBe('written');
          await expect(table.put(at(pk, 'b', { value: nested(32) }))).rejects.toMatchObject(invalid);
        });
      });
    });

    describe('what it costs', () => {
      const spent = async (work: () => Promise<unknown>) => {
        const before = under.usage();
        await work();
        const after = under.usage();
        return {
          consistent: after.consistentReadUnits - before.consistentReadUnits,
          eventual: after.eventualReadUnits - before.eventualReadUnits,
          write: after.writeUnits - before.writeUnits,
          index: after.indexWriteUnits - before.indexWriteUnits,
        };
      };

      test('a write unit for each kilobyte of the whole item, the larger of before and after', async () => {
        const key = { pk: partition(), sk: 'a' };
        const small = { ...key, body: 'x'.repeat(500) };
        const large = { ...key, body: 'x'.repeat(2_500) };
        expect(await spent(() => table.put(small))).toMatchObject({ write: 1, index: 0 });
        expect(await spent(() => table.put(large))).toMatchObject({ write: 3 });
        expect(await spent(() => table.update(key, { set: { n: 1 } }))).toMatchObject({ write: 3 });
        expect(await spent(() => table.put(small))).toMatchObject({ write: 3 });
        expect(await spent(() => table.put(small))).toMatchObject({ write: 1 });
        expect(await spent(() => table.delete(key))).toMatchObject({ write: 1 });
      });

      test('a read unit for each 4 KB, half where it need not be consistent; a query is rounded up as a whole', async () => {
        const pk = partition();
        const items = ['1', '2', '3'].map((sk) => at(pk, sk, { body: 'x'.repeat(1_500) }));
        await table.putMany(items);
        const [first] = items;
        expect(await spent(() => table.get(first ?? { pk, sk: '1' }))).toMatchObject({ eventual: 0.5, consistent: 0 });
        expect(await spent(() => table.get(first ?? { pk, sk: '1' }, { consistent: true }))).toMatchObject({ eventual: 0, consistent: 1 });
        expect(await spent(() => table.query({ pk, consistent: true }))).toMatchObject({ consistent: 2 });
        expect(await spent(() => table.query({ pk }))).toMatchObject({ eventual: 1 });
        expect(await spent(() => table.getMany(items, { consistent: true }))).toMatchObject({ consistent: 3 });
      });

      test.skipIf(unlikeAws.includes('index-capacity'))('index units only when what the index holds changes', async () => {
        const key = { pk: partition(), sk: 'a' };
        expect(await spent(() => table.put({ ...key, due_shard: `d#${key.pk}`, due_at: 1, n: 0 }))).toMatchObject({ write: 1, index: 1 });
        expect(await spent(() => table.update(key, { set: { n: 1 } }))).toMatchObject({ write: 1, index: 0 });
        expect(await spent(() => table.update(key, { set: { due_at: 2 } }))).toMatchObject({ write: 1, index: 2 });
        expect(await spent(() => table.delete(key))).toMatchObject({ write: 1, index: 1 });
      });
    });
  });
};

/** An index follows its table within a moment, not at once. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
