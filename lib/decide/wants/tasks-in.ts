import type { Facts } from '../facts.ts';
import type { SlotPoint } from '../observation.ts';
import { SLOT_MS } from './web-load.ts';

/**
 * In that share of the median start-up time no task is up yet: where the p95 is twice the median (lognormal), one in 70 is. At a half
 * it is one in 20, so that of ten ordered tasks one or another works already, and what it does would be put down to those before.
 */
const NOT_UP_SHARE = 0.4;

export interface TasksInOptions {
  /** A slot in which tasks were removed counts with those that stayed. */
  readonly least?: boolean;
  /** Share of the median start-up time in which no task is taken to be up. Default 0.4. */
  readonly notUpShare?: number;
  /** How far before the slot that was measured of which its reports tell, ms. Default: a slot, for each task reports at a time of its own. */
  readonly reachesBackMs?: number;
}

/**
 * How many tasks worked through the whole slot, or undefined where that changed in it. Tasks of a raise
 * are not up for a part of the start-up time; all are when they have been seen to, or after its p95.
 */
export function tasksIn(
  slot: SlotPoint,
  { state, memory, startUp }: Facts,
  { least = false, notUpShare = NOT_UP_SHARE, reachesBackMs = SLOT_MS }: TasksInOptions = {},
): number | undefined {
  if (state.deployment !== 'none') return undefined;
  const end = slot.at + SLOT_MS;
  let count = state.desired;
  let starting = false;
  for (const change of memory.changes.toReversed()) {
    const raise = change.to > change.from;
    if (raise ? end <= change.at + startUp.p50Ms * notUpShare : end <= change.at) {
      count = change.from;
      starting ||= raise;
      continue;
    }
    const up = raise
      ? Math.min(change.at + startUp.p95Ms, (memory.upAt ?? 0) > change.at ? (memory.upAt ?? 0) : Number.POSITIVE_INFINITY)
      : change.at;
    if (slot.at - reachesBackMs >= up || (least && !raise)) break;
    return undefined;
  }
  return count > 0 && (starting || state.running === state.desired) ? count : undefined;
}
