import { parseRoleArn } from '../accounts/role-arn.ts';
import { serviceArn } from '../accounts/service-arn.ts';
import { stackNames } from '../accounts/stack-names.ts';
import { writeParts } from '../accounts/write-parts.ts';
import type { AccountStore, ConfigStore } from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';

export interface WriteAccess {
  readonly customer: string;
  readonly service: string;
  readonly mode: string;
  readonly accountId: string;
  readonly roleName: string;
  /** What each write stack is to list. */
  readonly stacks: readonly { readonly stackName: string; readonly services: readonly string[] }[];
}

/**
 * What the write policy of an account has to list so that this service can be scaled: it, and every other service of this
 * customer there that is scaled already. Those in `off` and `observe` need no permission to write and are asked for none.
 */
export async function writeAccess(
  deps: { readonly configs: Pick<ConfigStore, 'find' | 'ofCustomer'>; readonly accounts: Pick<AccountStore, 'get'> },
  { customer, service }: { readonly customer: string; readonly service: string },
): Promise<WriteAccess> {
  const config = await deps.configs.find(customer, service);
  if (!config) throw new BadRequest([`service: customer ${customer} has no service ${service}`]);
  const { accountId } = serviceArn(config.arn);
  const account = await deps.accounts.get(customer, accountId);
  const role = account?.roleArn === undefined ? undefined : parseRoleArn(account.roleArn);
  if (!role?.ok) throw new BadRequest([`service: account ${accountId} of ${service} is not connected for customer ${customer}`]);
  const scaled = (await deps.configs.ofCustomer(customer)).filter(
    ({ arn, name, policy }) =>
      serviceArn(arn).accountId === accountId && (name === service || policy.mode === 'on' || policy.mode === 'out-only'),
  );
  return {
    customer,
    service,
    mode: config.policy.mode,
    accountId,
    roleName: role.value.name,
    stacks: writeParts(scaled.map(({ arn }) => arn)).map((services, part) => ({ stackName: stackNames.write(customer, part), services })),
  };
}
