import { serviceArn } from '../../accounts/service-arn.ts';
import type { AccountAws } from '../../discover/account-aws.ts';
import type { ProveDeps } from '../../discover/prove-account.ts';
import { refusedWrites } from '../../discover/refused-writes.ts';
import type { ServiceConfig } from '../../policy/policy.ts';
import type { AccountStore, ConfigStore, ControlStore, DiscoveryStore } from '../../stores/ports.ts';
import { BadRequest } from '../bad-request.ts';
import { everyCustomer } from '../list-discovered.ts';
import { type Check, checking, ok, wrong } from './check.ts';
import { checkProof, connection } from './check-account.ts';
import { type AdapterDeps, checkAdapters } from './check-adapters.ts';
import { checkOurselves } from './check-ourselves.ts';
import { checkReads, checkRivals } from './check-reads.ts';

export interface DoctorDeps extends ProveDeps, AdapterDeps {
  readonly accountAws: AccountAws;
  readonly accounts: Pick<AccountStore, 'get' | 'ofCustomer' | 'connected'>;
  readonly configs: Pick<ConfigStore, 'customers' | 'ofCustomer' | 'group'>;
  readonly controls: Pick<ControlStore, 'getMany'>;
  readonly discovery: Pick<DiscoveryStore, 'health' | 'healthOf'>;
  readonly homeRegion: string;
}

export interface KnownAccount {
  readonly customer: string;
  readonly accountId: string;
  readonly name: string | null;
}

/** What is not about one account, and which accounts there are, of one customer or of all. */
export async function examineSluice(
  deps: DoctorDeps,
  customer: string | undefined,
): Promise<{ readonly checks: readonly Check[]; readonly accounts: readonly KnownAccount[] }> {
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
  return { checks: await checkOurselves(deps), accounts: accounts.flat() };
}

/** One account of one customer, looked at now and with this function's own credentials. */
export async function examineAccount(
  deps: DoctorDeps,
  { customer, accountId }: { readonly customer: string; readonly accountId: string },
): Promise<KnownAccount & { readonly checks: readonly Check[] }> {
  const account = await deps.accounts.get(customer, accountId);
  if (account === undefined)
    throw new BadRequest([`accountId: account ${accountId} is not known for customer ${customer}; connect it first`]);
  const health = await deps.discovery.health(customer, accountId);
  const services = (await deps.configs.ofCustomer(customer)).filter(({ arn }) => serviceArn(arn).accountId === accountId);
  const about = { customer, accountId, name: health?.alias ?? null };
  const { check, connected } = connection(account);
  if (connected === undefined) return { ...about, checks: [check, ...(await checkAdapters(deps, services))] };

  const proof = await checkProof(deps, connected, services, deps.homeRegion);
  const inside = proof.some(({ check: name, result }) => name === 'assumed with its external ID' && result === 'ok')
    ? await checking('reads', async () => {
        const explorer = await deps.accountAws.explorer(connected);
        const region = services[0] === undefined ? deps.homeRegion : serviceArn(services[0].arn).region;
        const reads = await checkReads(explorer, region, deps.clock.now());
        return [...reads, ...(await checking('rival scalers', () => checkRivals(explorer, services)))];
      })
    : [];
  return {
    ...about,
    checks: [check, ...proof, ...inside, ...(await checkWrites(deps, services)), ...(await checkAdapters(deps, services))],
  };
}

/** What AWS said to the last change of each service that is scaled. */
async function checkWrites(deps: Pick<DoctorDeps, 'controls' | 'clock'>, services: readonly ServiceConfig[]): Promise<readonly Check[]> {
  const scaled = services.filter(({ policy }) => policy.mode === 'on' || policy.mode === 'out-only');
  if (scaled.length === 0) return [];
  const [refused] = await refusedWrites(deps, scaled, deps.clock.now());
  if (refused === undefined) return [ok('writes', 'AWS refused none of the last changes.')];
  return [wrong('writes', refused.why, 'For each of them: sluice enable SERVICE prints the list that the write template needs.')];
}
