import type { Account, ConnectedAccount } from '../accounts/account.ts';
import { parseRoleArn } from '../accounts/role-arn.ts';
import { serviceArn } from '../accounts/service-arn.ts';
import { AwsFailure } from '../aws/aws-failure.ts';
import type { Instant } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { AccountStore, ConfigStore, ControlStore, DiscoveryStore } from '../stores/ports.ts';
import type { AccountAws, Explorer } from './account-aws.ts';
import type { AccountHealth, DiscoveredRegion, Finding, RegionHealth } from './discovered.ts';
import { type ExploredRegion, exploreRegion } from './explore-region.ts';
import { changes, missingPermissions, OF_THE_PROOF, permissionMissing, withFirstDate } from './findings.ts';
import { type Pace, pace } from './pace.ts';
import { type ClusterPlace, type ProveDeps, proveAccount } from './prove-account.ts';
import { refusedWrites } from './refused-writes.ts';
import { fallBackRegions } from './regions.ts';
import { whyNotScalable } from './scalable.ts';

export interface DiscoverDeps extends ProveDeps {
  readonly accountAws: AccountAws;
  readonly accounts: Pick<AccountStore, 'get' | 'setProblem'>;
  readonly configs: Pick<ConfigStore, 'ofCustomer' | 'putRival'>;
  readonly controls: Pick<ControlStore, 'getMany'>;
  readonly discovery: DiscoveryStore;
  readonly journal: Journal;
  /** Sluice's own Region: where an account is asked that has nothing under care. */
  readonly homeRegion: string;
}

export interface AccountKey {
  readonly customer: string;
  readonly accountId: string;
}

/** Less than a day, so that an hourly schedule that is a little early does not make it 25 hours. */
const PROVE_EVERY_MS = 23.5 * 3_600_000;
/** The function has five minutes; what is left of them is for the proof and for storing. */
const LOOK_MS = 220_000;

/** One connected account: all of its Regions side by side, and once a day the proof. What fails harms that Region or that account only. */
export async function discoverAccount(deps: DiscoverDeps, { customer, accountId }: AccountKey): Promise<AccountHealth | undefined> {
  const account = await deps.accounts.get(customer, accountId);
  if (account?.roleArn === undefined) return undefined;
  const connected: ConnectedAccount = { ...account, roleArn: account.roleArn };
  const before = await deps.discovery.health(customer, accountId);
  const services = (await deps.configs.ofCustomer(customer)).filter(({ arn }) => serviceArn(arn).accountId === accountId);
  const underCare = services.map(({ arn }) => serviceArn(arn));
  const now = deps.clock.now();
  const until = now + LOOK_MS;

  let explorer: Explorer;
  try {
    explorer = await deps.accountAws.explorer(connected);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return await notAssumed(deps, account, before, error);
  }
  if (account.problem?.code === 'RoleMissing') await deps.accounts.setProblem(account, undefined);

  const aside = asideCalls(deps, until);
  const alias = await aside.ask(() => explorer.alias());
  const named = await aside.ask(() => allRegions(explorer));
  const partition = partitionOf(connected.roleArn);
  const regions =
    named ??
    fallBackRegions(
      partition,
      underCare.map(({ region }) => region),
    );
  const explored = await exploreAll(deps, { customer, accountId, explorer, regions, now, until });

  const proofDue = now - Math.max(account.provedAt ?? 0, before?.provedAt ?? 0) >= PROVE_EVERY_MS;
  const places = clustersOf(underCare, explored);
  const proof = proofDue ? await proveAccount(deps, connected, places, deps.homeRegion) : undefined;
  const stand = (codes: readonly string[]) => (before?.findings ?? []).filter(({ code }) => codes.includes(code));
  const proved: readonly Finding[] =
    proof === undefined
      ? stand(OF_THE_PROOF)
      : [
          proof.trust ?? stand(['TrustTooOpen']),
          proof.reach ?? stand(['PermissionTooWide']),
          proof.template ?? stand(['TemplateOutdated']),
        ].flat();
  for (const why of proof?.inconclusive ?? [])
    deps.journal.warn('The daily proof of an account showed nothing and is tried again', { customer, account: accountId, why });

  const health: AccountHealth = {
    customer,
    accountId,
    ...aliasOf(alias, aside.denied, before),
    at: now,
    ...provedAt(proof === undefined || proof.inconclusive.length > 0 ? before?.provedAt : now),
    regionsFrom: named === undefined ? 'fall-back' : 'account',
    regions: regions.map((region) => regionHealth(region, explored.get(region), before)),
    findings: withFirstDate(
      [
        ...proved,
        ...aside.denied.map((action) => permissionMissing(action, now)),
        ...missingPermissions(explored, now),
        ...(await refusedWrites(deps, services, now)),
      ],
      before?.findings ?? [],
    ),
  };
  await finish(deps, before, health);
  await noteRivals(deps, services, explored);
  return health;
}

/** The role does not open: said, and stored as what keeps the account from being used. Throttles and lost answers say nothing. */
async function notAssumed(
  deps: DiscoverDeps,
  account: Account,
  before: AccountHealth | undefined,
  error: AwsFailure,
): Promise<AccountHealth | undefined> {
  const { customer, accountId } = account;
  const why = `${error.action}: ${error.message}`;
  const now = deps.clock.now();
  if (error.kind !== 'denied') {
    deps.journal.warn('An account could not be looked at', { customer, account: accountId, why });
    return before;
  }
  const missing: Finding = {
    code: 'RoleMissing',
    at: now,
    why: `${account.roleArn} cannot be assumed any more: it was deleted, or its trust policy was changed. Create the stack of the read template again. (${why})`,
  };
  if (account.problem?.code !== 'RoleMissing') await deps.accounts.setProblem(account, { code: missing.code, why: missing.why, at: now });
  const health: AccountHealth = {
    ...(before ?? { customer, accountId, regionsFrom: 'fall-back', regions: [] }),
    at: now,
    findings: withFirstDate([missing], before?.findings ?? []),
  };
  await finish(deps, before, health);
  return health;
}

/** Stores what is known now, and tells what is new. */
async function finish(deps: DiscoverDeps, before: AccountHealth | undefined, health: AccountHealth): Promise<void> {
  await deps.discovery.putHealth(health);
  const { customer, accountId } = health;
  const { found, mended } = changes(before, health.findings);
  for (const { code, why, action } of found)
    deps.journal.warn(why, { customer, account: accountId, code, ...(action === undefined ? {} : { action }) });
  for (const { code, action, at } of mended) {
    const fields = { customer, account: accountId, code, ...(action === undefined ? {} : { action }), since: new Date(at).toISOString() };
    deps.journal.warn('A finding about an account is mended', fields);
  }
}

/** Calls whose failure leaves a gap and no more. */
function asideCalls(deps: DiscoverDeps, until: Instant) {
  const slowly: Pace = pace({ clock: deps.clock, random: deps.random, until });
  const denied: string[] = [];
  return {
    denied,
    ask: async <T>(make: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await slowly(make);
      } catch (error) {
        if (!(error instanceof AwsFailure)) throw error;
        if (error.kind === 'denied') denied.push(error.action);
        return undefined;
      }
    },
  };
}

async function allRegions(explorer: Explorer): Promise<string[]> {
  const all: string[] = [];
  let after: string | undefined;
  do {
    const page = await explorer.regions(after);
    all.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return all.sort();
}

/** Each Region is stored as soon as it is known, so that a slow one costs the others nothing. */
async function exploreAll(
  deps: DiscoverDeps,
  about: AccountKey & { readonly explorer: Explorer; readonly regions: readonly string[]; readonly now: Instant; readonly until: Instant },
): Promise<Map<string, ExploredRegion>> {
  const { customer, accountId, explorer, now, until } = about;
  const results = await Promise.all(
    about.regions.map(async (region): Promise<readonly [string, ExploredRegion]> => {
      const explored = await exploreRegion(region, explorer.in(region), pace({ clock: deps.clock, random: deps.random, until }), now);
      if (explored.found !== undefined) await deps.discovery.putRegion({ customer, accountId }, explored.found);
      return [region, explored];
    }),
  );
  return new Map(results);
}

function regionHealth(region: string, explored: ExploredRegion | undefined, before: AccountHealth | undefined): RegionHealth {
  const known = before?.regions.find((one) => one.region === region);
  const found: DiscoveredRegion | undefined = explored?.found;
  const seenAt = found?.complete ? found.at : known?.seenAt;
  return {
    region,
    services: found?.services.length ?? known?.services ?? 0,
    ...(seenAt === undefined ? {} : { seenAt }),
    ...(explored?.problem === undefined ? {} : { problem: explored.problem }),
  };
}

/** The clusters of the services under care first: it is they that a policy is written for. */
function clustersOf(underCare: readonly ClusterPlace[], explored: ReadonlyMap<string, ExploredRegion>): ClusterPlace[] {
  const all = [
    ...underCare,
    ...[...explored.values()].flatMap(({ found }) =>
      (found?.services ?? []).map(({ cluster }) => ({ region: found?.region ?? '', cluster })),
    ),
  ];
  return [...new Map(all.map(({ region, cluster }) => [`${region}/${cluster}`, { region, cluster }])).values()];
}

const aliasOf = (alias: string | undefined, denied: readonly string[], before: AccountHealth | undefined) => {
  const known = alias ?? (denied.includes('iam:ListAccountAliases') ? undefined : before?.alias);
  return known === undefined ? {} : { alias: known };
};

const provedAt = (at: Instant | undefined) => (at === undefined ? {} : { provedAt: at });

function partitionOf(roleArn: string): string {
  const role = parseRoleArn(roleArn);
  return role.ok ? role.value.partition : 'aws';
}

/** A service under care that another autoscaler has for its target is held from now on, and let go once that is gone. */
async function noteRivals(
  deps: DiscoverDeps,
  services: readonly ServiceConfig[],
  explored: ReadonlyMap<string, ExploredRegion>,
): Promise<void> {
  for (const config of services) {
    const { region, cluster, service } = serviceArn(config.arn);
    const found = explored.get(region)?.found;
    const seen = found?.services.find((one) => one.cluster === cluster && one.name === service);
    // What could not be asked says nothing: what was known before stands.
    if (found === undefined || !found.rivalsKnown || seen === undefined) continue;
    const why = whyNotScalable(seen);
    const rival = why?.code === 'RivalScaler' ? why.why : undefined;
    if (rival !== config.rival) await deps.configs.putRival(config.customer, config.group, config.name, rival);
  }
}
