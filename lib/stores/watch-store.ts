import { keys } from './keys.ts';
import type { WatchKey, WatchStore } from './ports.ts';
import { itemSchema, readFields } from './read-fields.ts';
import type { Watch } from './records.ts';
import type { Item, Key, Table } from './table.ts';
import type { ListOptions } from './unreadable-item.ts';
import { readable, UnreadableItem } from './unreadable-item.ts';

export interface WatchStoreOptions extends ListOptions {
  /** Partitions that the index of what is due spreads over; may grow, never shrink. Default: 1. */
  readonly shards?: number;
}

/** Each service is an attribute of its own, so that services come and go in single writes that do not meet. */
const servicePrefix = 's#';

/** Clusters that tick looks at, and when. */
export const createWatchStore = (table: Table, options: WatchStoreOptions = {}): WatchStore => {
  const { shards = 1 } = options;
  const read = async (key: WatchKey): Promise<Watch | undefined> => {
    const item = await table.get(keyOf(key), { consistent: true });
    return item && parseWatch(item);
  };
  /** Moves `due_at` if it is still what was read. */
  const move = (watch: Watch, dueAt: number) =>
    table.update(keyOf(watch), { set: { due_at: dueAt } }, { kind: 'equals', attribute: 'due_at', value: watch.dueAt });

  return {
    get: (customer, accountId, region, cluster) => read({ customer, accountId, region, cluster }),

    async due(now, limit) {
      const found = await Promise.all(Array.from({ length: shards }, (_, shard) => table.queryDue(shardName(shard), now, limit)));
      const soonest = found.flat().sort((a, b) => Number(a.due_at) - Number(b.due_at));
      return readable(soonest.slice(0, limit), parseKey, options);
    },

    load: async (watches) => readable(await table.getMany(watches.map(keyOf)), parseWatch, options),

    async add(watch, { service, group }, now) {
      await table.update(keyOf(watch), {
        set: { schema: itemSchema, due_shard: shardName(spread(keyOf(watch), shards)), due_at: now, [servicePrefix + service]: group },
        add: { rev: 1 },
      });
    },

    async drop(watch, service) {
      const key = keyOf(watch);
      const dropped = await table.update(key, { remove: [servicePrefix + service], add: { rev: 1 } }, { kind: 'exists' });
      if (dropped === 'condition-failed') return;
      const item = await table.get(key, { consistent: true });
      if (!item || Object.keys(item).some((name) => name.startsWith(servicePrefix))) return;
      // The last one went; whoever adds another meanwhile changes `rev` and keeps the watch.
      await table.delete(key, { kind: 'equals', attribute: 'rev', value: readFields(item).count('rev') });
    },

    claim: async (watch, nextDueAt) => (await move(watch, nextDueAt)) === 'written',

    async hasten(key, at) {
      for (;;) {
        const watch = await read(key);
        if (!watch || watch.dueAt <= at) return;
        if ((await move(watch, at)) === 'written') return;
      }
    },
  };
};

const keyOf = (watch: WatchKey): Key => keys.watch(watch.customer, watch.accountId, watch.region, watch.cluster);

const shardName = (shard: number) => `due#${shard}`;

/** FNV-1a over the key: spreads watches evenly, and the same key to the same shard. */
const spread = ({ pk, sk }: Key, shards: number): number => {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${pk} ${sk}`)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % shards;
};

const parseKey = (item: Key): WatchKey => {
  const [, customer] = /^([^#~][^#]*)#w$/.exec(item.pk) ?? [];
  const [, accountId, region, cluster] = /^([^#~][^#]*)#([^#~][^#]*)#([^#~][^#]*)$/.exec(item.sk) ?? [];
  if (customer === undefined || accountId === undefined || region === undefined || cluster === undefined) {
    throw new UnreadableItem(item, 'sk', 'is not account, Region and cluster');
  }
  return { customer, accountId, region, cluster };
};

const parseWatch = (item: Item): Watch => {
  const fields = readFields(item);
  const services = Object.keys(item)
    .filter((name) => name.startsWith(servicePrefix))
    .map((name) => ({ service: name.slice(servicePrefix.length), group: fields.text(name) }));
  return { ...parseKey(item), services, dueAt: fields.number('due_at') };
};
