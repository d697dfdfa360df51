import type { AccountHealth, DiscoveredRegion, DiscoveredService } from '../discover/discovered.ts';
import { whyNotScalable } from '../discover/scalable.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { AccountStore, ConfigStore, DiscoveryStore } from '../stores/ports.ts';

export interface FoundService {
  readonly arn: string;
  readonly region: string;
  readonly cluster: string;
  readonly name: string;
  readonly desired: number;
  readonly running: number;
  readonly launchType: string | null;
  readonly capacityProviders: readonly string[];
  readonly deploymentController: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Its name in the policy file, where it is under care. */
  readonly underCare: string | null;
  readonly scalable: boolean;
  /** Why not. */
  readonly code: string | null;
  readonly why: string | null;
}

export interface FoundAccount {
  readonly customer: string;
  readonly accountId: string;
  /** The alias, where the account has one that may be read. */
  readonly name: string | null;
  readonly connected: boolean;
  /** When discovery last looked; null: not yet. */
  readonly at: number | null;
  readonly provedAt: number | null;
  readonly problem: { readonly code: string; readonly why: string } | null;
  readonly findings: readonly { readonly code: string; readonly why: string; readonly since: number }[];
  readonly regions: AccountHealth['regions'];
  readonly services: readonly FoundService[];
}

interface Deps {
  readonly configs: Pick<ConfigStore, 'customers' | 'ofCustomer'>;
  readonly accounts: Pick<AccountStore, 'ofCustomer' | 'connected'>;
  readonly discovery: Pick<DiscoveryStore, 'healthOf' | 'regions'>;
}

/** A function answers with 6 MB at most; a service takes up to a kilobyte. */
const MOST_SERVICES = 5_000;

/** What connected accounts hold, of one customer or of all; `more` services were left out. */
export async function listDiscovered(
  deps: Deps,
  customer: string | undefined,
): Promise<{ readonly accounts: FoundAccount[]; readonly more: number }> {
  const customers = customer === undefined ? await everyCustomer(deps) : [customer];
  const accounts: FoundAccount[] = [];
  let left = MOST_SERVICES;
  let more = 0;
  // One customer after the other: each has partitions of its own, and nothing read for one is in the answer for another.
  for (const one of customers) {
    const [known, healths, configs] = await Promise.all([
      deps.accounts.ofCustomer(one),
      deps.discovery.healthOf(one),
      deps.configs.ofCustomer(one),
    ]);
    const names = new Map(configs.map((config) => [config.arn, config]));
    for (const account of known) {
      const health = healths.find(({ accountId }) => accountId === account.accountId);
      const all = servicesOf(await deps.discovery.regions(one, account.accountId), names);
      const services = all.slice(0, left);
      left -= services.length;
      more += all.length - services.length;
      accounts.push({
        customer: one,
        accountId: account.accountId,
        name: health?.alias ?? null,
        connected: account.roleArn !== undefined,
        at: health?.at ?? null,
        provedAt: Math.max(health?.provedAt ?? 0, account.provedAt ?? 0) || null,
        problem: account.problem ? { code: account.problem.code, why: account.problem.why } : null,
        findings: (health?.findings ?? []).map(({ code, why, at }) => ({ code, why, since: at })),
        regions: health?.regions ?? [],
        services,
      });
    }
  }
  return { accounts, more };
}

/** Those with services under care, and those that have connected an account and no more yet. */
export async function everyCustomer(deps: Pick<Deps, 'configs' | 'accounts'>): Promise<string[]> {
  const [withServices, connected] = await Promise.all([deps.configs.customers(), deps.accounts.connected()]);
  return [...new Set([...withServices, ...connected.map(({ customer }) => customer)])].sort();
}

function servicesOf(regions: readonly DiscoveredRegion[], underCare: ReadonlyMap<string, ServiceConfig>): FoundService[] {
  return regions
    .flatMap(({ region, services }) => services.map((service) => found(region, service, underCare.get(service.arn))))
    .sort((a, b) => (a.arn < b.arn ? -1 : 1));
}

function found(region: string, service: DiscoveredService, config: ServiceConfig | undefined): FoundService {
  const { arn, cluster, name, desired, running, launchType, capacityProviders, deploymentController, tags } = service;
  const against = whyNotScalable(service);
  return {
    arn,
    region,
    cluster,
    name,
    desired,
    running,
    launchType: launchType ?? null,
    capacityProviders,
    deploymentController,
    tags,
    underCare: config?.name ?? null,
    scalable: against === undefined,
    code: against?.code ?? null,
    why: against?.why ?? null,
  };
}
