import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { createTable, tableSchema, ttlAttribute } from '../../../lib/aws/create-table.ts';
import { systemClock } from '../../../lib/clock.ts';
import { localClient, startDynalite } from '../../contracts/dynamodb-endpoint.ts';

test('the table of the template and the table that is made locally have the same keys, index and time to live', () => {
  const sub = { tag: '!Sub', resolve: (text: string) => text };
  const ref = { tag: '!Ref', resolve: (text: string) => text };
  const template = parse(readFileSync(join(import.meta.dirname, '../../../infra/table.yml'), 'utf8'), { customTags: [sub, ref] });
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, TimeToLiveSpecification } = template.Resources.Table.Properties;
  expect({ AttributeDefinitions, KeySchema, GlobalSecondaryIndexes }).toEqual(tableSchema);
  expect(TimeToLiveSpecification).toEqual({ AttributeName: ttlAttribute, Enabled: true });
});

test('a table that is there is left as it is', async () => {
  const { endpoint, stop } = await startDynalite();
  const client = localClient(endpoint);
  const options = { name: 'twice', clock: systemClock, streams: false, ttl: false };
  await createTable(client, options);
  await createTable(client, options);
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: 'twice' }));
  expect(table).toMatchObject({ TableStatus: 'ACTIVE', KeySchema: tableSchema.KeySchema });
  client.destroy();
  await stop();
});

test('what the database says against it is a failure that names the call', async () => {
  const { endpoint, stop } = await startDynalite();
  const client = localClient(endpoint);
  await expect(createTable(client, { name: 'a b', clock: systemClock, streams: false, ttl: false })).rejects.toMatchObject({
    kind: 'invalid',
    action: 'dynamodb:CreateTable',
  });
  client.destroy();
  await stop();
});
