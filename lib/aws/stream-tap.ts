import type { AttributeValue, BatchWriteItemCommandOutput, DynamoDBClient, WriteRequest } from '@aws-sdk/client-dynamodb';
import { BatchGetItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { fromAttributeValues } from '../stores/attribute-value.ts';
import { keyText } from '../stores/batches.ts';
import type { TableChange } from '../stores/memory-table.ts';
import { sameValue } from '../stores/stored-value.ts';
import type { Item, Key } from '../stores/table.ts';

type Attributes = Record<string, AttributeValue>;

export interface StreamTapOptions {
  readonly tableName: string;
  /** Called for each write that changed something; for one key in the order of its commits. */
  readonly onChange: (change: TableChange) => void;
}

export interface StreamTap {
  /** Taps what this client writes. All clients that write to the table have to be tapped by the same tap. */
  attach(client: DynamoDBClient): void;
}

/**
 * Stands in for the stream of a database that has none. Writes of one key go one after the other, so that what is told is
 * in the order of the commits, as a stream is for one item; it holds within one process, which a local run is.
 */
export const createStreamTap = ({ tableName, onChange }: StreamTapOptions): StreamTap => {
  const inTurn = createTurns();
  const tell = (old: Item | undefined, after: Item | undefined) => {
    if (!sameValue(old, after)) onChange({ ...(old && { old }), ...(after && { new: after }) });
  };
  const readOne = async (client: DynamoDBClient, key: Attributes): Promise<Item | undefined> => {
    const { Item: item } = await client.send(new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
    return item && fromAttributeValues(item);
  };

  /** A batch write, with the images of before it read apart. */
  const batch = (client: DynamoDBClient, requests: readonly WriteRequest[], send: () => Promise<BatchWriteItemCommandOutput>) => {
    const keys = requests.map(keyOfRequest);
    return inTurn(keys, async () => {
      const before = await readMany(client, tableName, keys);
      const output = await send();
      const left = new Set((output.UnprocessedItems?.[tableName] ?? []).map((request) => keyText(keyOfRequest(request))));
      for (const request of requests) {
        const name = keyText(keyOfRequest(request));
        if (left.has(name)) continue;
        tell(before.get(name), request.PutRequest?.Item && fromAttributeValues(request.PutRequest.Item));
      }
      return output;
    });
  };

  return {
    attach: (client) => {
      client.middlewareStack.add(
        (next, context) => async (args) => {
          const { input } = args;
          const command = context.commandName;
          if (command === 'BatchWriteItemCommand' && 'RequestItems' in input) {
            const requests = writeRequests(input.RequestItems?.[tableName]);
            if (requests.length === 0) return next(args);
            let answer: Awaited<ReturnType<typeof next>> | undefined;
            await batch(client, requests, async () => {
              answer = await next(args);
              return answer.output as BatchWriteItemCommandOutput;
            });
            if (!answer) throw new Error('a batch write ended without an answer');
            return answer;
          }
          if (!('TableName' in input) || input.TableName !== tableName) return next(args);
          const put = command === 'PutItemCommand' && 'Item' in input ? input.Item : undefined;
          const key =
            (command === 'UpdateItemCommand' || command === 'DeleteItemCommand') && 'Key' in input ? input.Key : put && keyAttributes(put);
          if (!key) return next(args);
          return inTurn([keyOf(key)], async () => {
            const answer = await next({ ...args, input: { ...input, ReturnValues: 'ALL_OLD' } });
            const old =
              'Attributes' in answer.output && answer.output.Attributes ? fromAttributeValues(answer.output.Attributes) : undefined;
            const after = put ? fromAttributeValues(put) : command === 'UpdateItemCommand' ? await readOne(client, key) : undefined;
            tell(old, after);
            return answer;
          });
        },
        { step: 'initialize', name: 'sluiceStreamTap' },
      );
    },
  };
};

/** Runs work on the same key one after the other, in the order in which it was asked for. */
const createTurns = () => {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(keys: readonly Key[], work: () => Promise<T>): Promise<T> => {
    const names = keys.map(keyText);
    const before = names.map((name) => last.get(name));
    // All turns are taken before anything is waited for, so that two batches cannot wait for each other.
    const turn = Promise.allSettled(before).then(work);
    for (const name of names) last.set(name, turn);
    try {
      return await turn;
    } finally {
      for (const name of names) if (last.get(name) === turn) last.delete(name);
    }
  };
};

const readMany = async (client: DynamoDBClient, tableName: string, keys: readonly Key[]): Promise<Map<string, Item>> => {
  const found = new Map<string, Item>();
  let waiting: Attributes[] = keys.map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } }));
  while (waiting.length > 0) {
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: waiting, ConsistentRead: true } } }));
    for (const attributes of answer.Responses?.[tableName] ?? []) {
      const item = fromAttributeValues(attributes);
      found.set(keyText(item), item);
    }
    waiting = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return found;
};

/** A batch read has an object where a batch write has a list. */
const writeRequests = (requests: unknown): readonly WriteRequest[] => (Array.isArray(requests) ? requests : []);

const keyAttributes = (item: Attributes): Attributes => {
  const { pk, sk } = keyOf(item);
  return { pk: { S: pk }, sk: { S: sk } };
};

const keyOf = (attributes: Attributes): Key => {
  const pk = attributes.pk?.S;
  const sk = attributes.sk?.S;
  if (pk === undefined || sk === undefined) throw new TypeError('pk and sk must be strings');
  return { pk, sk };
};

const keyOfRequest = (request: WriteRequest): Key => keyOf(request.PutRequest?.Item ?? request.DeleteRequest?.Key ?? {});
