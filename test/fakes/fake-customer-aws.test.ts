import { describe, expect, test } from 'vitest';
import type { ConnectedAccount } from '../../lib/accounts/account.ts';
import { contractServices, customerAwsContract } from '../contracts/customer-aws.ts';
import { fakeCustomerAws } from './fake-customer-aws.ts';

const { accountId, region, writable } = contractServices;
const account: ConnectedAccount = {
  customer: 'acme',
  accountId,
  externalId: 'sluice-0123456789abcdef0123456789abcdef',
  roleArn: `arn:aws:iam::${accountId}:role/sluice/reader`,
};
const arn = writable[0];

function start() {
  const aws = fakeCustomerAws();
  aws.addRole(account, { writable });
  return { aws, account, put: aws.put, desiredCount: (of: string) => aws.service(of)?.desired, calls: () => aws.calls };
}

customerAwsContract('in memory', start);

describe('faults of the one in memory', () => {
  test('fail the next calls of one action and no more', async () => {
    const { aws } = start();
    aws.put({ arn });
    aws.fail('ecs:DescribeServices', 'throttled', 2);
    const reader = await aws.reader(account, region, [arn]);
    await expect(reader.describe('shop', ['web'])).rejects.toMatchObject({ kind: 'throttled' });
    await expect(reader.describe('shop', ['web'])).rejects.toMatchObject({ kind: 'throttled' });
    expect((await reader.describe('shop', ['web'])).found).toHaveLength(1);
    expect(aws.calls.map((call) => call.result)).toEqual(['done', 'throttled', 'throttled', 'done']);
  });

  test('can lose the answer of a write that happened', async () => {
    const { aws } = start();
    aws.put({ arn, desired: 2 });
    aws.fail('ecs:UpdateService', 'after-effect');
    const writer = await aws.writer(account, arn, 'd1');
    await expect(writer.setDesiredCount(4)).rejects.toMatchObject({ kind: 'timeout' });
    expect(aws.service(arn)?.desired).toBe(4);
  });
});
