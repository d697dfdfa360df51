import { isKeyName } from './key-name.ts';
import { keys } from './keys.ts';
import { itemSchema } from './read-fields.ts';
import type { Key, Table } from './table.ts';
import { type ListOptions, readable, UnreadableItem } from './unreadable-item.ts';

export interface CollectKey {
  readonly customer: string;
  readonly group: string;
}

/** The groups that metrics are collected for. */
export interface CollectStore {
  all(limit: number): Promise<CollectKey[]>;
  /** Adding twice is adding once. Comes before the service's policy is stored, so that none is stored that nobody collects for. */
  add(key: CollectKey, now: number): Promise<void>;
  /** For a group that was seen to have no such target any more; stays if it was added within the last ten minutes. */
  drop(key: CollectKey, now: number): Promise<void>;
}

export interface CollectStoreOptions extends ListOptions {
  /** Partitions of the index; may grow, never shrink. Default: 1. */
  readonly shards?: number;
}

/** What was seen of a group's policies, eventually consistent as it is, is not older than that. */
const SETTLED_MS = 600_000;

/**
 * One small item per group in a sparse index of its own beside that of what is due: collect reads the whole list by one query of
 * keys. It is written when a policy is, not by collecting. One that is dropped leaves the index, so that collect need not delete.
 */
export const createCollectStore = (table: Table, options: CollectStoreOptions = {}): CollectStore => {
  const { shards = 1 } = options;
  return {
    async all(limit) {
      const found = await Promise.all(
        Array.from({ length: shards }, (_, shard) => table.queryDue(shardName(shard), Number.MAX_SAFE_INTEGER, limit)),
      );
      return readable(found.flat().slice(0, limit), parseKey, options);
    },

    async add({ customer, group }, now) {
      const key = keys.collect(customer, group);
      await table.update(key, { set: { schema: itemSchema, due_shard: shardName(spread(key, shards)), due_at: now } });
    },

    async drop({ customer, group }, now) {
      const changes = { remove: ['due_shard', 'due_at'] };
      await table.update(keys.collect(customer, group), changes, { kind: 'less-than', attribute: 'due_at', value: now - SETTLED_MS });
    },
  };
};

const shardName = (shard: number) => `collect#${shard}`;

/** The same key to the same shard, keys of many groups evenly. */
const spread = ({ pk, sk }: Key, shards: number): number => {
  let hash = 0;
  for (const byte of Buffer.from(`${pk} ${sk}`)) hash = (Math.imul(hash, 31) + byte) >>> 0;
  return hash % shards;
};

const parseKey = (item: Key): CollectKey => {
  const [, customer] = /^([^#~][^#]*)#m$/.exec(item.pk) ?? [];
  if (customer === undefined || !isKeyName(item.sk)) throw new UnreadableItem(item, 'sk', 'is not a group');
  return { customer, group: item.sk };
};
