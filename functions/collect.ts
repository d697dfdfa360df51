import { createDynamoTable } from '../lib/aws/dynamodb-table.ts';
import { functionTelemetry } from '../lib/aws/function-telemetry.ts';
import { createInvoker } from '../lib/aws/invoke-function.ts';
import { createMetricsAws } from '../lib/aws/metrics-aws.ts';
import { systemClock } from '../lib/clock.ts';
import { createCollect } from '../lib/collect/create-collect.ts';
import { parseConfig } from '../lib/config.ts';
import { systemRandom } from '../lib/random.ts';

const config = parseConfig(process.env);
const telemetry = functionTelemetry('collect', config);

/** Every minute: depths of queues and metrics, which no adapter reports, in shards that this function hands itself. */
export const handler = telemetry.around(
  createCollect({
    table: createDynamoTable({ name: config.tableName, region: config.region, clock: systemClock }),
    metricsAws: createMetricsAws({ deployment: config.deployment, region: config.region, clock: systemClock }),
    fanOut: createInvoker({ functionName: config.functionName, region: config.region }),
    clock: systemClock,
    random: systemRandom,
    journal: telemetry.journal,
    historyDays: config.historyDays,
    dueShards: config.dueShards,
  }),
);
