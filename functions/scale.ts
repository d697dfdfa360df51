import { createCustomerAws } from '../lib/aws/customer-aws.ts';
import { createDynamoTable } from '../lib/aws/dynamodb-table.ts';
import { functionTelemetry } from '../lib/aws/function-telemetry.ts';
import { systemClock } from '../lib/clock.ts';
import { parseConfig } from '../lib/config.ts';
import { systemRandom } from '../lib/random.ts';
import { createScale } from '../lib/scale/create-scale.ts';

const config = parseConfig(process.env);
const telemetry = functionTelemetry('scale', config);

/** Table stream: decisions that have not been acted upon. */
export const handler = telemetry.around(
  createScale({
    table: createDynamoTable({ name: config.tableName, region: config.region, clock: systemClock }),
    customerAws: createCustomerAws({ deployment: config.deployment, region: config.region, clock: systemClock }),
    clock: systemClock,
    random: systemRandom,
    journal: telemetry.journal,
    historyDays: config.historyDays,
    dueShards: config.dueShards,
  }),
);
