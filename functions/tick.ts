import { createCustomerAws } from '../lib/aws/customer-aws.ts';
import { createDynamoTable } from '../lib/aws/dynamodb-table.ts';
import { functionTelemetry } from '../lib/aws/function-telemetry.ts';
import { createInvoker } from '../lib/aws/invoke-function.ts';
import { systemClock } from '../lib/clock.ts';
import { parseConfig } from '../lib/config.ts';
import { systemRandom } from '../lib/random.ts';
import { createTick } from '../lib/tick/create-tick.ts';

const config = parseConfig(process.env);
const telemetry = functionTelemetry('tick', config);

/** Every minute: what is due is looked at, in shards that this function hands itself. */
export const handler = telemetry.around(
  createTick({
    table: createDynamoTable({ name: config.tableName, region: config.region, clock: systemClock }),
    customerAws: createCustomerAws({ deployment: config.deployment, region: config.region, clock: systemClock }),
    fanOut: createInvoker({ functionName: config.functionName, region: config.region }),
    clock: systemClock,
    random: systemRandom,
    journal: telemetry.journal,
    historyDays: config.historyDays,
    dueShards: config.dueShards,
  }),
);
