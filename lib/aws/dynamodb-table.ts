import type { AttributeValue, ConsumedCapacity, DynamoDBClient, QueryCommandInput, WriteRequest } from '@aws-sdk/client-dynamodb';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { systemRandom } from '../random.ts';
import { fromAttributeValues, toAttributes } from '../stores/attribute-value.ts';
import { batchLimits, sendInBatches, uniqueByKey } from '../stores/batches.ts';
import type { Placeholders } from '../stores/expression.ts';
import { conditionExpression, keyExpression, placeholders, updateExpression } from '../stores/expression.ts';
import type { Condition, Item, Key, Table, WriteResult } from '../stores/table.ts';
import { isEmptyRange } from '../stores/table-rules.ts';
import type { Operation, UsageMeter } from '../stores/usage.ts';
import { toAwsFailure } from './classify.ts';
import type { DynamoClientOptions } from './dynamodb-client.ts';
import { createDynamoClient } from './dynamodb-client.ts';

export type DynamoTableOptions = {
  readonly name: string;
  readonly clock: Clock;
  /** For the jitter of waits. Default: the system's. */
  readonly random?: Random;
  /** Counts calls, and the capacity that DynamoDB says they took. */
  readonly meter?: UsageMeter;
} & ({ readonly client: DynamoDBClient } | DynamoClientOptions);

/** The sparse index of what is due. */
export const dueIndex = 'due';

/** A DynamoDB table behind the `Table` port. Failures are thrown as `AwsFailure`. */
export const createDynamoTable = (options: DynamoTableOptions): Table => {
  const { name: tableName, clock, random = systemRandom, meter } = options;
  const client = 'client' in options ? options.client : createDynamoClient(options);
  const capacity = meter ? ({ ReturnConsumedCapacity: 'INDEXES' } as const) : {};
  const jitter = () => (random.bytes(1)[0] ?? 0) / 255;

  /** One request: counted, its failure named for what it is. */
  const request = async <T>(operation: Operation, send: () => Promise<T>): Promise<T> => {
    meter?.call(operation);
    try {
      return await send();
    } catch (error) {
      const failure = toAwsFailure(error, `dynamodb:${operation}`);
      if (failure.kind === 'throttled') meter?.throttled();
      throw failure;
    }
  };
  const read = (consumed: ConsumedCapacity | undefined, consistent: boolean) => meter?.read(consumed?.CapacityUnits ?? 0, consistent);
  const written = (consumed: ConsumedCapacity | undefined) => {
    const index = Object.values(consumed?.GlobalSecondaryIndexes ?? {}).reduce((sum, each) => sum + (each.CapacityUnits ?? 0), 0);
    meter?.write((consumed?.CapacityUnits ?? 0) - index, index);
  };
  const write = async (
    operation: Operation,
    send: () => Promise<{ readonly ConsumedCapacity?: ConsumedCapacity | undefined }>,
  ): Promise<WriteResult> => {
    meter?.call(operation);
    try {
      written((await send()).ConsumedCapacity);
      return 'written';
    } catch (error) {
      const failure = toAwsFailure(error, `dynamodb:${operation}`);
      if (failure.kind === 'throttled') meter?.throttled();
      if (failure.kind !== 'condition-failed') throw failure;
      meter?.conditionFailed();
      return 'condition-failed';
    }
  };
  const batches = (operation: Operation) => ({ clock, random: jitter, action: `dynamodb:${operation}` });

  const batchWrite = (requests: readonly WriteRequest[]) =>
    sendInBatches(
      requests,
      batchLimits.writes,
      async (batch) => {
        const answer = await request('BatchWriteItem', () =>
          client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: [...batch] }, ...capacity })),
        );
        for (const consumed of answer.ConsumedCapacity ?? []) written(consumed);
        return answer.UnprocessedItems?.[tableName] ?? [];
      },
      batches('BatchWriteItem'),
    );

  /** All pages of a query, up to `limit` items. */
  const queryPages = async (input: Omit<QueryCommandInput, 'TableName'>, limit: number | undefined): Promise<Item[]> => {
    const items: Item[] = [];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page = await request('Query', () =>
        client.send(
          new QueryCommand({
            ...input,
            ...capacity,
            TableName: tableName,
            ...(limit !== undefined && { Limit: limit - items.length }),
            ...(start && { ExclusiveStartKey: start }),
          }),
        ),
      );
      read(page.ConsumedCapacity, input.ConsistentRead ?? false);
      for (const item of page.Items ?? []) items.push(fromAttributeValues(item));
      start = page.LastEvaluatedKey;
    } while (start && (limit === undefined || items.length < limit));
    return items;
  };

  return {
    async get(key, { consistent = false } = {}) {
      const answer = await request('GetItem', () =>
        client.send(new GetItemCommand({ TableName: tableName, Key: wireKey(key), ConsistentRead: consistent, ...capacity })),
      );
      read(answer.ConsumedCapacity, consistent);
      return answer.Item && fromAttributeValues(answer.Item);
    },

    async getMany(keys, { consistent = false } = {}) {
      const found: Item[] = [];
      const send = async (batch: readonly Record<string, AttributeValue>[]) => {
        const answer = await request('BatchGetItem', () =>
          client.send(
            new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: [...batch], ConsistentRead: consistent } }, ...capacity }),
          ),
        );
        for (const consumed of answer.ConsumedCapacity ?? []) read(consumed, consistent);
        for (const item of answer.Responses?.[tableName] ?? []) found.push(fromAttributeValues(item));
        return answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
      };
      await sendInBatches(uniqueByKey(keys).map(wireKey), batchLimits.reads, send, batches('BatchGetItem'));
      return found;
    },

    async put(item, condition) {
      const use = placeholders();
      const conditions = conditionInput(condition, use);
      const input = {
        TableName: tableName,
        Item: toAttributes('dynamodb:PutItem', item),
        ...conditions,
        ...expressionInput('dynamodb:PutItem', use),
        ...capacity,
      };
      return write('PutItem', () => client.send(new PutItemCommand(input)));
    },

    async update(key, changes, condition) {
      const use = placeholders();
      const update = updateExpression(changes, use);
      const conditions = conditionInput(condition, use);
      const input = {
        TableName: tableName,
        Key: wireKey(key),
        ...(update && { UpdateExpression: update.text }),
        ...conditions,
        ...expressionInput('dynamodb:UpdateItem', use),
        ...capacity,
      };
      return write('UpdateItem', () => client.send(new UpdateItemCommand(input)));
    },

    async delete(key, condition) {
      const use = placeholders();
      const conditions = conditionInput(condition, use);
      const input = { TableName: tableName, Key: wireKey(key), ...conditions, ...expressionInput('dynamodb:DeleteItem', use), ...capacity };
      return write('DeleteItem', () => client.send(new DeleteItemCommand(input)));
    },

    async putMany(items) {
      await batchWrite(uniqueByKey(items).map((item) => ({ PutRequest: { Item: toAttributes('dynamodb:BatchWriteItem', item) } })));
    },

    async deleteMany(keys) {
      await batchWrite(uniqueByKey(keys).map((key) => ({ DeleteRequest: { Key: wireKey(key) } })));
    },

    async query(query) {
      if (isEmptyRange(query)) return [];
      const use = placeholders();
      const KeyConditionExpression = keyExpression(query, use);
      return queryPages(
        {
          KeyConditionExpression,
          ...expressionInput('dynamodb:Query', use),
          ConsistentRead: query.consistent ?? false,
          ScanIndexForward: !(query.reverse ?? false),
        },
        query.limit,
      );
    },

    async queryDue(shard, until, limit) {
      if (limit <= 0) return [];
      return queryPages(
        {
          IndexName: dueIndex,
          KeyConditionExpression: 'due_shard = :shard AND due_at <= :until',
          ExpressionAttributeValues: toAttributes('dynamodb:Query', { ':shard': shard, ':until': until }),
        },
        limit,
      );
    },
  };
};

const wireKey = (key: Key): Record<string, AttributeValue> => ({ pk: { S: key.pk }, sk: { S: key.sk } });

const conditionInput = (condition: Condition | undefined, use: Placeholders) =>
  condition ? { ConditionExpression: conditionExpression(condition, use).text } : {};

const expressionInput = (action: string, use: Placeholders) => ({
  ...(Object.keys(use.names).length > 0 && { ExpressionAttributeNames: { ...use.names } }),
  ...(Object.keys(use.values).length > 0 && { ExpressionAttributeValues: toAttributes(action, use.values) }),
});
