import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTable } from '../../../lib/aws/create-table.ts';
import { createDynamoTable } from '../../../lib/aws/dynamodb-table.ts';
import { createStreamTap } from '../../../lib/aws/stream-tap.ts';
import { systemClock } from '../../../lib/clock.ts';
import type { TableChange } from '../../../lib/stores/memory-table.ts';
import type { Item, Table } from '../../../lib/stores/table.ts';
import { localClient, startDynalite } from '../../contracts/dynamodb-endpoint.ts';

let stop: () => Promise<void>;
let clients: DynamoDBClient[];
let tables: Table[];
let changes: TableChange[] = [];
let partition = 0;

beforeAll(async () => {
  const dynalite = await startDynalite();
  stop = dynalite.stop;
  const tap = createStreamTap({ tableName: 'tapped', onChange: (change) => changes.push(change) });
  clients = [localClient(dynalite.endpoint), localClient(dynalite.endpoint)];
  for (const client of clients) {
    await createTable(client, { name: 'tapped', clock: systemClock, streams: false, ttl: false });
    tap.attach(client);
  }
  const [client] = clients;
  if (client) await createTable(client, { name: 'other', clock: systemClock, streams: false, ttl: false });
  tables = clients.map((each) => createDynamoTable({ client: each, name: 'tapped', clock: systemClock }));
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await stop();
});
beforeEach(() => {
  changes = [];
  partition += 1;
});
const item = (sk: string, attributes: Record<string, Item[string]> = {}): Item => ({ pk: `p${partition}`, sk, ...attributes });
const tapped = (): Table => {
  const [table] = tables;
  if (!table) throw new Error('no table');
  return table;
};

test('each write that changed something is told with both images', async () => {
  const table = tapped();
  await table.put(item('a', { n: 1, bytes: Uint8Array.of(1) }));
  await table.put(item('a', { n: 1, bytes: Uint8Array.of(1) }));
  await table.put(item('a', { n: 9 }), { kind: 'absent' });
  await table.update(item('a'), { add: { n: 1 }, remove: ['bytes'] });
  await table.update(item('b'), { set: { n: 5 } });
  await table.update(item('b'), { set: { n: 5 } });
  await table.delete(item('a'));
  await table.delete(item('a'));
  await table.get(item('b'));
  await table.query({ pk: item('b').pk });
  expect(changes).toEqual([
    { new: item('a', { n: 1, bytes: Uint8Array.of(1) }) },
    { old: item('a', { n: 1, bytes: Uint8Array.of(1) }), new: item('a', { n: 2 }) },
    { new: item('b', { n: 5 }) },
    { old: item('a', { n: 2 }) },
  ]);
});

test('batches are told item by item', async () => {
  const table = tapped();
  await table.put(item('a', { n: 1 }));
  await table.putMany([item('a', { n: 2 }), item('b')]);
  await table.deleteMany([item('a'), item('none')]);
  expect(changes).toEqual([
    { new: item('a', { n: 1 }) },
    { old: item('a', { n: 1 }), new: item('a', { n: 2 }) },
    { new: item('b') },
    { old: item('a', { n: 2 }) },
  ]);
});

test('writes of one key through two clients at once are told in the order of their commits', async () => {
  await Promise.all(
    Array.from({ length: 60 }, (_, i) => tables[i % 2]?.update(item('counter'), { add: { n: 1 }, set: { [`by${i}`]: true } })),
  );
  await Promise.all(Array.from({ length: 10 }, (_, i) => tables[i % 2]?.putMany([item('counter', { batch: i }), item(`own${i}`)])));
  const ofCounter = changes.filter((change) => change.new?.sk === 'counter');
  expect(ofCounter).toHaveLength(70);
  expect(ofCounter.slice(0, 60).map((change) => change.new?.n)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  let before: Item | undefined;
  for (const change of ofCounter) {
    expect(change.old).toEqual(before);
    before = change.new;
  }
  expect(await tapped().get(item('counter'), { consistent: true })).toEqual(before);
});

test('a write that fails is not told, and does not hold up the next', async () => {
  const table = tapped();
  await table.put(item('a', { n: 'text' }));
  await expect(table.update(item('a'), { add: { n: 1 } })).rejects.toMatchObject({ kind: 'invalid' });
  await table.delete(item('a'));
  expect(changes).toHaveLength(2);
});

test('other tables are none of its business', async () => {
  const [client] = clients;
  if (!client) throw new Error('no client');
  const other = createDynamoTable({ client, name: 'other', clock: systemClock });
  await other.put(item('a'));
  await other.putMany([item('b')]);
  expect(changes).toEqual([]);
});
