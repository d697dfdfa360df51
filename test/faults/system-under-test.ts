/** Everything that a simulation drives, as it is deployed: the entry of the bundle that mutants change. */
export { createAdmin } from '../../lib/admin/create-admin.ts';
export { createAccountAws } from '../../lib/aws/account-aws.ts';
export { createCustomerAws } from '../../lib/aws/customer-aws.ts';
export { createDynamoTable } from '../../lib/aws/dynamodb-table.ts';
export { createMetricsAws } from '../../lib/aws/metrics-aws.ts';
export { createCollect } from '../../lib/collect/create-collect.ts';
export { createDiscover } from '../../lib/discover/create-discover.ts';
export { createIngest } from '../../lib/ingest/create-ingest.ts';
export { createScale } from '../../lib/scale/create-scale.ts';
export { createTick } from '../../lib/tick/create-tick.ts';
export { dynamoClient } from './sdk/dynamo-client.ts';
