import type { Account } from '../accounts/account.ts';
import { parseProblem, problemValue } from './control-item.ts';
import { isKeyName } from './key-name.ts';
import { keys } from './keys.ts';
import type { AccountStore } from './ports.ts';
import { itemSchema, readFields } from './read-fields.ts';
import type { Item, Table } from './table.ts';
import type { ListOptions } from './unreadable-item.ts';
import { readable } from './unreadable-item.ts';

/** Connected accounts, and which customer a role belongs to. */
export const createAccountStore = (table: Table, options: ListOptions = {}): AccountStore => {
  const get = async (customer: string, accountId: string): Promise<Account | undefined> => {
    const item = await table.get(keys.account(customer, accountId), { consistent: true });
    return item && parseAccount(item);
  };
  /** Gives a role up, if it is this customer's. */
  const releaseRole = (customer: string, roleArn: string) =>
    table.delete(keys.roleClaim(roleArn), { kind: 'equals', attribute: 'customer', value: customer });

  return {
    get,

    ofCustomer: async (customer) =>
      readable(await table.query({ pk: keys.account(customer, '').pk, consistent: true }), parseAccount, options),

    // Each role that is bound has a claim, and there is one partition of those.
    connected: async () =>
      readable(
        await table.query({ pk: keys.roleClaims() }),
        (item) => {
          const fields = readFields(item);
          const [customer, accountId] = [fields.text('customer'), fields.text('account')];
          return isKeyName(customer) ? { customer, accountId } : fields.fail('customer', 'is no name of a customer');
        },
        options,
      ),

    async create(account) {
      if ((await table.put(toItem(account), { kind: 'absent' })) === 'written') return account;
      const there = await get(account.customer, account.accountId);
      if (!there) throw new Error(`account ${account.accountId} of ${account.customer} was removed while it was being stored; try again`);
      return there;
    },

    async bindRole(account, roleArn, provedAt) {
      const { customer, accountId, externalId } = account;
      const claimed = await table.put(
        { ...keys.roleClaim(roleArn), schema: itemSchema, customer, account: accountId },
        { kind: 'any', of: [{ kind: 'absent' }, { kind: 'equals', attribute: 'customer', value: customer }] },
      );
      if (claimed === 'condition-failed') return 'belongs-to-another-customer';
      const before = await get(customer, accountId);
      const bound = await table.update(
        keys.account(customer, accountId),
        { set: { roleArn, provedAt }, remove: ['problem'] },
        // The proof was made with this external ID and holds for no other.
        { kind: 'equals', attribute: 'externalId', value: externalId },
      );
      if (bound === 'condition-failed') {
        await releaseRole(customer, roleArn);
        throw new Error(`account ${accountId} of ${customer} was removed or replaced while its role was being proved; connect it again`);
      }
      if (before?.roleArn !== undefined && before.roleArn !== roleArn) await releaseRole(customer, before.roleArn);
      return 'bound';
    },

    async setProblem({ customer, accountId, externalId }, problem) {
      await table.update(
        keys.account(customer, accountId),
        problem ? { set: { problem: problemValue(problem) } } : { remove: ['problem'] },
        // An account that was removed in the meantime does not come back as a mere problem.
        { kind: 'equals', attribute: 'externalId', value: externalId },
      );
    },

    async remove(customer, accountId) {
      const account = await get(customer, accountId);
      await table.delete(keys.account(customer, accountId));
      if (account?.roleArn !== undefined) await releaseRole(customer, account.roleArn);
    },
  };
};

const toItem = (account: Account): Item => ({
  ...keys.account(account.customer, account.accountId),
  schema: itemSchema,
  externalId: account.externalId,
  ...(account.roleArn !== undefined && { roleArn: account.roleArn }),
  ...(account.provedAt !== undefined && { provedAt: account.provedAt }),
  ...(account.problem && { problem: problemValue(account.problem) }),
});

const parseAccount = (item: Item): Account => {
  const fields = readFields(item);
  const [, customer] = /^([^#]+)#a$/.exec(item.pk) ?? [];
  if (customer === undefined) return fields.fail('pk', 'is not that of an account');
  return {
    customer,
    accountId: item.sk,
    externalId: fields.text('externalId'),
    ...(fields.has('roleArn') && { roleArn: fields.text('roleArn') }),
    ...(fields.has('provedAt') && { provedAt: fields.number('provedAt') }),
    ...(fields.has('problem') && { problem: parseProblem(fields.fields('problem')) }),
  };
};
