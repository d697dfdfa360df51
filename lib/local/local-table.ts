import { randomBytes } from 'node:crypto';
import { createTable } from '../aws/create-table.ts';
import { createDynamoClient } from '../aws/dynamodb-client.ts';
import { createDynamoTable } from '../aws/dynamodb-table.ts';
import { createStreamTap } from '../aws/stream-tap.ts';
import type { Clock } from '../clock.ts';
import type { TableChange } from '../stores/memory-table.ts';
import type { Table } from '../stores/table.ts';
import { type Database, startDatabase } from './database.ts';

export interface LocalTable {
  /** The table, whose writes are told to `onChange` in commit order. */
  open(onChange: (change: TableChange) => void): Table;
  close(): Promise<void>;
}

const REGION = 'us-east-1';
/** No database on this machine looks at them; they keep the SDK from searching for real ones. */
const MADE_UP = { accessKeyId: 'SLUICELOCAL', secretAccessKey: 'made-up' };

/**
 * An empty table: in the embedded database, or in one of the user's own. There it has a name of this run's, since what an
 * earlier run left (tokens of which only hashes are kept, a memory of other counts) would be of no use, and stays when the run ends.
 */
export async function startLocalTable(endpoint: string | undefined, clock: Clock): Promise<LocalTable> {
  const embedded: Database | undefined = endpoint === undefined ? await startDatabase() : undefined;
  const name = embedded === undefined ? `sluice-local-${randomBytes(4).toString('hex')}` : 'sluice-local';
  const client = createDynamoClient({ region: REGION, endpoint: embedded?.endpoint ?? endpoint ?? '', credentials: MADE_UP });
  // dynalite has neither; in another database the stream is tapped as well, and its own would only cost.
  await createTable(client, { name, clock, streams: false, ttl: false });
  return {
    open: (onChange) => {
      createStreamTap({ tableName: name, onChange }).attach(client);
      return createDynamoTable({ name, clock, client });
    },
    close: async () => {
      client.destroy();
      await embedded?.close();
    },
  };
}
