import type { Facts } from '../facts.ts';
import type { Learned } from '../memory.ts';
import type { TargetSignals } from '../observation.ts';
import type { Instant } from '../time.ts';
import { LEAST_SAMPLES } from './range.ts';
import { completeSlots, peakOf, SLOT_MS, webLoad } from './web-load.ts';

/** Share of the time in which the target may be missed: what the headroom settles at. */
const ALLOWED = 0.01;
/** A slot that misses the target adds that much, less what the allowed share of misses takes off again. */
const STEP = 0.05;
export const LEAST_HEADROOM = 1.05;
const MOST = 1.6;
/** What the first miss teaches at least: a service that has just been taken on is not left to miss five times before it has any. */
const FIRST = 1.4;

/**
 * A factor on the arrivals that are planned for, learned from the service's own misses: every slot of 10 s that misses the target adds
 * STEP × (1 − ALLOWED), every other takes STEP × ALLOWED off. That is the stochastic approximation of a quantile (H. Robbins and S. Monro,
 * 1951), used for coverage over time by I. Gibbs and E. Candès ("Adaptive conformal inference under distribution shift", 2021): whatever the
 * load is like, it settles where the allowed share of the time is missed, as far as its bounds let it.
 */
export function headroomOf({ headroom }: Pick<Learned, 'headroom'>, now: Instant): number {
  if (headroom === undefined) return LEAST_HEADROOM;
  return Math.max(LEAST_HEADROOM, headroom.factor - (STEP * ALLOWED * Math.max(0, now - headroom.at)) / SLOT_MS);
}

/** Nearly all headroom that there is has been learned: the next miss would teach less than a whole step. */
export const headroomSpent = (learned: Pick<Learned, 'headroom'>, now: Instant): boolean => headroomOf(learned, now) > MOST - STEP;

/** Takes in the newest slot, each one once. A burst that no headroom would have covered teaches none, nor does a deployment. */
export function withHeadroom(learned: Learned, topMs: number, signals: TargetSignals, facts: Facts): Learned {
  const newest = completeSlots(signals.series, facts.now).at(-1);
  if (newest === undefined || (learned.headroom?.at ?? 0) >= newest.at || facts.state.deployment !== 'none') return learned;
  const { samples = 0, valueMs = 0 } = newest;
  if (samples < LEAST_SAMPLES || valueMs <= topMs) return learned;
  const load = webLoad(signals.series, signals.recent.kind === 'known' ? signals.recent.value : valueMs, topMs, facts.now);
  const before = peakOf(signals.series, facts.policy.behavior.scaleIn.stabilizeMs, topMs, facts.now);
  if (!('missing' in load) && load.arrivals > MOST * before.arrivals) return learned;
  const known = learned.headroom === undefined ? FIRST - STEP : headroomOf(learned, newest.at);
  return { ...learned, headroom: { factor: Math.min(MOST, known + STEP * (1 - ALLOWED)), at: newest.at } };
}
