import { createTable } from '../../lib/aws/create-table.ts';
import { createDynamoClient } from '../../lib/aws/dynamodb-client.ts';
import { systemClock } from '../../lib/clock.ts';
import { startDynalite } from '../contracts/dynamodb-endpoint.ts';

export interface LocalDatabase {
  /** What a function needs in its environment to find it, and nothing else of AWS. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const region = 'us-east-1';
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };

/** An empty table in a database of this process's own (dynalite in memory, or the one at `endpoint`), for functions that run outside of AWS. */
export async function startLocalDatabase(name: string, endpoint?: string): Promise<LocalDatabase> {
  const own = endpoint === undefined ? await startDynalite() : undefined;
  const url = own?.endpoint ?? endpoint ?? '';
  const client = createDynamoClient({ region, endpoint: url, credentials });
  try {
    await createTable(client, { name, clock: systemClock, streams: false, ttl: false });
  } catch (error) {
    await own?.stop();
    throw error;
  } finally {
    client.destroy();
  }
  return {
    env: {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: url,
      SLUICE_STAGE: 'dev',
      SLUICE_TABLE: name,
      SLUICE_ACCOUNT_ID: '000000000000',
    },
    close: async () => {
      await own?.stop();
    },
  };
}
