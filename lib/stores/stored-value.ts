import { isList } from './item-size.ts';
import type { Item, Value } from './table.ts';

/** A value that DynamoDB cannot hold; `where` is the path to it. */
export class UnstorableValue extends Error {
  override readonly name = 'UnstorableValue';
  constructor(where: string, what: string) {
    super(`${where} ${what}`);
  }
}

/** Maps and lists within each other; with the value inside them, that makes DynamoDB's 32 levels. */
const maxDepth = 31;
const tooLarge = 1e126;
const smallestNumber = 1e-130;

/**
 * A frozen copy of an item as DynamoDB would keep it; throws `UnstorableValue` for what it would refuse: undefined, NaN,
 * infinities, numbers outside its range, nesting over 32 levels, and anything that is not a plain value.
 */
export const storedItem = (item: Item): Item => {
  const copy: { [name: string]: Value } = Object.fromEntries(Object.entries(item).map(([name, value]) => [name, storedValue(value, name)]));
  return Object.freeze({ ...copy, pk: item.pk, sk: item.sk });
};

/** The same for one value. */
export const storedValue = (value: Value, where: string, depth = 1): Value => {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return storedNumber(value, where);
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (typeof value !== 'object') throw new UnstorableValue(where, `is ${typeof value}, which cannot be stored`);
  if (depth > maxDepth) throw new UnstorableValue(where, `lies in more than ${maxDepth} maps and lists within each other`);
  if (isList(value)) return Object.freeze(value.map((each, i) => storedValue(each, `${where}[${i}]`, depth + 1)));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new UnstorableValue(where, 'is an object of a class; only plain data can be stored');
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([name, each]) => [name, storedValue(each, `${where}.${name}`, depth + 1)])),
  );
};

const storedNumber = (value: number, where: string): number => {
  if (!Number.isFinite(value)) throw new UnstorableValue(where, `is ${value}, which is not a number that can be stored`);
  const size = Math.abs(value);
  if (size >= tooLarge || (size !== 0 && size < smallestNumber)) {
    throw new UnstorableValue(where, `is ${value}: numbers must lie between 1e-130 and 9.99e125 in size`);
  }
  return value === 0 ? 0 : value;
};

/** Whether two stored values are the same in DynamoDB's sense: type and content, maps without order. */
export const sameValue = (a: Value | undefined, b: Value | undefined): boolean => {
  if (a === b) return true;
  if (a === undefined || b === undefined || a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  }
  if (isList(a) || isList(b)) {
    return isList(a) && isList(b) && a.length === b.length && a.every((each, i) => sameValue(each, b[i]));
  }
  const left = Object.keys(a);
  return left.length === Object.keys(b).length && left.every((name) => Object.hasOwn(b, name) && sameValue(a[name], b[name]));
};
