import type { ServiceArn } from '../../accounts/service-arn.ts';
import type { Services } from './services.ts';

/** What Application Auto Scaling holds for one service. */
export interface ScalableTarget {
  readonly id: ServiceArn;
  readonly min: number;
  readonly max: number;
  readonly suspended: boolean;
  readonly policies: number;
  readonly schedules: number;
}

/** What accounts have beside services and roles: a name, Regions, and scalers of AWS's own. */
export interface Accounts {
  /** What is left out stays as it is. */
  set(accountId: string, facts: { readonly alias?: string | undefined; readonly regions?: readonly string[] | undefined }): void;
  alias(accountId: string): string | undefined;
  /** Those that were set; else those where the account has services. */
  regions(accountId: string): readonly string[];
  /** Registers a scalable target, or replaces the one of that service. */
  register(target: ScalableTarget): void;
  targets(accountId: string, region: string): readonly ScalableTarget[];
}

const EVERYBODY_HAS = 'us-east-1';

export function createAccounts(services: Services): Accounts {
  const aliases = new Map<string, string>();
  const enabled = new Map<string, readonly string[]>();
  const targets = new Map<string, ScalableTarget>();
  return {
    set(accountId, { alias, regions }) {
      if (alias !== undefined) aliases.set(accountId, alias);
      if (regions !== undefined) enabled.set(accountId, regions);
    },
    alias: (accountId) => aliases.get(accountId),
    regions: (accountId) => {
      const used = services.all().flatMap(({ id }) => (id.accountId === accountId ? [id.region] : []));
      return enabled.get(accountId) ?? [...new Set(used.length > 0 ? used : [EVERYBODY_HAS])].sort();
    },
    register: (target) => void targets.set(target.id.arn, target),
    targets: (accountId, region) => [...targets.values()].filter(({ id }) => id.accountId === accountId && id.region === region),
  };
}
