import type { Facts } from '../facts.ts';
import type { SlotPoint } from '../observation.ts';
import { tasks } from '../sentence.ts';
import type { Want } from './want.ts';

export interface RangeReading {
  /** Over the standard window. */
  readonly value: number;
  /** Over the newest 10 s, where known. */
  readonly newest?: number;
  readonly top: number;
  readonly low: number;
  readonly step: { readonly out: number; readonly in: number };
  readonly label: string;
  readonly show: (value: number) => string;
  /** Slots with the value and its samples, where it is a percentile over a window. */
  readonly series?: readonly SlotPoint[];
}

/** What is in a reading may be that old: its window is widened up to that where samples are few. */
const WIDEST_MS = 5 * 60_000;
/** Fewer samples say nothing about a percentile. */
export const LEAST_SAMPLES = 20;

export type Verdict = 'missed' | 'kept' | 'too-early';

/**
 * Whether the target is missed now, over its standard window: the newest 10 s alone are too few for
 * that. Once the tasks of a raise are up, only what was measured since counts, for the window still
 * holds what was before; until there is enough of that, it is too early to say.
 */
export function verdict(reading: RangeReading, facts: Facts): Verdict {
  if (reading.value <= reading.top) return 'kept';
  const { upAt, changes } = facts.memory;
  const raise = changes.findLast((change) => change.to > change.from);
  if (upAt === undefined || raise === undefined || upAt < raise.at || facts.now - upAt > WIDEST_MS) return 'missed';
  const slots = (reading.series ?? []).filter((slot) => slot.valueMs !== undefined && (slot.samples ?? 0) > 0);
  if (slots.length === 0) return reading.newest !== undefined && reading.newest <= reading.top ? 'kept' : 'missed';
  const since = slots.filter((slot) => slot.at >= upAt);
  const samples = (points: typeof slots) => points.reduce((sum, slot) => sum + (slot.samples ?? 0), 0);
  if (samples(since) < LEAST_SAMPLES) return 'too-early';
  return 2 * samples(since.filter((slot) => (slot.valueMs ?? 0) > reading.top)) >= samples(since) ? 'missed' : 'kept';
}

export const belowRange = (reading: RangeReading): boolean => Math.max(reading.value, reading.newest ?? 0) < reading.low;

/**
 * Above the top of the range a step out, below its bottom a step in, as Judoscale does; how long it
 * has to be below is the stabilisation window's business. The next step out waits for the tasks of
 * the one before, unless a cooldown is set: then that alone is the pace.
 */
export function rangeWant(reading: RangeReading, facts: Facts): Want {
  const { desired } = facts.state;
  const { label, show, top, low, step } = reading;
  const value = Math.max(reading.value, reading.newest ?? 0);
  const base = { rule: 'range', notes: [] } as const;
  const judged = verdict(reading, facts);
  if (judged !== 'kept') {
    const over = `${label} (${show(value)}) is over ${show(top)}`;
    const wait = { ...base, count: desired, newest: desired, code: 'AwaitingStartUp' } as const;
    if (judged === 'too-early')
      return { ...wait, why: `${over}; too few requests were served since the last tasks came up to see what they do` };
    const paced = facts.policy.behavior.scaleOut.cooldownMs > 0;
    if (!facts.settled && !paced)
      return {
        ...wait,
        why: `${over}; ${facts.starting > 0 ? `${tasks(facts.starting)} ordered before ${facts.starting === 1 ? 'is' : 'are'} starting` : 'what the last tasks do is not in the reports yet'}`,
      };
    const count = desired + step.out;
    // A step says nothing about how many tasks a burst needs.
    return { ...base, count, newest: desired, code: 'AboveTarget', why: over };
  }
  if (belowRange(reading)) {
    const count = Math.max(0, desired - step.in);
    return { ...base, count, newest: 0, code: 'BelowRange', why: `${label} (${show(value)}) is below ${show(low)}` };
  }
  const why =
    value > top
      ? `${label} was over ${show(top)}, the newest is ${show(reading.newest ?? value)}`
      : `${label} (${show(value)}) is between ${show(low)} and ${show(top)}`;
  return { ...base, count: desired, newest: desired, code: 'WithinRange', why };
}
