import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface DynamoClientOptions {
  readonly region: string;
  /** Absent: AWS's own, or what the SDK's environment variables say. */
  readonly endpoint?: string;
  /** Absent: the SDK's default, which in a function is its own role. */
  readonly credentials?: NonNullable<DynamoDBClientConfig['credentials']>;
}

/** DynamoDB answers within tens of milliseconds; a request that takes longer than this is lost and better sent again. */
const requestTimeoutMs = 2_000;

/** The SDK's client, which tries a request three times in all, with back-off. */
export const createDynamoClient = ({ region, endpoint, credentials }: DynamoClientOptions): DynamoDBClient =>
  new DynamoDBClient({
    region,
    // Given here, these are not looked for in files.
    maxAttempts: 3,
    retryMode: 'standard',
    defaultsMode: 'standard',
    userAgentAppId: 'sluice',
    requestHandler: { connectionTimeout: 1_000, requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
