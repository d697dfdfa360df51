import { describe, expect, test } from 'vitest';
import type { ConnectedAccount } from '../../../lib/accounts/account.ts';
import { isExternalId } from '../../../lib/accounts/external-id.ts';
import { proveTrust, type TrustDeps } from '../../../lib/accounts/prove-trust.ts';
import type { AwsFailureKind } from '../../../lib/aws/aws-failure.ts';
import { systemRandom } from '../../../lib/random.ts';
import { fakeCustomerAws } from '../../fakes/fake-customer-aws.ts';

const operatorAccountId = '999988887777';
const account: ConnectedAccount = {
  customer: 'acme',
  accountId: '111122223333',
  externalId: 'sluice-0123456789abcdef0123456789abcdef',
  roleArn: 'arn:aws:iam::111122223333:role/sluice/reader',
};

function start(options: { readonly open?: boolean; readonly role?: boolean } = {}) {
  const aws = fakeCustomerAws();
  if (options.role !== false) aws.addRole(account, { open: options.open ?? false });
  const deps: TrustDeps = { aws, random: systemRandom, operatorAccountId };
  return { aws, deps };
}
const triedIds = (aws: ReturnType<typeof fakeCustomerAws>) =>
  aws.calls.filter((call) => call.action === 'sts:AssumeRole').map((call) => call.parameters['externalId']);

test('trust is proved by three attempts: the right ID passes, none and a wrong one are denied', async () => {
  const { aws, deps } = start();
  expect(await proveTrust(deps, account, account.roleArn)).toEqual({ proved: true, accountId: account.accountId, warnings: [] });
  const [right, none, wrong] = triedIds(aws);
  expect(triedIds(aws)).toHaveLength(3);
  expect(right).toBe(account.externalId);
  expect(none).toBeUndefined();
  expect(wrong).not.toBe(account.externalId);
  expect(isExternalId(String(wrong))).toBe(true);
});

test('each proof tries another wrong ID, so that none can be let through on purpose', async () => {
  const { aws, deps } = start();
  await proveTrust(deps, account, account.roleArn);
  await proveTrust(deps, account, account.roleArn);
  const wrong = triedIds(aws).filter((id) => id !== undefined && id !== account.externalId);
  expect(new Set(wrong).size).toBe(2);
});

test('a role that needs no external ID is refused as too open', async () => {
  const { deps } = start({ open: true });
  const proof = await proveTrust(deps, account, account.roleArn);
  expect(proof).toMatchObject({ proved: false, code: 'TrustTooOpen', why: expect.stringContaining(account.externalId) });
});

test('a role that needs some ID, but takes any, is refused as too open', async () => {
  const takesAny: TrustDeps['aws'] = {
    tryAssume: async (roleArn, externalId, about) => {
      if (externalId === undefined) return await start().aws.tryAssume(roleArn, undefined, about);
      return { accountId: about.accountId };
    },
  };
  const proof = await proveTrust({ ...start().deps, aws: takesAny }, account, account.roleArn);
  expect(proof).toMatchObject({ proved: false, code: 'TrustTooOpen', why: expect.stringContaining('with a wrong external ID') });
});

test('a foreign STS on loopback turns what is too open into warnings, when the local run says that it is one', async () => {
  const { deps } = start({ open: true });
  const proof = await proveTrust({ ...deps, foreignStsOnLoopback: true }, account, account.roleArn);
  expect(proof).toMatchObject({ proved: true, warnings: [{ code: 'TrustTooOpen' }, { code: 'TrustTooOpen' }] });
});

test('a foreign STS on loopback excuses nothing else', async () => {
  const { aws, deps } = start({ open: true });
  aws.fail('sts:GetCallerIdentity', 'throttled');
  expect(await proveTrust({ ...deps, foreignStsOnLoopback: true }, account, account.roleArn)).toMatchObject({
    proved: false,
    code: 'Inconclusive',
  });
});

test('a role that is not there, or trusts somebody else, is not assumable; nothing more is tried', async () => {
  const { aws, deps } = start({ role: false });
  const proof = await proveTrust(deps, account, account.roleArn);
  expect(proof).toMatchObject({ proved: false, code: 'RoleNotAssumable', why: expect.stringContaining('AccessDenied') });
  expect(aws.calls).toHaveLength(1);
});

describe('anything but AccessDenied shows nothing', () => {
  const kinds: AwsFailureKind[] = ['throttled', 'expired', 'timeout', 'unavailable', 'invalid', 'not-found'];
  const attempts = ['right', 'none', 'wrong'] as const;
  test.each(kinds.flatMap((kind) => attempts.map((attempt, nth) => ({ kind, attempt, nth }))))(
    '$kind at the attempt with the $attempt ID is inconclusive',
    async ({ kind, nth }) => {
      const { aws, deps } = start();
      let attempt = 0;
      aws.before = (action) => {
        if (action === 'sts:AssumeRole' && attempt++ === nth) aws.fail(action, kind);
      };
      const proof = await proveTrust(deps, account, account.roleArn);
      expect(proof).toMatchObject({ proved: false, code: 'Inconclusive', why: expect.stringContaining('try again') });
    },
  );

  test('a denial of another call than AssumeRole is no proof either', async () => {
    const { aws, deps } = start({ open: true });
    let asked = 0;
    aws.before = (action) => {
      if (action === 'sts:GetCallerIdentity' && ++asked > 1) aws.fail(action, 'denied');
    };
    expect(await proveTrust(deps, account, account.roleArn)).toMatchObject({ proved: false, code: 'Inconclusive' });
  });

  test('a fault of our own is not taken for an answer', async () => {
    const broken: TrustDeps['aws'] = { tryAssume: async () => Promise.reject(new TypeError('a bug')) };
    await expect(proveTrust({ ...start().deps, aws: broken }, account, account.roleArn)).rejects.toThrow('a bug');
  });
});

describe('before anything is assumed', () => {
  test('a role of another account than the one to connect is refused', async () => {
    const { aws, deps } = start();
    const proof = await proveTrust(deps, account, 'arn:aws:iam::444455556666:role/sluice/reader');
    expect(proof).toMatchObject({ proved: false, code: 'WrongAccount', why: expect.stringContaining('444455556666') });
    expect(aws.calls).toEqual([]);
  });

  test('what is not the ARN of a role is refused with its rules', async () => {
    const { aws, deps } = start();
    expect(await proveTrust(deps, account, 'arn:aws:iam::1:user/jo')).toMatchObject({ proved: false, code: 'BadRoleArn' });
    expect(aws.calls).toEqual([]);
  });

  test("the operator's own account is refused unless asked for", async () => {
    const { aws, deps } = start();
    const own = { ...deps, operatorAccountId: account.accountId };
    expect(await proveTrust(own, account, account.roleArn)).toMatchObject({ proved: false, code: 'OwnAccount' });
    expect(aws.calls).toEqual([]);
    expect(await proveTrust(own, account, account.roleArn, { allowOwnAccount: true })).toMatchObject({ proved: true });
  });
});

test('a session that turns out to be of another account is refused', async () => {
  const elsewhere: TrustDeps['aws'] = { tryAssume: async () => ({ accountId: '444455556666' }) };
  const proof = await proveTrust({ ...start().deps, aws: elsewhere }, account, account.roleArn);
  expect(proof).toMatchObject({ proved: false, code: 'WrongAccount', why: expect.stringContaining('444455556666') });
});
