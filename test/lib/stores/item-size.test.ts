import { describe, expect, test } from 'vitest';
import { itemSize, readUnits, valueSize, writeUnits } from '../../../lib/stores/item-size.ts';
import type { Value } from '../../../lib/stores/table.ts';

describe('the size that DynamoDB counts', () => {
  test.each<[string, Value, number]>([
    ['text by its UTF-8 bytes', 'aä💧', 7],
    ['no text', '', 0],
    ['binary', Uint8Array.of(1, 2, 3), 3],
    ['true', true, 1],
    ['null', null, 1],
    ['zero', 0, 1],
    ['one digit', 7, 2],
    ['two digits', 42, 2],
    ['three digits', 123, 3],
    ['zeros at the end count nothing', 1_200_000, 2],
    ['zeros in front count nothing', 0.0012, 2],
    ['a sign counts one', -42, 3],
    ['a time in milliseconds', 1_789_000_000_123, 8],
    ['a large number', 1.5e100, 2],
    ['an empty list', [], 3],
    ['an empty map', {}, 3],
    ['a list', ['ab', 7], 3 + 1 + 2 + 1 + 2],
    ['a map', { ab: 7 }, 3 + 1 + 2 + 2],
  ])('%s', (_name, value, size) => {
    expect(valueSize(value)).toBe(size);
  });

  test('an item is the sum of its names and values', () => {
    expect(itemSize({ pk: 'abc', sk: 'd', n: 7 })).toBe(2 + 3 + 2 + 1 + 1 + 2);
  });

  test('units are whole', () => {
    const item = (bytes: number) => ({ pk: 'p', sk: 's', b: 'x'.repeat(bytes - 7) });
    expect(writeUnits(undefined, item(1_024))).toBe(1);
    expect(writeUnits(undefined, item(1_025))).toBe(2);
    expect(writeUnits(item(2_049), item(10))).toBe(3);
    expect(writeUnits(undefined, undefined)).toBe(1);
    expect([readUnits(0, true), readUnits(4_096, true), readUnits(4_097, true), readUnits(4_097, false)]).toEqual([1, 1, 2, 1]);
  });
});
