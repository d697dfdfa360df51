import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateTableCommand, DescribeTableCommand, ResourceInUseException, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock.ts';
import { AwsFailure } from './aws-failure.ts';
import { toAwsFailure } from './classify.ts';
import { dueIndex } from './dynamodb-table.ts';

/** What the keys of the table and of its index look like; infra/table.yml says the same to CloudFormation, and a test compares them. */
export const tableSchema = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'due_shard', AttributeType: 'S' },
    { AttributeName: 'due_at', AttributeType: 'N' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: dueIndex,
      KeySchema: [
        { AttributeName: 'due_shard', KeyType: 'HASH' },
        { AttributeName: 'due_at', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
} as const;

/** The attribute by which DynamoDB lets items expire, in seconds since the epoch. */
export const ttlAttribute = 'expires';

export interface CreateTableOptions {
  readonly name: string;
  readonly clock: Clock;
  /** What the database at hand can do beyond items and indexes: dynalite neither, moto and DynamoDB Local both. */
  readonly streams: boolean;
  readonly ttl: boolean;
}

const pollMs = 20;
const patienceMs = 30_000;

/**
 * Makes the table in a database of the user's own machine and waits until it can be used; one that is there already is
 * left as it is. Never called in AWS: there the template makes it, with backups and protection against deletion.
 */
export const createTable = async (client: DynamoDBClient, { name, clock, streams, ttl }: CreateTableOptions): Promise<void> => {
  const call = async <T>(action: string, send: () => Promise<T>): Promise<T> => {
    try {
      return await send();
    } catch (error) {
      throw toAwsFailure(error, `dynamodb:${action}`);
    }
  };
  const made = await call('CreateTable', async () => {
    try {
      await client.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [...tableSchema.AttributeDefinitions],
          KeySchema: [...tableSchema.KeySchema],
          GlobalSecondaryIndexes: tableSchema.GlobalSecondaryIndexes.map((index) => ({ ...index, KeySchema: [...index.KeySchema] })),
          ...(streams && { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const } }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ResourceInUseException) return false;
      throw error;
    }
  });
  const deadline = clock.now() + patienceMs;
  for (;;) {
    const { Table } = await call('DescribeTable', () => client.send(new DescribeTableCommand({ TableName: name })));
    const parts = [Table?.TableStatus, ...(Table?.GlobalSecondaryIndexes ?? []).map((index) => index.IndexStatus)];
    if (parts.every((status) => status === 'ACTIVE')) break;
    if (clock.now() > deadline)
      throw new AwsFailure('timeout', 'dynamodb:CreateTable', `table ${name} is still ${parts.join(', ')} after ${patienceMs / 1_000} s`);
    await clock.sleep(pollMs);
  }
  if (!made || !ttl) return;
  await call('UpdateTimeToLive', () =>
    client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: { AttributeName: ttlAttribute, Enabled: true } })),
  );
};
