import { compareBytes } from './byte-order.ts';
import type { Item, Key } from './table.ts';

interface Partition {
  /** In byte order. */
  readonly sortKeys: string[];
  readonly items: Map<string, Item>;
}

/** Items by partition, sorted, and those of the index `due` by shard. */
export interface MemoryItems {
  get(key: Key): Item | undefined;
  put(item: Item): void;
  delete(key: Key): void;
  /** Items of a partition between two sort keys, both inclusive. */
  range(pk: string, from: string | undefined, to: string | undefined): Item[];
  /** Items of the index by `due_at`, soonest first. */
  due(shard: string, until: number): Item[];
  all(): Item[];
}

export const createMemoryItems = (): MemoryItems => {
  const partitions = new Map<string, Partition>();
  const due = new Map<string, Map<string, Item>>();

  const forgetDue = (item: Item | undefined) => {
    const shard = item && indexEntry(item);
    if (item && shard) due.get(shard.due_shard)?.delete(dueName(item));
  };
  const remove = (key: Key) => {
    const partition = partitions.get(key.pk);
    forgetDue(partition?.items.get(key.sk));
    if (!partition?.items.delete(key.sk)) return;
    partition.sortKeys.splice(lowerBound(partition.sortKeys, key.sk), 1);
    if (partition.items.size === 0) partitions.delete(key.pk);
  };

  return {
    get: (key) => partitions.get(key.pk)?.items.get(key.sk),
    put: (item) => {
      let partition = partitions.get(item.pk);
      if (!partition) {
        partition = { sortKeys: [], items: new Map() };
        partitions.set(item.pk, partition);
      }
      const before = partition.items.get(item.sk);
      forgetDue(before);
      if (!before) partition.sortKeys.splice(lowerBound(partition.sortKeys, item.sk), 0, item.sk);
      partition.items.set(item.sk, item);
      const entry = indexEntry(item);
      if (!entry) return;
      const shard = due.get(entry.due_shard) ?? new Map<string, Item>();
      due.set(entry.due_shard, shard.set(dueName(item), item));
    },
    delete: remove,
    range: (pk, from, to) => {
      const partition = partitions.get(pk);
      if (!partition) return [];
      const { sortKeys, items } = partition;
      const found: Item[] = [];
      for (let i = from === undefined ? 0 : lowerBound(sortKeys, from); i < sortKeys.length; i++) {
        const sk = sortKeys[i];
        const item = sk === undefined ? undefined : items.get(sk);
        if (sk === undefined || !item || (to !== undefined && compareBytes(sk, to) > 0)) break;
        found.push(item);
      }
      return found;
    },
    due: (shard, until) =>
      [...(due.get(shard)?.values() ?? [])]
        .flatMap((item) => indexEntry(item) ?? [])
        .filter((entry) => entry.due_at <= until)
        .sort((a, b) => a.due_at - b.due_at || compareBytes(a.pk, b.pk) || compareBytes(a.sk, b.sk)),
    all: () => [...partitions.values()].flatMap((partition) => partition.sortKeys.flatMap((sk) => partition.items.get(sk) ?? [])),
  };
};

// A type rather than an interface, so that it is an `Item` too.
type IndexEntry = { readonly pk: string; readonly sk: string; readonly due_shard: string; readonly due_at: number };

/** What the index `due` holds of an item: its key and the index's own, or nothing where it does not carry both. */
export const indexEntry = (item: Item): IndexEntry | undefined => {
  const { pk, sk, due_shard, due_at } = item;
  return typeof due_shard === 'string' && typeof due_at === 'number' ? { pk, sk, due_shard, due_at } : undefined;
};

const dueName = (key: Key) => `${key.pk}\n${key.sk}`;

/** First place whose sort key is not before `sk`. New sort keys mostly come last, so that end is looked at first. */
const lowerBound = (sortKeys: readonly string[], sk: string): number => {
  const last = sortKeys.at(-1);
  if (last === undefined || compareBytes(last, sk) < 0) return sortKeys.length;
  let low = 0;
  let high = sortKeys.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareBytes(sortKeys[middle] ?? '', sk) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};
