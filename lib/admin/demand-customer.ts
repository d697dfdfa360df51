import type { AccountStore, ConfigStore } from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';
import type { Caller } from './caller.ts';
import { everyCustomer } from './list-discovered.ts';

export interface DemandCustomerDeps {
  readonly configs: Pick<ConfigStore, 'customers' | 'ofCustomer'>;
  readonly accounts: Pick<AccountStore, 'ofCustomer' | 'connected'>;
  readonly caller: Caller;
}

/**
 * A customer that is asked about has services or accounts: a name that was mistyped is told, with those that there are, and not
 * answered with nothing. Who is limited to a customer may ask about it before there is anything of it, and learns of no other.
 * @throws BadRequest
 */
export async function demandCustomer(deps: DemandCustomerDeps, customer: string | undefined): Promise<void> {
  if (customer === undefined || deps.caller.customer !== undefined) return;
  const [configs, accounts] = await Promise.all([deps.configs.ofCustomer(customer), deps.accounts.ofCustomer(customer)]);
  if (configs.length > 0 || accounts.length > 0) return;
  const known = await everyCustomer(deps);
  throw new BadRequest([
    `customer: there is nothing of a customer ${customer}: neither a service nor an account. ${known.length === 0 ? 'There is no customer yet.' : `There are: ${known.join(', ')}.`}`,
  ]);
}
