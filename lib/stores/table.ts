/** One DynamoDB table, in its own terms: what the stores above need of it and no more. */

/** A value that DynamoDB can hold and that survives the round trip unchanged. */
export type Value = string | number | boolean | null | Uint8Array | readonly Value[] | { readonly [key: string]: Value };

export interface Key {
  readonly pk: string;
  readonly sk: string;
}
export type Item = Key & { readonly [attribute: string]: Value };

/** All that is asked must hold, or the write fails with `ConditionFailed` as its return value. */
export type Condition =
  | { readonly kind: 'absent' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'equals'; readonly attribute: string; readonly value: string | number }
  | { readonly kind: 'less-than'; readonly attribute: string; readonly value: number }
  | { readonly kind: 'any'; readonly of: readonly Condition[] };

export interface Query {
  readonly pk: string;
  /** Inclusive bounds of the sort key. */
  readonly from?: string;
  readonly to?: string;
  readonly consistent?: boolean;
  /** Newest (largest sort key) first. */
  readonly reverse?: boolean;
  readonly limit?: number;
}

export interface Changes {
  readonly set?: { readonly [attribute: string]: Value };
  readonly remove?: readonly string[];
  readonly add?: { readonly [attribute: string]: number };
}

export type WriteResult = 'written' | 'condition-failed';

export interface Table {
  get(key: Key, options?: { readonly consistent?: boolean }): Promise<Item | undefined>;
  /** Missing items are left out; any number of keys, order not kept. */
  getMany(keys: readonly Key[], options?: { readonly consistent?: boolean }): Promise<Item[]>;
  put(item: Item, condition?: Condition): Promise<WriteResult>;
  update(key: Key, changes: Changes, condition?: Condition): Promise<WriteResult>;
  delete(key: Key, condition?: Condition): Promise<WriteResult>;
  /** Unconditional; retries what the service left unprocessed. */
  putMany(items: readonly Item[]): Promise<void>;
  deleteMany(keys: readonly Key[]): Promise<void>;
  /** Follows pages to the end or to `limit`. */
  query(query: Query): Promise<Item[]>;
  /** The sparse index of what is due: items that carry `due_shard` (string) and `due_at` (number), soonest first, keys and those only. */
  queryDue(shard: string, until: number, limit: number): Promise<Item[]>;
}
