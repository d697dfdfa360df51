import { createDynamoTable } from '../lib/aws/dynamodb-table.ts';
import { functionTelemetry } from '../lib/aws/function-telemetry.ts';
import { systemClock } from '../lib/clock.ts';
import { parseConfig } from '../lib/config.ts';
import { createIngest } from '../lib/ingest/create-ingest.ts';
import { systemRandom } from '../lib/random.ts';

const config = parseConfig(process.env);
const telemetry = functionTelemetry('ingest', config);

/** Function URL: reports of app-side adapters. */
export const handler = telemetry.around(
  createIngest({
    table: createDynamoTable({ name: config.tableName, region: config.region, clock: systemClock }),
    clock: systemClock,
    random: systemRandom,
    journal: telemetry.journal,
    historyDays: config.historyDays,
    dueShards: config.dueShards,
  }),
);
