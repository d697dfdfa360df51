import { AwsFailure } from '../aws/aws-failure.ts';
import { compareBytes } from './byte-order.ts';
import type { Expression } from './expression.ts';
import { itemSize, utf8Length } from './item-size.ts';
import { storedItem, UnstorableValue } from './stored-value.ts';
import type { Changes, Item, Key, Query } from './table.ts';
import type { Operation } from './usage.ts';

/** DynamoDB's limits of items and expressions, in bytes unless said otherwise. Source: developer guide, "Quotas". */
export const tableLimits = {
  item: 400 * 1024,
  partitionKey: 2_048,
  sortKey: 1_024,
  expression: 4_096,
  /** Operators and functions in one expression. */
  operators: 300,
  page: 1024 * 1024,
} as const;

/** A request that DynamoDB refuses as it is. */
export const refused = (operation: Operation, message: string): AwsFailure => new AwsFailure('invalid', `dynamodb:${operation}`, message);

export const checkKey = (operation: Operation, key: Key): void => {
  for (const [name, value, limit] of [
    ['pk', key.pk, tableLimits.partitionKey],
    ['sk', key.sk, tableLimits.sortKey],
  ] as const) {
    if (typeof value !== 'string' || value === '') throw refused(operation, `the key attribute ${name} must be a string that is not empty`);
    const size = utf8Length(value);
    if (size > limit) throw refused(operation, `the key attribute ${name} has ${size} bytes; at most ${limit} are allowed`);
  }
};

/** A frozen copy of the item, once nothing about it would be refused. */
export const checkedItem = (operation: Operation, item: Item): Item => {
  checkKey(operation, item);
  let stored: Item;
  try {
    stored = storedItem(item);
  } catch (error) {
    if (error instanceof UnstorableValue) throw refused(operation, `${item.pk} ${item.sk}: ${error.message}`);
    throw error;
  }
  if (stored.due_shard !== undefined && (typeof stored.due_shard !== 'string' || stored.due_shard === '')) {
    throw refused(operation, 'due_shard is a key of the index "due": it must be a string that is not empty');
  }
  if (stored.due_at !== undefined && typeof stored.due_at !== 'number') {
    throw refused(operation, 'due_at is a key of the index "due": it must be a number');
  }
  const size = itemSize(stored);
  if (size > tableLimits.item) throw refused(operation, `${item.pk} ${item.sk} has ${size} bytes; an item may have ${tableLimits.item}`);
  return stored;
};

export const checkExpression = (operation: Operation, expression: Expression | undefined): void => {
  if (!expression) return;
  const size = utf8Length(expression.text);
  if (size > tableLimits.expression)
    throw refused(operation, `an expression of ${size} bytes; at most ${tableLimits.expression} are allowed`);
  if (expression.operators > tableLimits.operators) {
    throw refused(operation, `an expression of ${expression.operators} operators; at most ${tableLimits.operators} are allowed`);
  }
};

export const checkChanges = (operation: Operation, changes: Changes): void => {
  const seen = new Set<string>();
  for (const name of [...Object.keys(changes.set ?? {}), ...(changes.remove ?? []), ...Object.keys(changes.add ?? {})]) {
    if (name === 'pk' || name === 'sk') throw refused(operation, `${name} is part of the key and cannot be changed`);
    if (seen.has(name)) throw refused(operation, `${name} is changed twice in one update`);
    seen.add(name);
  }
};

/** Queries that can hold nothing are answered without a call: DynamoDB refuses bounds that cross and a limit of 0. */
export const isEmptyRange = (query: Query): boolean =>
  (query.limit !== undefined && query.limit <= 0) ||
  (query.from !== undefined && query.to !== undefined && compareBytes(query.from, query.to) > 0);

/** Bytes of each page of a query: DynamoDB ends a page once 1 MB is read. A query that finds nothing is one page, too. */
export const pages = (sizes: readonly number[]): number[] => {
  const found: number[] = [];
  let bytes = 0;
  for (const size of sizes) {
    bytes += size;
    if (bytes < tableLimits.page) continue;
    found.push(bytes);
    bytes = 0;
  }
  return bytes > 0 || found.length === 0 ? [...found, bytes] : found;
};
