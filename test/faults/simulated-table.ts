import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { AwsFailure } from '../../lib/aws/aws-failure.ts';
import { fromAttributeValues, toAttribute } from '../../lib/stores/attribute-value.ts';
import { keyText } from '../../lib/stores/batches.ts';
import { createMemoryTable, type MemoryTable, type TableChange } from '../../lib/stores/memory-table.ts';
import type { Item, Key } from '../../lib/stores/table.ts';
import { type SdkCall, SdkError } from './gate.ts';
import type { Scheduler } from './scheduler.ts';
import { keyOf, Request } from './table-request.ts';

/** How one call of the table goes wrong without failing. */
export interface TableQuirks {
  /** Eventually consistent reads show what was there so long ago, ms. */
  readonly lagMs?: number;
  /** Of a batch only every second item is processed, of a query only a page. */
  readonly partial?: boolean;
}

type Wire = Record<string, AttributeValue>;
interface Past {
  readonly at: number;
  readonly key: Key;
  readonly old: Item | undefined;
}

const FORGOTTEN_MS = 5_000;

/** DynamoDB at the level of its requests, over the table in memory with DynamoDB's limits, whose replicas lag. */
export class SimulatedTable {
  readonly memory: MemoryTable;
  readonly #scheduler: Scheduler;
  readonly #pasts = new Map<string, Past[]>();

  constructor(scheduler: Scheduler, onChange: (change: TableChange) => void) {
    this.#scheduler = scheduler;
    this.memory = createMemoryTable({
      clock: { now: () => scheduler.now, sleep: () => Promise.resolve() },
      onChange: (change) => {
        const item = change.new ?? change.old;
        if (item === undefined) return;
        this.#remember(item, change.old);
        onChange(change);
      },
    });
  }

  /** The effect happens before this returns; the answer, or the error of the SDK, is in the promise. */
  async execute(call: SdkCall, quirks: TableQuirks): Promise<unknown> {
    try {
      return await this.#execute(call, quirks);
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      if (error.kind === 'throttled') throw new SdkError('ProvisionedThroughputExceededException', error.message);
      throw new SdkError('ValidationException', error.message);
    }
  }

  async #execute({ command, input }: SdkCall, quirks: TableQuirks): Promise<unknown> {
    const request = new Request(input);
    switch (command) {
      case 'GetItem': {
        const key = request.key();
        const later = request.consistent ? [] : this.#changesSince(quirks.lagMs, key.pk);
        const item = await this.memory.get(key, { consistent: request.consistent });
        const seen = without(later, item ? [item] : []).find(({ sk }) => sk === key.sk);
        return seen ? { Item: wire(seen) } : {};
      }
      case 'PutItem':
        return written(await this.memory.put(fromAttributeValues(input['Item']), request.condition()));
      case 'UpdateItem':
        return written(await this.memory.update(request.key(), request.changes(), request.condition()));
      case 'DeleteItem':
        return written(await this.memory.delete(request.key(), request.condition()));
      case 'Query':
        return input['IndexName'] === undefined ? this.#query(request, quirks) : this.#queryDue(request);
      case 'BatchGetItem':
        return this.#batchGet(input, quirks);
      case 'BatchWriteItem':
        return this.#batchWrite(input, quirks);
      default:
        throw new Error(`the simulated table knows no ${command}`);
    }
  }

  async #query(request: Request, { lagMs, partial }: TableQuirks): Promise<unknown> {
    const { pk, from, to } = request.range();
    const reverse = request.input['ScanIndexForward'] === false;
    const limit = request.input['Limit'] as number | undefined;
    const bounds = { pk, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    // Looked at before anything is waited for: the effect of a call is one moment.
    const later = request.consistent ? [] : this.#changesSince(lagMs, pk);
    let items = await this.memory.query({ ...bounds, consistent: request.consistent });
    items = without(later, items).filter(({ sk }) => (from ?? '') <= sk && (to === undefined || sk <= to));
    if (reverse) items = items.toReversed();
    const start = request.input['ExclusiveStartKey'] as Wire | undefined;
    if (start !== undefined) {
      const after = start['sk']?.S ?? '';
      items = items.filter(({ sk }) => (reverse ? sk < after : sk > after));
    }
    const most = Math.min(limit ?? Number.POSITIVE_INFINITY, partial && items.length > 1 ? Math.ceil(items.length / 2) : items.length);
    const page = items.slice(0, most);
    const last = page.at(-1);
    return { Items: page.map(wire), ...(page.length < items.length && last ? { LastEvaluatedKey: wireKey(last) } : {}) };
  }

  async #queryDue(request: Request): Promise<unknown> {
    const limit = (request.input['Limit'] as number | undefined) ?? Number.POSITIVE_INFINITY;
    const items = await this.memory.queryDue(String(request.value(':shard')), Number(request.value(':until')), limit);
    return { Items: items.map(wire) };
  }

  async #batchGet(input: SdkCall['input'], { partial }: TableQuirks): Promise<unknown> {
    const [[table, { Keys, ConsistentRead }]] = Object.entries(
      input['RequestItems'] as Record<string, { Keys: Wire[]; ConsistentRead: boolean }>,
    ) as [[string, { Keys: Wire[]; ConsistentRead: boolean }]];
    const left = partial && Keys.length > 1 ? Keys.filter((_, i) => i % 2 === 1) : [];
    const taken = Keys.filter((key) => !left.includes(key));
    const items = await Promise.all(taken.map((key) => this.memory.get(keyOf(key), { consistent: ConsistentRead })));
    return {
      Responses: { [table]: items.flatMap((item) => (item ? [wire(item)] : [])) },
      ...(left.length > 0 ? { UnprocessedKeys: { [table]: { Keys: left } } } : {}),
    };
  }

  async #batchWrite(input: SdkCall['input'], { partial }: TableQuirks): Promise<unknown> {
    type Write = { PutRequest?: { Item: Wire }; DeleteRequest?: { Key: Wire } };
    const [[table, writes]] = Object.entries(input['RequestItems'] as Record<string, Write[]>) as [[string, Write[]]];
    const left = partial && writes.length > 1 ? writes.filter((_, i) => i % 2 === 1) : [];
    const taken = writes.filter((write) => !left.includes(write));
    await Promise.all(
      taken.map(({ PutRequest, DeleteRequest }) =>
        PutRequest ? this.memory.put(fromAttributeValues(PutRequest.Item)) : this.memory.delete(keyOf(DeleteRequest?.Key ?? {})),
      ),
    );
    return left.length > 0 ? { UnprocessedItems: { [table]: left } } : {};
  }

  #remember(key: Key, old: Item | undefined): void {
    const past = this.#pasts.get(key.pk) ?? [];
    const { now } = this.#scheduler;
    while (past[0] !== undefined && past[0].at < now - FORGOTTEN_MS) past.shift();
    past.push({ at: now, key: { pk: key.pk, sk: key.sk }, old });
    this.#pasts.set(key.pk, past);
  }

  /** What a replica that lags so far does not show yet. */
  #changesSince(lagMs: number | undefined, pk: string): Past[] {
    return lagMs === undefined ? [] : (this.#pasts.get(pk) ?? []).filter(({ at }) => at > this.#scheduler.now - lagMs);
  }
}

/** Items as they were before these changes. */
function without(changes: readonly Past[], items: Item[]): Item[] {
  if (changes.length === 0) return items;
  const byKey = new Map(items.map((item) => [keyText(item), item]));
  for (const { key, old } of changes.toReversed()) {
    if (old) byKey.set(keyText(key), old);
    else byKey.delete(keyText(key));
  }
  return [...byKey.values()].sort((a, b) => (a.sk < b.sk ? -1 : 1));
}

/** Items of the table in memory are frozen: what one looks like on the wire is worked out once. */
const onTheWire = new WeakMap<Item, Wire>();
function wire(item: Item): Wire {
  const known = onTheWire.get(item);
  if (known !== undefined) return known;
  const made: Wire = {};
  for (const name in item) made[name] = toAttribute(item[name] ?? null);
  onTheWire.set(item, made);
  return made;
}
const wireKey = ({ pk, sk }: Key): Wire => ({ pk: { S: pk }, sk: { S: sk } });
const written = (result: 'written' | 'condition-failed'): unknown => {
  if (result === 'condition-failed') throw new SdkError('ConditionalCheckFailedException', 'The conditional request failed');
  return {};
};
