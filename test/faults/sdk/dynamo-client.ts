import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** A client of the table whose calls go to the gate in the name of this environment. */
export const dynamoClient = (environment: string): DynamoDBClient => new DynamoDBClient({ endpoint: environment });
