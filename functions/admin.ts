import { createAdmin } from '../lib/admin/create-admin.ts';
import { createAccountAws } from '../lib/aws/account-aws.ts';
import { createCustomerAws } from '../lib/aws/customer-aws.ts';
import { createDynamoTable } from '../lib/aws/dynamodb-table.ts';
import { systemClock } from '../lib/clock.ts';
import { parseConfig } from '../lib/config.ts';
import { jsonJournal } from '../lib/journal.ts';
import { systemRandom } from '../lib/random.ts';

const config = parseConfig(process.env);
const aws = { deployment: config.deployment, region: config.region, clock: systemClock };

/** Function URL, signed with IAM: what the command line asks for. */
export const handler = createAdmin({
  table: createDynamoTable({ name: config.tableName, region: config.region, clock: systemClock }),
  customerAws: createCustomerAws(aws),
  accountAws: createAccountAws(aws),
  homeRegion: config.region,
  operatorAccountId: config.operatorAccountId,
  stage: config.stage,
  clock: systemClock,
  random: systemRandom,
  journal: jsonJournal((line) => process.stdout.write(`${line}\n`), systemClock.now),
  historyDays: config.historyDays,
  dueShards: config.dueShards,
});
