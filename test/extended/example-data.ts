import { createDynamoClient } from '../../lib/aws/dynamodb-client.ts';
import { createDynamoTable } from '../../lib/aws/dynamodb-table.ts';
import { systemClock } from '../../lib/clock.ts';
import { systemRandom } from '../../lib/random.ts';
import { createAccountStore } from '../../lib/stores/account-store.ts';
import { createCollectStore } from '../../lib/stores/collect-store.ts';
import { createConfigStore } from '../../lib/stores/config-store.ts';
import { createTokenStore } from '../../lib/stores/token-store.ts';
import { createWatchStore } from '../../lib/stores/watch-store.ts';
import { createTokenAuthority } from '../../lib/tokens/token-authority.ts';
import { anSqsTarget, aPolicy, aQueueTimeTarget } from '../builders/policies.ts';

const account = { customer: 'example', accountId: '111122223333' };
const web = { customer: 'example', name: 'web', group: 'default', arn: `arn:aws:ecs:us-east-1:${account.accountId}:service/shop/web` };
export const exampleRole = `arn:aws:iam::${account.accountId}:role/sluice/example`;

/**
 * Puts a service under care in a local table, so that reports are taken, and gives its token.
 * @param connected also an account with its role, to be looked at at once: functions then ask AWS, so AWS_ENDPOINT_URL has to name a stand-in.
 */
export async function putExample(env: Readonly<Record<string, string>>, { connected }: { readonly connected: boolean }): Promise<string> {
  const client = createDynamoClient({
    region: env['AWS_REGION'] ?? '',
    endpoint: env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
    credentials: { accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '', secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '' },
  });
  try {
    const table = createDynamoTable({ name: env['SLUICE_TABLE'] ?? '', clock: systemClock, client });
    const now = systemClock.now();
    await createConfigStore(table).put({ ...web, policy: aPolicy({ min: 1, targets: [aQueueTimeTarget(), anSqsTarget()] }) });
    if (connected) {
      const accounts = createAccountStore(table);
      const made = await accounts.create({ ...account, externalId: `sluice-${'0123456789abcdef'.repeat(2)}` });
      await accounts.bindRole(made, exampleRole, now);
      await createWatchStore(table).add({ ...account, region: 'us-east-1', cluster: 'shop' }, { service: web.name, group: web.group }, now);
      await createCollectStore(table).add(web, now);
    }
    const tokens = createTokenAuthority(createTokenStore(table), systemClock, systemRandom);
    return await tokens.issue({ customer: web.customer, service: web.name, group: web.group });
  } finally {
    client.destroy();
  }
}
