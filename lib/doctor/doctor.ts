import type { ConnectedAccount } from '../accounts/account.ts';
import { serviceArn } from '../accounts/service-arn.ts';
import type { AccountAws } from '../discover/account-aws.ts';
import type { AccountKey } from '../discover/discover-account.ts';
import type { ProveDeps } from '../discover/prove-account.ts';
import { refusedWrites } from '../discover/refused-writes.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { AccountStore, ConfigStore, ControlStore } from '../stores/ports.ts';
import { type Check, checking, ok, wrong } from './check.ts';
import { checkProof, connection, RIGHT_ID } from './check-account.ts';
import { type AdapterDeps, checkAdapters } from './check-adapters.ts';
import { checkOurselves } from './check-ourselves.ts';
import { checkReads, checkRivals } from './check-reads.ts';

export interface DoctorDeps extends ProveDeps, AdapterDeps {
  readonly accountAws: AccountAws;
  readonly accounts: Pick<AccountStore, 'get'>;
  readonly configs: Pick<ConfigStore, 'ofCustomer' | 'group'>;
  readonly controls: Pick<ControlStore, 'getMany'>;
  readonly homeRegion: string;
}

/** What is to be looked at: one account of one customer, or Sluice itself. */
export type Patient = AccountKey | undefined;

/** Looks at it now, with this function's own credentials. An account that is not known has no checks. */
export async function examine(deps: DoctorDeps, patient: Patient): Promise<readonly Check[]> {
  if (patient === undefined) return checkOurselves(deps);
  const { customer, accountId } = patient;
  const account = await deps.accounts.get(customer, accountId);
  if (account === undefined) return [];
  const services = (await deps.configs.ofCustomer(customer)).filter(({ arn }) => serviceArn(arn).accountId === accountId);
  const { check, connected } = connection(account);
  if (connected === undefined) return [check, ...(await checkAdapters(deps, services))];

  const proof = await checkProof(deps, connected, services, deps.homeRegion);
  const assumed = proof.some(({ check: name, result }) => name === RIGHT_ID && result === 'ok');
  const inside = assumed ? await checkInside(deps, connected, services) : [];
  return [check, ...proof, ...inside, ...(await checkWrites(deps, services)), ...(await checkAdapters(deps, services))];
}

/** What the role lets be seen. */
const checkInside = (deps: DoctorDeps, account: ConnectedAccount, services: readonly ServiceConfig[]) =>
  checking('reads', async () => {
    const explorer = await deps.accountAws.explorer(account);
    const region = services[0] === undefined ? deps.homeRegion : serviceArn(services[0].arn).region;
    const reads = await checkReads(explorer, region, deps.clock.now());
    return [...reads, ...(await checking('rival scalers', () => checkRivals(explorer, services)))];
  });

/** What AWS said to the last change of each service that is scaled. */
async function checkWrites(deps: Pick<DoctorDeps, 'controls' | 'clock'>, services: readonly ServiceConfig[]): Promise<readonly Check[]> {
  const scaled = services.filter(({ policy }) => policy.mode === 'on' || policy.mode === 'out-only');
  if (scaled.length === 0) return [];
  const [refused] = await refusedWrites(deps, scaled, deps.clock.now());
  if (refused === undefined) return [ok('writes', 'AWS refused none of the last changes.')];
  return [wrong('writes', refused.why, 'For each of them: sluice enable SERVICE prints the list that the write template needs.')];
}
