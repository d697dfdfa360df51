import * as z from 'zod/mini';
import type { Check } from '../doctor/check.ts';
import type { AccountStore, ConfigStore, DiscoveryStore } from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';
import { everyCustomer } from './list-discovered.ts';

export interface ExamineDeps {
  /** Asks the function `discover`, which has the calls and the role that it takes. */
  readonly examine: (event: ExamineEvent) => Promise<unknown>;
  readonly accounts: Pick<AccountStore, 'get' | 'ofCustomer' | 'connected'>;
  readonly configs: Pick<ConfigStore, 'customers' | 'ofCustomer'>;
  readonly discovery: Pick<DiscoveryStore, 'health' | 'healthOf'>;
}

export interface ExamineEvent {
  /** Without an account: Sluice itself. */
  readonly examine: { readonly customer?: string; readonly accountId?: string };
}

export interface KnownAccount {
  readonly customer: string;
  readonly accountId: string;
  /** Its alias. */
  readonly name: string | null;
}

type Checks = readonly Check[];

const answer = z.object({
  checks: z.array(
    z.object({
      check: z.string(),
      result: z.enum(['ok', 'note', 'wrong', 'unknown']),
      what: z.string(),
      mend: z.optional(z.string()),
    }),
  ),
});

/** What is not about one account, and which accounts there are, of one customer or of all. */
export async function examineSluice(
  deps: ExamineDeps,
  customer: string | undefined,
): Promise<{ readonly checks: Checks; readonly accounts: readonly KnownAccount[] }> {
  const customers = customer === undefined ? await everyCustomer(deps) : [customer];
  const accounts = await Promise.all(
    customers.map(async (one) => {
      const [known, healths] = await Promise.all([deps.accounts.ofCustomer(one), deps.discovery.healthOf(one)]);
      return known.map(({ accountId }) => ({
        customer: one,
        accountId,
        name: healths.find((health) => health.accountId === accountId)?.alias ?? null,
      }));
    }),
  );
  return { checks: await ask(deps, {}), accounts: accounts.flat() };
}

/** One account of one customer. Throws `BadRequest` where that customer has no such account. */
export async function examineAccount(
  deps: ExamineDeps,
  { customer, accountId }: { readonly customer: string; readonly accountId: string },
): Promise<KnownAccount & { readonly checks: Checks }> {
  if ((await deps.accounts.get(customer, accountId)) === undefined)
    throw new BadRequest([`accountId: account ${accountId} is not known for customer ${customer}; connect it first`]);
  const health = await deps.discovery.health(customer, accountId);
  return { customer, accountId, name: health?.alias ?? null, checks: await ask(deps, { customer, accountId }) };
}

async function ask(deps: ExamineDeps, about: ExamineEvent['examine']): Promise<Checks> {
  const parsed = answer.safeParse(await deps.examine({ examine: about }));
  if (!parsed.success) throw new Error('the function discover answered in a form that is not known here: is it of another version?');
  return parsed.data.checks.map(({ mend, ...check }) => ({ ...check, ...(mend === undefined ? {} : { mend }) }));
}
