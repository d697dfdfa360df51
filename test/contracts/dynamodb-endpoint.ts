import { once } from 'node:events';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { createTable } from '../../lib/aws/create-table.ts';
import { createDynamoTable } from '../../lib/aws/dynamodb-table.ts';
import { systemClock } from '../../lib/clock.ts';
import { systemRandom } from '../../lib/random.ts';
import { createUsageMeter } from '../../lib/stores/usage.ts';
import type { TableUnderTest } from './table-contract.ts';

/** A client for a database on this machine, which takes any credentials. */
export const localClient = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'sluicetests', secretAccessKey: 'none' },
    maxAttempts: 1,
  });

/** A new table at an endpoint, behind the real adapter. */
export const tableAt = async (
  endpoint: string,
  can: { readonly streams: boolean; readonly ttl: boolean },
): Promise<TableUnderTest & { readonly name: string }> => {
  const client = localClient(endpoint);
  const name = `sluice-${Math.random().toString(36).slice(2)}`;
  await createTable(client, { name, clock: systemClock, ...can });
  const meter = createUsageMeter();
  const table = createDynamoTable({ client, name, clock: systemClock, random: systemRandom, meter });
  return { name, table, usage: meter.total, close: async () => client.destroy() };
};

/** Dynalite in this process, on a port of its own. */
export const startDynalite = async (): Promise<{ readonly endpoint: string; readonly stop: () => Promise<void> }> => {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('dynalite was given no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** A new table in a dynalite of its own. */
export const tableInDynalite = async (): Promise<TableUnderTest> => {
  const { endpoint, stop } = await startDynalite();
  const under = await tableAt(endpoint, { streams: false, ttl: false });
  return {
    ...under,
    close: async () => {
      await under.close?.();
      await stop();
    },
  };
};
