import type { Clock, Instant } from '../clock.ts';
import { CALM_MS, LEASE_MS } from '../evaluate/pace.ts';
import type { Digest } from '../reports/digest.ts';
import { slotStart } from '../reports/slot.ts';
import { breachesTarget } from '../signals/breaches.ts';
import { metricBreached } from '../signals/metric-signals.ts';
import type { ConfigStore, GroupConfig, LeaseStore } from '../stores/ports.ts';

/** How long a warm function trusts what it read of a group's policies. `scale` reads them anew. */
const CONFIG_MS = 15_000;
/** In so much of a slot, functions that run side by side store what they held of the one before. */
const SETTLING_MS = 500;
/** Groups remembered by one warm function; the longest unused is forgotten first. */
const MOST_GROUPS = 5_000;

export interface KnownGroup {
  readonly customer: string;
  readonly group: string;
  readonly config: GroupConfig;
}

interface Remembered {
  known: KnownGroup;
  readAt: Instant;
  /** The lease is taken, by this function or another, until then. */
  leasedUntil: Instant;
  /** When this function last evaluated the group, or found that another just had. */
  lookedAt: Instant;
}

/** A warm function's memory of the groups that report to it: saves reads, and bounds evaluations to one in a few seconds. */
export interface GroupWatcher {
  /** `crowded`: others like this function run beside it, so that what they did is of interest, too. */
  of(customer: string, group: string, crowded?: boolean): Promise<KnownGroup>;
  /** Whether to evaluate now: a report nears a target, or nobody has looked for a while. */
  shouldEvaluate(leases: LeaseStore, known: KnownGroup, nears: boolean, crowded?: boolean): Promise<boolean>;
}

/** Whether this report breaches a target of any service of its group, or is so close that nobody can tell. */
export const nearsTarget = ({ config }: KnownGroup, service: string, digest: Digest): boolean =>
  config.services.some(
    (s) => s.policy.mode !== 'off' && (breachesTarget(s.policy, s.name === service, digest) || metricBreached(s, digest)),
  );

export function createGroupWatcher(configs: Pick<ConfigStore, 'group'>, clock: Clock): GroupWatcher {
  const groups = new Map<string, Remembered>();
  const keyOf = (customer: string, group: string) => `${customer}#${group}`;
  return {
    async of(customer, group, crowded = false) {
      const now = clock.now();
      const key = keyOf(customer, group);
      const before = groups.get(key);
      if (before && now - before.readAt < CONFIG_MS) return before.known;
      const known = { customer, group, config: await configs.group(customer, group, { beside: crowded }) };
      groups.delete(key);
      groups.set(key, { known, readAt: now, leasedUntil: before?.leasedUntil ?? 0, lookedAt: before?.lookedAt ?? 0 });
      const [oldest] = groups.size > MOST_GROUPS ? groups.keys() : [];
      if (oldest !== undefined) groups.delete(oldest);
      return known;
    },
    async shouldEvaluate(leases, { customer, group, config: { beside } }, nears, crowded = false) {
      const remembered = groups.get(keyOf(customer, group));
      const now = clock.now();
      if (!remembered || now < remembered.leasedUntil) return false;
      if (!nears && now - remembered.lookedAt < CALM_MS) return false;
      if (!nears && crowded && now - slotStart(now) < SETTLING_MS && now - remembered.lookedAt < 2 * CALM_MS) return false;
      // In calm, a look that another function took within the pause counts as ours.
      const freeSince = nears ? now : now - CALM_MS + LEASE_MS;
      const readNow = remembered.readAt === now ? beside?.leasedUntil : undefined;
      const free = nears || !crowded || (readNow ?? (await leases.takenUntil(customer, group))) <= freeSince;
      const taken = free && (await leases.take(customer, group, freeSince, now + LEASE_MS));
      remembered.leasedUntil = now + LEASE_MS;
      remembered.lookedAt = now;
      return taken;
    },
  };
}
