import { createTable } from '../lib/aws/create-table.ts';
import { createDynamoClient } from '../lib/aws/dynamodb-client.ts';
import { createDynamoTable } from '../lib/aws/dynamodb-table.ts';
import { systemClock } from '../lib/clock.ts';
import { createUsageMeter } from '../lib/stores/usage.ts';

const NAME = 'bench';

/** Sluice's table, made anew in the embedded database at this endpoint, with a meter of what is asked of it. */
export async function benchTable(endpoint: string) {
  const client = createDynamoClient({ region: 'us-east-1', endpoint, credentials: { accessKeyId: 'BENCH', secretAccessKey: 'bench' } });
  await createTable(client, { name: NAME, clock: systemClock, streams: false, ttl: false });
  const meter = createUsageMeter();
  return { name: NAME, client, meter, table: createDynamoTable({ name: NAME, clock: systemClock, client, meter }) };
}
