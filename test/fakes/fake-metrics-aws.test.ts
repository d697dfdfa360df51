import type { ConnectedAccount } from '../../lib/accounts/account.ts';
import { T0 } from '../builders/times.ts';
import { metricsAccount, metricsAwsContract } from '../contracts/metrics-aws.ts';
import { fakeMetricsAws } from './fake-metrics-aws.ts';

const { accountId } = metricsAccount;
const account: ConnectedAccount = {
  customer: 'acme',
  accountId,
  externalId: 'sluice-0123456789abcdef0123456789abcdef',
  roleArn: `arn:aws:iam::${accountId}:role/sluice/acme`,
};

metricsAwsContract('in memory', () => {
  const aws = fakeMetricsAws();
  return {
    aws,
    account,
    now: () => T0,
    setQueue: aws.setQueue,
    setMetric: (name, value) => aws.setMetric(name, value === undefined ? undefined : { value, at: T0 }),
    deny: () => aws.miss(accountId, 'denied'),
  };
});
