import { expect, test } from 'vitest';
import type { Account, ConnectedAccount } from '../../../lib/accounts/account.ts';
import { type ConnectDeps, connectAccount } from '../../../lib/accounts/connect-account.ts';
import { prepareAccount } from '../../../lib/accounts/prepare-account.ts';
import { systemClock } from '../../../lib/clock.ts';
import { systemRandom } from '../../../lib/random.ts';
import type { AccountStore } from '../../../lib/stores/ports.ts';
import { fakeCustomerAws } from '../../fakes/fake-customer-aws.ts';

const NOW = Date.UTC(2026, 10, 22, 8);
const accountId = '111122223333';
const roleArn = `arn:aws:iam::${accountId}:role/sluice/reader`;

type AccountsInMemory = Pick<AccountStore, 'get' | 'create' | 'bindRole' | 'setProblem'>;

function accountsInMemory(): AccountsInMemory {
  const accounts = new Map<string, Account>();
  const owners = new Map<string, string>();
  const keyOf = (account: Pick<Account, 'customer' | 'accountId'>) => `${account.customer}#${account.accountId}`;
  return {
    get: async (customer, id) => accounts.get(keyOf({ customer, accountId: id })),
    create: async (account) => {
      const stored = accounts.get(keyOf(account)) ?? account;
      accounts.set(keyOf(account), stored);
      return stored;
    },
    bindRole: async (account, role, provedAt) => {
      if ((owners.get(role) ?? account.customer) !== account.customer) return 'belongs-to-another-customer';
      owners.set(role, account.customer);
      accounts.set(keyOf(account), { ...account, roleArn: role, provedAt });
      return 'bound';
    },
    setProblem: async (account, problem) => {
      const { problem: _, ...rest } = accounts.get(keyOf(account)) ?? account;
      accounts.set(keyOf(account), problem === undefined ? rest : { ...rest, problem });
    },
  };
}

async function start() {
  const accounts = accountsInMemory();
  const aws = fakeCustomerAws();
  const deps: ConnectDeps = {
    accounts,
    aws,
    clock: { ...systemClock, now: () => NOW },
    random: systemRandom,
    operatorAccountId: '999988887777',
  };
  const prepared = await prepareAccount({ accounts, random: systemRandom }, { customer: 'acme', accountId });
  if (!prepared.ok) throw new Error(prepared.problems.join());
  const account: ConnectedAccount = { ...prepared.value, roleArn };
  return { accounts, aws, deps, account };
}
const request = { customer: 'acme', accountId, roleArn };

test('the external ID is made and stored before a role is named, and stays the same', async () => {
  const { accounts, account } = await start();
  expect(await accounts.get('acme', accountId)).toEqual({ customer: 'acme', accountId, externalId: account.externalId });
  const again = await prepareAccount({ accounts, random: systemRandom }, { customer: 'acme', accountId });
  expect(again).toMatchObject({ ok: true, value: { externalId: account.externalId } });
});

test('one account id under two customers has two external IDs', async () => {
  const { accounts, account } = await start();
  const other = await prepareAccount({ accounts, random: systemRandom }, { customer: 'globex', accountId });
  expect(other).toMatchObject({ ok: true, value: { customer: 'globex' } });
  expect(other.ok && other.value.externalId).not.toBe(account.externalId);
});

test('an account id that is none is refused with the rule, and nothing is stored', async () => {
  const { accounts } = await start();
  const result = await prepareAccount({ accounts, random: systemRandom }, { customer: 'acme', accountId: '1234' });
  expect(result).toMatchObject({ ok: false, problems: [expect.stringContaining('twelve digits')] });
  expect(await accounts.get('acme', '1234')).toBeUndefined();
});

test('a role that is proved is bound to its account', async () => {
  const { accounts, aws, deps, account } = await start();
  aws.addRole(account);
  const connected = { ...account, provedAt: NOW };
  expect(await connectAccount(deps, request)).toEqual({ connected: true, account: connected, warnings: [] });
  expect(await accounts.get('acme', accountId)).toEqual(connected);
});

test('a role that fails its proof is not stored', async () => {
  const { accounts, aws, deps, account } = await start();
  aws.addRole(account, { open: true });
  expect(await connectAccount(deps, request)).toMatchObject({ connected: false, code: 'TrustTooOpen' });
  expect((await accounts.get('acme', accountId))?.roleArn).toBeUndefined();
});

test('an account without an external ID has to be prepared first; its role is not even tried', async () => {
  const { aws, deps } = await start();
  expect(await connectAccount(deps, { ...request, customer: 'globex' })).toMatchObject({ connected: false, code: 'AccountNotPrepared' });
  expect(aws.calls).toEqual([]);
});

test('another customer cannot take over a role that is bound already', async () => {
  const { accounts, aws, deps, account } = await start();
  aws.addRole(account);
  await connectAccount(deps, request);
  const other = await prepareAccount({ accounts, random: systemRandom }, { customer: 'globex', accountId });
  if (!other.ok) throw new Error(other.problems.join());
  // The role now trusts the other customer's ID, and no longer the first one's.
  aws.addRole({ ...other.value, roleArn });
  const result = await connectAccount(deps, { ...request, customer: 'globex' });
  expect(result).toMatchObject({ connected: false, code: 'RoleOfAnotherCustomer' });
  expect(JSON.stringify(result)).not.toContain('acme');
  expect((await accounts.get('globex', accountId))?.roleArn).toBeUndefined();
});

test('connecting again mends an account that had a problem', async () => {
  const { accounts, aws, deps, account } = await start();
  aws.addRole(account);
  await connectAccount(deps, request);
  await accounts.setProblem(account, { code: 'AccessDenied', why: 'the role was gone', at: NOW });
  const result = await connectAccount(deps, request);
  expect(result).toMatchObject({ connected: true });
  expect(result.connected && result.account.problem).toBeUndefined();
  expect((await accounts.get('acme', accountId))?.problem).toBeUndefined();
});
