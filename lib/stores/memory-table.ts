import { AwsFailure } from '../aws/aws-failure.ts';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { batchLimits, sendInBatches, uniqueByKey } from './batches.ts';
import { conditionExpression, placeholders, updateExpression } from './expression.ts';
import { itemSize, readUnits, writeUnits } from './item-size.ts';
import { createMemoryItems } from './memory-items.ts';
import { createPartitionLimits } from './partition-limits.ts';
import { sameValue } from './stored-value.ts';
import type { Condition, Item, Key, Table, WriteResult } from './table.ts';
import { checkChanges, checkExpression, checkedItem, checkKey, isEmptyRange, pages } from './table-rules.ts';
import type { Operation, Usage } from './usage.ts';
import { createUsageMeter } from './usage.ts';
import { changed, holds, indexWrites } from './write-semantics.ts';

/** What the table's stream would carry of one write, in commit order. */
export interface TableChange {
  readonly old?: Item;
  readonly new?: Item;
}

export interface MemoryTableOptions {
  readonly clock: Clock;
  readonly random?: Random;
  /** Refuse what exceeds a partition's 1,000 write and 3,000 read units a second. Default: true. */
  readonly throttle?: boolean;
  /** How long after `expires` an item goes; DynamoDB takes up to days, so nothing may rely on it. Default: 0. */
  readonly ttlDelayMs?: number;
  /** Called within the write, so that the order of calls is the order of commits. */
  readonly onChange?: (change: TableChange) => void;
}

export interface MemoryTable extends Table {
  usage(): Usage;
  /** All items, for tests and dumps; not metered. */
  items(): Item[];
}

/** How often everything is searched for what has expired; what is read in between is looked at as it is read. */
const sweepEveryMs = 60_000;

/**
 * A table in memory that refuses, throttles, bills and streams as DynamoDB does. Failures are `AwsFailure`, of kind
 * "invalid" or "throttled". Items that it returns are frozen.
 */
export const createMemoryTable = (options: MemoryTableOptions): MemoryTable => {
  const { clock, throttle = true, ttlDelayMs = 0, onChange } = options;
  const items = createMemoryItems();
  const limits = createPartitionLimits(clock);
  const meter = createUsageMeter();
  let sweptAt = clock.now();

  const jitter = () => (options.random?.bytes(1)[0] ?? 0) / 255;
  const spend = (operation: Operation, kind: 'read' | 'write', partition: string, units: number) => {
    if (!throttle || limits.take(partition, kind, units)) return;
    meter.throttled();
    throw new AwsFailure('throttled', `dynamodb:${operation}`, `partition ${partition} has no ${kind} capacity left in this second`);
  };

  const expired = (item: Item) => typeof item.expires === 'number' && item.expires * 1_000 + ttlDelayMs <= clock.now();
  const live = (item: Item | undefined): Item | undefined => {
    if (!item || !expired(item)) return item;
    items.delete(item);
    onChange?.({ old: item });
    return undefined;
  };
  const sweep = () => {
    if (clock.now() - sweptAt < sweepEveryMs) return;
    sweptAt = clock.now();
    for (const item of items.all()) live(item);
  };

  /** One write, from the check of its condition to the stream. `next` makes the new item of the old one; undefined deletes. */
  const write = (
    operation: Operation,
    key: Key,
    condition: Condition | undefined,
    next: (before: Item | undefined) => Item | undefined,
  ): WriteResult => {
    sweep();
    checkKey(operation, key);
    if (condition) checkExpression(operation, conditionExpression(condition, placeholders()));
    const before = live(items.get(key));
    if (condition && !holds(condition, before)) {
      const units = writeUnits(before, undefined);
      spend(operation, 'write', key.pk, units);
      meter.write(units, 0);
      meter.conditionFailed();
      return 'condition-failed';
    }
    const after = next(before);
    const units = writeUnits(before, after);
    const index = indexWrites(before, after);
    spend(operation, 'write', key.pk, units);
    for (const shard of index) spend(operation, 'write', `index due ${shard}`, 1);
    meter.write(units, index.length);
    if (after) items.put(after);
    else items.delete(key);
    // A write that changes nothing leaves no record on the stream.
    if (!sameValue(before, after)) onChange?.({ ...(before && { old: before }), ...(after && { new: after }) });
    return 'written';
  };

  const batches = (operation: Operation) => ({ clock, random: jitter, action: `dynamodb:${operation}` });
  const takenUnlessThrottled = (work: () => void): boolean => {
    try {
      work();
      return true;
    } catch (error) {
      if (error instanceof AwsFailure && error.kind === 'throttled') return false;
      throw error;
    }
  };
  const writeBatch = (keys: readonly Key[], each: (key: Key) => void) =>
    sendInBatches(
      keys,
      batchLimits.writes,
      async (batch) => {
        meter.call('BatchWriteItem');
        return batch.filter((key) => !takenUnlessThrottled(() => each(key)));
      },
      batches('BatchWriteItem'),
    );

  return {
    async get(key, { consistent = false } = {}) {
      meter.call('GetItem');
      checkKey('GetItem', key);
      const item = live(items.get(key));
      const units = readUnits(item ? itemSize(item) : 0, consistent);
      spend('GetItem', 'read', key.pk, units);
      meter.read(units, consistent);
      return item;
    },

    async getMany(keys, { consistent = false } = {}) {
      const found: Item[] = [];
      const read = async (batch: readonly Key[]): Promise<readonly Key[]> => {
        meter.call('BatchGetItem');
        let bytes = 0;
        return batch.filter((key) => {
          checkKey('BatchGetItem', key);
          const item = live(items.get(key));
          const size = item ? itemSize(item) : 0;
          if (bytes + size > batchLimits.readBytes) return true;
          const units = readUnits(size, consistent);
          if (!takenUnlessThrottled(() => spend('BatchGetItem', 'read', key.pk, units))) return true;
          meter.read(units, consistent);
          bytes += size;
          if (item) found.push(item);
          return false;
        });
      };
      await sendInBatches(uniqueByKey(keys), batchLimits.reads, read, batches('BatchGetItem'));
      return found;
    },

    async put(item, condition) {
      meter.call('PutItem');
      const stored = checkedItem('PutItem', item);
      return write('PutItem', item, condition, () => stored);
    },

    async update(key, changes, condition) {
      meter.call('UpdateItem');
      checkExpression('UpdateItem', updateExpression(changes, placeholders()));
      checkChanges('UpdateItem', changes);
      return write('UpdateItem', key, condition, (before) =>
        checkedItem('UpdateItem', changed(before ?? { pk: key.pk, sk: key.sk }, changes)),
      );
    },

    async delete(key, condition) {
      meter.call('DeleteItem');
      return write('DeleteItem', key, condition, () => undefined);
    },

    async putMany(all) {
      const stored = uniqueByKey(all).map((item) => checkedItem('BatchWriteItem', item));
      const byKey = new Map<Key, Item>(stored.map((item) => [item, item]));
      await writeBatch(stored, (key) => write('BatchWriteItem', key, undefined, () => byKey.get(key)));
    },

    async deleteMany(keys) {
      await writeBatch(uniqueByKey(keys), (key) => write('BatchWriteItem', key, undefined, () => undefined));
    },

    async query(query) {
      sweep();
      if (isEmptyRange(query)) return [];
      checkKey('Query', { pk: query.pk, sk: query.from ?? '-' });
      checkKey('Query', { pk: query.pk, sk: query.to ?? '-' });
      const range = items.range(query.pk, query.from, query.to).filter((item) => live(item));
      if (query.reverse) range.reverse();
      const wanted = range.slice(0, query.limit);
      for (const bytes of pages(wanted.map(itemSize))) {
        meter.call('Query');
        const units = readUnits(bytes, query.consistent ?? false);
        spend('Query', 'read', query.pk, units);
        meter.read(units, query.consistent ?? false);
      }
      return wanted;
    },

    async queryDue(shard, until, limit) {
      sweep();
      if (limit <= 0) return [];
      const wanted = items
        .due(shard, until)
        .filter((entry) => live(items.get(entry)))
        .slice(0, limit);
      for (const bytes of pages(wanted.map(itemSize))) {
        meter.call('Query');
        const units = readUnits(bytes, false);
        spend('Query', 'read', `index due ${shard}`, units);
        meter.read(units, false);
      }
      return wanted;
    },

    usage: meter.total,
    items: () => items.all().filter((item) => !expired(item)),
  };
};
