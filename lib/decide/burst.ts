import type { Policy } from '../policy/policy.ts';
import type { Combined } from './combine.ts';
import type { Facts } from './facts.ts';
import type { Memory } from './memory.ts';
import type { Instant } from './time.ts';

/** A burst is over when the newest readings have been calm for that long: Knative's stable window. */
const CALM_MS = 60_000;
/** What the newest readings cover by themselves: one report. */
const NEWEST_MS = 10_000;
/** A burst that nobody looked at for so long begins anew. */
const LONGEST_GAP_MS = 180_000;

type BurstMemory = Pick<Memory, 'panicUntil' | 'burstSince' | 'coldUntil'>;

/**
 * The burst window, after Knative's panic mode: entered when the newest readings have asked for `threshold` times the tasks that run
 * throughout the policy's window, and over when they have not for a minute. A window longer than a report is remembered from its
 * first reading on, so that a single report of a peak does not begin a burst.
 */
export function trackBurst({ panicUntil, burstSince, coldUntil }: Memory, combined: Combined, facts: Facts): BurstMemory {
  const { panic } = facts.policy.behavior;
  const { desired, running } = facts.state;
  const { now } = facts;
  const cold = coldUntil !== undefined && coldUntil > now ? { coldUntil } : {};
  const lasting = panicUntil !== undefined && panicUntil > now ? { panicUntil } : {};
  const high = panic !== undefined && combined.newest >= panic.threshold * Math.max(1, running) && combined.newest > desired;
  if (!high) return { ...lasting, ...cold };
  const since = burstSince === undefined || now < burstSince || now - burstSince > panic.windowMs + LONGEST_GAP_MS ? now : burstSince;
  const seen = panic.windowMs > NEWEST_MS ? { burstSince: since } : {};
  if (now - since < panic.windowMs - NEWEST_MS && panicUntil === undefined) return { ...seen, ...cold };
  const calmAt = now + CALM_MS;
  // Prolonged in steps of a sixth of the calm, so that a long burst does not store every evaluation.
  return { ...seen, ...cold, panicUntil: calmAt - (panicUntil ?? 0) > CALM_MS / 6 ? calmAt : (panicUntil ?? calmAt) };
}

/**
 * A service seen for the first time, or whose memory was lost: nobody knows what its tasks were needed for, so the burst window begins
 * at once, as Knative's autoscaler does when it starts with pods running. Not where the policy has no burst window; and where the
 * stabilisation window is as long, that one says more: it begins with the first reading, too.
 */
export function coldStart(before: Memory, policy: Policy, now: Instant): Pick<Memory, 'coldUntil'> {
  const { panic, scaleIn } = policy.behavior;
  const cold = before.count === undefined && panic !== undefined && scaleIn.stabilizeMs < CALM_MS;
  return cold ? { coldUntil: now + CALM_MS } : {};
}
