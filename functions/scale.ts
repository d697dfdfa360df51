import { createCustomerAws } from '../lib/aws/customer-aws.ts';
import { createDynamoTable } from '../lib/aws/dynamodb-table.ts';
import { systemClock } from '../lib/clock.ts';
import { parseConfig } from '../lib/config.ts';
import { jsonJournal } from '../lib/journal.ts';
import { systemRandom } from '../lib/random.ts';
import { createScale } from '../lib/scale/create-scale.ts';

const config = parseConfig(process.env);

/** Table stream: decisions that have not been acted upon. */
export const handler = createScale({
  table: createDynamoTable({ name: config.tableName, region: config.region, clock: systemClock }),
  customerAws: createCustomerAws({ deployment: config.deployment, region: config.region, clock: systemClock }),
  clock: systemClock,
  random: systemRandom,
  journal: jsonJournal((line) => process.stdout.write(`${line}\n`), systemClock.now),
  historyDays: config.historyDays,
  dueShards: config.dueShards,
});
