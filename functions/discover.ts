import { createAccountAws } from '../lib/aws/account-aws.ts';
import { createCustomerAws } from '../lib/aws/customer-aws.ts';
import { createDynamoTable } from '../lib/aws/dynamodb-table.ts';
import { functionTelemetry } from '../lib/aws/function-telemetry.ts';
import { createInvoker } from '../lib/aws/invoke-function.ts';
import { systemClock } from '../lib/clock.ts';
import { parseConfig } from '../lib/config.ts';
import { createDiscover } from '../lib/discover/create-discover.ts';
import { systemRandom } from '../lib/random.ts';

const config = parseConfig(process.env);
const telemetry = functionTelemetry('discover', config);
const aws = { deployment: config.deployment, region: config.region, clock: systemClock };

/** Every hour: what connected accounts hold, in invocations of this function for each; once a day the proof of their roles. */
export const handler = telemetry.around(
  createDiscover({
    table: createDynamoTable({ name: config.tableName, region: config.region, clock: systemClock }),
    customerAws: createCustomerAws(aws),
    accountAws: createAccountAws(aws),
    operatorAccountId: config.operatorAccountId,
    homeRegion: config.region,
    fanOut: createInvoker({ functionName: config.functionName, region: config.region }),
    clock: systemClock,
    random: systemRandom,
    journal: telemetry.journal,
    historyDays: config.historyDays,
    dueShards: config.dueShards,
  }),
);
