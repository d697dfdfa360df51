import { isList } from './item-size.ts';
import { migrateItem } from './migrate-item.ts';
import type { Item, Key, Value } from './table.ts';
import { UnreadableItem } from './unreadable-item.ts';

/** Of migrate-item.ts; those who write items need it beside this. */
export { itemSchema } from './migrate-item.ts';

/** Typed access to the attributes of a stored item or of a map within it; what does not fit throws `UnreadableItem`. */
export interface Fields {
  has(name: string): boolean;
  text(name: string): string;
  number(name: string): number;
  /** A whole number from 0, up to `most`: one that says how much work is to be done has to have an end. */
  count(name: string, most?: number): number;
  /** A count, or null as written. */
  countOrNull(name: string): number | null;
  flag(name: string): boolean;
  bytes(name: string): Uint8Array;
  oneOf<T extends string>(name: string, allowed: readonly T[]): T;
  fields(name: string): Fields;
  list(name: string): readonly Value[];
  names(): readonly string[];
  value(name: string): Value | undefined;
  /** Throws: the attribute is not as it should be. */
  fail(name: string, why: string): never;
}

/** The fields of an item, in today's form. */
export const readFields = (item: Item): Fields => {
  const key = { pk: item.pk, sk: item.sk };
  const migrated = migrateItem(item);
  if (!migrated.ok) throw new UnreadableItem(key, 'schema', item.schema === undefined ? 'is missing' : migrated.why);
  return fieldsOf(key, migrated.item, '');
};

/** The fields of a map that stands in a list; `prefix` says where, for whoever has to find it. */
export const fieldsWithin = (key: Key, value: Value, prefix: string): Fields => {
  if (!isMap(value)) throw new UnreadableItem(key, prefix.replace(/\.$/, ''), `should be a map and is ${show(value)}`);
  return fieldsOf(key, value, prefix);
};

const isMap = (value: Value | undefined): value is { readonly [name: string]: Value } =>
  value !== undefined && value !== null && typeof value === 'object' && !(value instanceof Uint8Array) && !isList(value);

const fieldsOf = (key: Key, map: { readonly [name: string]: Value }, prefix: string): Fields => {
  const at = (name: string): Value | undefined => (Object.hasOwn(map, name) ? map[name] : undefined);
  const fail = (name: string, why: string): never => {
    throw new UnreadableItem(key, prefix + name, why);
  };
  const expected = (name: string, what: string): never => fail(name, `should be ${what} and is ${show(at(name))}`);
  const text = (name: string): string => {
    const value = at(name);
    return typeof value === 'string' ? value : expected(name, 'text');
  };
  const count = (name: string, most = Number.MAX_SAFE_INTEGER): number => {
    const value = at(name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most) return value;
    return expected(name, `a whole number from 0${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`);
  };
  return {
    has: (name) => at(name) !== undefined,
    text,
    number: (name) => {
      const value = at(name);
      return typeof value === 'number' && Number.isFinite(value) ? value : expected(name, 'a number');
    },
    count,
    countOrNull: (name) => (at(name) === null ? null : count(name)),
    flag: (name) => {
      const value = at(name);
      return typeof value === 'boolean' ? value : expected(name, 'true or false');
    },
    bytes: (name) => {
      const value = at(name);
      return value instanceof Uint8Array ? value : expected(name, 'binary');
    },
    oneOf: (name, allowed) => {
      const value = text(name);
      return allowed.find((each) => each === value) ?? expected(name, `one of ${allowed.join(', ')}`);
    },
    fields: (name) => {
      const value = at(name);
      if (!isMap(value)) return expected(name, 'a map');
      return fieldsOf(key, value, `${prefix}${name}.`);
    },
    list: (name) => {
      const value = at(name);
      return value !== undefined && value !== null && typeof value === 'object' && !(value instanceof Uint8Array) && isList(value)
        ? value
        : expected(name, 'a list');
    },
    names: () => Object.keys(map),
    value: at,
    fail,
  };
};

/** Short and without content that may be secret or long. */
const show = (value: Value | undefined): string => {
  if (value === undefined) return 'missing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return `text of ${value.length} characters`;
  if (value instanceof Uint8Array) return `binary of ${value.byteLength} bytes`;
  return isList(value) ? 'a list' : 'a map';
};
