import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod/mini';

const wireForm = z.record(z.string(), z.record(z.string(), z.unknown()));
// What each attribute holds is the function's to read, as in AWS.
const image = z.custom<Record<string, AttributeValue>>((value) => wireForm.safeParse(value).success);
const streams = z.object({ Streams: z.array(z.object({ StreamArn: z.string() })) });
const description = z.object({ StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }) });
const iterator = z.object({ ShardIterator: z.string() });
const records = z.object({
  NextShardIterator: z.optional(z.string()),
  Records: z.array(
    z.looseObject({
      eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
      dynamodb: z.looseObject({ Keys: image, NewImage: z.optional(image), SequenceNumber: z.string() }),
    }),
  ),
});

export interface TableStream {
  /** What was written since the last call, as the event source mapping would hand it to a function, unfiltered. */
  next(): Promise<DynamoDBRecord[]>;
}

/**
 * Reads the stream of a table from its beginning through the Streams API
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html), as Lambda
 * does. Its JSON is that of the events, binary in base64 included, which an SDK's client would undo.
 */
export async function tableStream(at: {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly table: string;
}): Promise<TableStream> {
  const { endpoint, region, credentials, table } = at;
  const { sha256 } = new DynamoDBClient({ region, credentials }).config;
  const signer = new SignatureV4({ credentials, region, service: 'dynamodb', sha256 });
  const url = new URL(endpoint);

  async function call(action: string, input: object): Promise<unknown> {
    const body = JSON.stringify(input);
    const signed = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: '/',
      headers: { host: url.host, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDBStreams_20120810.${action}` },
      body,
    });
    const { host: _host, ...headers } = signed.headers;
    const answer = await fetch(url, { method: 'POST', headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${action} was answered ${answer.status}: ${text.slice(0, 500)}`);
    return JSON.parse(text);
  }

  const [stream] = streams.parse(await call('ListStreams', { TableName: table })).Streams;
  if (!stream) throw new Error(`table ${table} has no stream`);
  const { StreamArn } = stream;
  const { Shards } = description.parse(await call('DescribeStream', { StreamArn })).StreamDescription;
  const begin = async ({ ShardId }: { readonly ShardId: string }) =>
    iterator.parse(await call('GetShardIterator', { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' })).ShardIterator;
  let iterators: string[] = await Promise.all(Shards.map(begin));

  return {
    async next() {
      const pages = await Promise.all(iterators.map(async (ShardIterator) => records.parse(await call('GetRecords', { ShardIterator }))));
      iterators = pages.flatMap((page) => page.NextShardIterator ?? []);
      return pages.flatMap((page) => page.Records).map((record) => ({ ...record, eventSourceARN: StreamArn }));
    },
  };
}
