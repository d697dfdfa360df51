import type { Item, Value } from './table.ts';

/** UTF-8 length of a string, in bytes. */
export const utf8Length = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * Bytes that DynamoDB counts for a value: UTF-8 for strings, half a byte per significant digit and one more for numbers
 * (another for a sign), raw bytes for binary, one for null and booleans, three for a list or map and one for each of its
 * entries. Source: DynamoDB developer guide, "Item sizes and formats".
 */
export const valueSize = (value: Value): number => {
  if (typeof value === 'string') return utf8Length(value);
  if (typeof value === 'number') return numberSize(value);
  if (value === null || typeof value === 'boolean') return 1;
  if (value instanceof Uint8Array) return value.byteLength;
  if (isList(value)) return value.reduce<number>((sum, each) => sum + 1 + valueSize(each), 3);
  let size = 3;
  for (const [name, each] of Object.entries(value)) size += 1 + utf8Length(name) + valueSize(each);
  return size;
};

/** Sizes of items that cannot change any more: each is asked for at every read and write of the item. */
const sizes = new WeakMap<object, number>();

/** Bytes of a whole item, attribute names included: what is billed and what may be at most 400 KB. */
export const itemSize = (item: { readonly [attribute: string]: Value }): number => {
  const known = sizes.get(item);
  if (known !== undefined) return known;
  let size = 0;
  for (const [name, value] of Object.entries(item)) size += utf8Length(name) + valueSize(value);
  if (Object.isFrozen(item)) sizes.set(item, size);
  return size;
};

/** Write units of a write that leaves `after` where `before` was: the larger of the two, in whole kilobytes, at least 1. */
export const writeUnits = (before: Item | undefined, after: Item | undefined): number =>
  Math.max(1, Math.ceil(Math.max(before ? itemSize(before) : 0, after ? itemSize(after) : 0) / 1024));

/** Read units of `bytes` read together: whole 4 KB, at least one, half price when eventually consistent. */
export const readUnits = (bytes: number, consistent: boolean): number => Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);

const numberSize = (value: number): number => {
  const digits = String(Math.abs(value)).replace(/e.*$/, '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '').length;
  return Math.ceil(digits / 2) + 1 + (value < 0 ? 1 : 0);
};

/** `Array.isArray` that also narrows a readonly list. */
export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
