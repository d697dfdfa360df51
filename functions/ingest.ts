import { createDynamoTable } from '../lib/aws/dynamodb-table.ts';
import { systemClock } from '../lib/clock.ts';
import { parseConfig } from '../lib/config.ts';
import { createIngest } from '../lib/ingest/create-ingest.ts';
import { jsonJournal } from '../lib/journal.ts';
import { systemRandom } from '../lib/random.ts';

const config = parseConfig(process.env);

/** Function URL: reports of app-side adapters. */
export const handler = createIngest({
  table: createDynamoTable({ name: config.tableName, region: config.region, clock: systemClock }),
  clock: systemClock,
  random: systemRandom,
  journal: jsonJournal((line) => process.stdout.write(`${line}\n`), systemClock.now),
  historyDays: config.historyDays,
  dueShards: config.dueShards,
});
