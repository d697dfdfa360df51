import { createDynamoTable } from '../lib/aws/dynamodb-table.ts';
import { createInvoker } from '../lib/aws/invoke-function.ts';
import { createMetricsAws } from '../lib/aws/metrics-aws.ts';
import { systemClock } from '../lib/clock.ts';
import { createCollect } from '../lib/collect/create-collect.ts';
import { parseConfig } from '../lib/config.ts';
import { jsonJournal } from '../lib/journal.ts';
import { systemRandom } from '../lib/random.ts';

const config = parseConfig(process.env);

/** Every minute: depths of queues and metrics, which no adapter reports, in shards that this function hands itself. */
export const handler = createCollect({
  table: createDynamoTable({ name: config.tableName, region: config.region, clock: systemClock }),
  metricsAws: createMetricsAws({ deployment: config.deployment, region: config.region, clock: systemClock }),
  fanOut: createInvoker({ functionName: config.functionName, region: config.region }),
  clock: systemClock,
  random: systemRandom,
  journal: jsonJournal((line) => process.stdout.write(`${line}\n`), systemClock.now),
  historyDays: config.historyDays,
  dueShards: config.dueShards,
});
