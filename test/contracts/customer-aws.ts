import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectedAccount } from '../../lib/accounts/account.ts';
import type { CustomerAws, ServiceDescription } from '../../lib/accounts/customer-aws.ts';
import type { AwsFailureKind } from '../../lib/aws/aws-failure.ts';
import { AwsFailure } from '../../lib/aws/aws-failure.ts';

/** What the suite needs around a `CustomerAws`: an account's AWS that can be prepared and looked into. */
export interface CustomerAwsUnderTest {
  readonly aws: CustomerAws;
  /** Its role requires its external ID, may describe every service, and may update `contractServices.writable` alone. */
  readonly account: ConnectedAccount;
  /** Creates or changes a service; its cluster exists from then on. */
  put(service: Partial<ServiceDescription> & { readonly arn: string }): Promise<void> | void;
  desiredCount(arn: string): Promise<number | undefined> | number | undefined;
  /** Calls so far, oldest first. */
  calls(): Promise<readonly SeenCall[]> | readonly SeenCall[];
  stop?(): Promise<void>;
}
export interface SeenCall {
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const accountId = '111122223333';
const region = 'eu-west-1';
const arnOf = (name: string, cluster = 'shop') => `arn:aws:ecs:${region}:${accountId}:service/${cluster}/${name}`;
export const contractServices = { accountId, region, writable: [arnOf('web')], readable: [arnOf('worker')] } as const;

/** What every `CustomerAws` does, the one in memory and the one that speaks to AWS. */
export function customerAwsContract(name: string, start: () => Promise<CustomerAwsUnderTest> | CustomerAwsUnderTest): void {
  describe(`customer's AWS: ${name}`, () => {
    let under: CustomerAwsUnderTest;
    beforeEach(async () => {
      under = await start();
      await under.put({ arn: arnOf('web'), desired: 3, running: 2, pending: 1 });
      await under.put({ arn: arnOf('worker'), desired: 5, running: 5, pending: 0 });
    });
    afterEach(async () => {
      await under.stop?.();
    });
    const read = async (names: readonly string[], cluster = 'shop') => {
      const reader = await under.aws.reader(
        under.account,
        region,
        names.map((each) => arnOf(each, cluster)),
      );
      return await reader.describe(cluster, names);
    };
    const stranger = () => ({ ...under.account, externalId: `sluice-${'0'.repeat(32)}` });

    test('a reader tells what exists from what does not', async () => {
      const { found, missing } = await read(['web', 'ghost', 'worker']);
      expect(found.map(({ name: service, desired, running, pending }) => ({ service, desired, running, pending }))).toEqual([
        { service: 'web', desired: 3, running: 2, pending: 1 },
        { service: 'worker', desired: 5, running: 5, pending: 0 },
      ]);
      expect(missing).toEqual(['ghost']);
    });

    test('a service at rest is an active replica service without a deployment, which its customer manages', async () => {
      const { found } = await read(['worker']);
      expect(found[0]).toMatchObject({
        arn: arnOf('worker'),
        status: 'ACTIVE',
        schedulingStrategy: 'REPLICA',
        deploymentController: 'ECS',
        resourceManagement: 'CUSTOMER',
        deployment: 'none',
      });
    });

    test.each([
      ['a daemon', { schedulingStrategy: 'DAEMON' }],
      ['one that is being deleted', { status: 'DRAINING' }],
      ['one that is gone', { status: 'INACTIVE' }],
      ['one that ECS Express manages', { resourceManagement: 'ECS' }],
      ['one that is being deployed', { deployment: 'in-progress' }],
      ['one whose deployment failed', { deployment: 'failed' }],
    ] as const)('%s is told apart', async (_, fields) => {
      await under.put({ arn: arnOf('worker'), ...fields });
      const { found } = await read(['worker']);
      expect(found[0]).toMatchObject(fields);
    });

    test('services are described at most ten at a time', async () => {
      const names = Array.from({ length: 23 }, (_, i) => `service-${i}`);
      for (const each of names) await under.put({ arn: arnOf(each) });
      const { found, missing } = await read(names);
      expect(found.map((service) => service.name)).toEqual(names);
      expect(missing).toEqual([]);
      const sizes = (await under.calls())
        .filter((call) => call.action === 'ecs:DescribeServices')
        .map((call) => (Array.isArray(call.parameters['services']) ? call.parameters['services'].length : undefined));
      expect(sizes).toEqual([10, 10, 3]);
    });

    test('a cluster that does not exist is not the same as a service that does not', async () => {
      await expectFailure(read(['web'], 'nowhere'), 'not-found', 'ecs:DescribeServices');
    });

    test('a reader for one service can look at no other', async () => {
      const reader = await under.aws.reader(under.account, region, [arnOf('web')]);
      await expectFailure(reader.describe('shop', ['worker']), 'denied', 'ecs:DescribeServices');
    });

    test('another external ID opens nothing', async () => {
      await expectFailure(under.aws.reader(stranger(), region, [arnOf('web')]), 'denied', 'sts:AssumeRole');
      await expectFailure(under.aws.writer(stranger(), arnOf('web'), 'decision-1'), 'denied', 'sts:AssumeRole');
    });

    test('a writer sends cluster, service and desired count and nothing else', async () => {
      const writer = await under.aws.writer(under.account, arnOf('web'), 'decision-1');
      expect(await writer.describe()).toMatchObject({ name: 'web', desired: 3 });
      await writer.setDesiredCount(7);
      expect(await under.desiredCount(arnOf('web'))).toBe(7);
      const writes = (await under.calls()).filter((call) => call.action === 'ecs:UpdateService');
      expect(writes.map((call) => call.parameters)).toEqual([{ cluster: 'shop', service: 'web', desiredCount: 7 }]);
    });

    test('a writer brings a service to zero', async () => {
      const writer = await under.aws.writer(under.account, arnOf('web'), 'decision-1');
      await writer.setDesiredCount(0);
      expect(await under.desiredCount(arnOf('web'))).toBe(0);
    });

    test('a service that the write policy does not list can be looked at and not changed', async () => {
      const writer = await under.aws.writer(under.account, arnOf('worker'), 'decision-1');
      expect(await writer.describe()).toMatchObject({ name: 'worker', desired: 5 });
      await expectFailure(writer.setDesiredCount(6), 'denied', 'ecs:UpdateService');
      expect(await under.desiredCount(arnOf('worker'))).toBe(5);
    });

    test('a writer says of a service that is gone that it is not there', async () => {
      const writer = await under.aws.writer(under.account, arnOf('ghost'), 'decision-1');
      expect(await writer.describe()).toBeUndefined();
    });

    test("a service of another account is out of reach of this account's role", async () => {
      const other = arnOf('web').replace(accountId, '444455556666');
      await expectFailure(under.aws.writer(under.account, other, 'decision-1'), 'invalid', 'ecs:UpdateService');
    });

    test('the proof of trust sees the right ID pass, and none or a wrong one denied', async () => {
      const { aws, account } = under;
      expect(await aws.tryAssume(account.roleArn, account.externalId, account)).toEqual({ accountId });
      await expectFailure(aws.tryAssume(account.roleArn, undefined, account), 'denied', 'sts:AssumeRole');
      await expectFailure(aws.tryAssume(account.roleArn, stranger().externalId, account), 'denied', 'sts:AssumeRole');
      await expectFailure(aws.tryAssume(account.roleArn, account.externalId.toUpperCase(), account), 'denied', 'sts:AssumeRole');
    });

    test('a role that is not there is denied, as AWS does not say which it is', async () => {
      const { aws, account } = under;
      await expectFailure(aws.tryAssume(`${account.roleArn}x`, account.externalId, account), 'denied', 'sts:AssumeRole');
    });
  });
}

async function expectFailure(attempt: Promise<unknown>, kind: AwsFailureKind, action: string): Promise<void> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AwsFailure);
  expect(error).toMatchObject({ kind, action });
}
