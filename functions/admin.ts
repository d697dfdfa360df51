import { createAdmin } from '../lib/admin/create-admin.ts';
import { createCustomerAws } from '../lib/aws/customer-aws.ts';
import { createDynamoTable } from '../lib/aws/dynamodb-table.ts';
import { functionTelemetry } from '../lib/aws/function-telemetry.ts';
import { createAsker } from '../lib/aws/invoke-function.ts';
import { systemClock } from '../lib/clock.ts';
import { parseConfig } from '../lib/config.ts';
import { systemRandom } from '../lib/random.ts';

const config = parseConfig(process.env);
const telemetry = functionTelemetry('admin', config);
const aws = { deployment: config.deployment, region: config.region, clock: systemClock };

/** Function URL, signed with IAM: what the command line asks for. */
export const handler = telemetry.around(
  createAdmin({
    table: createDynamoTable({ name: config.tableName, region: config.region, clock: systemClock }),
    customerAws: createCustomerAws(aws),
    examine: createAsker({ functionName: `sluice-${config.stage}-discover`, region: config.region }),
    operatorAccountId: config.operatorAccountId,
    stage: config.stage,
    ...(config.reportsUrl === undefined ? {} : { reportsUrl: config.reportsUrl }),
    clock: systemClock,
    random: systemRandom,
    journal: telemetry.journal,
    historyDays: config.historyDays,
    changeDays: config.changeDays,
    dueShards: config.dueShards,
  }),
);
