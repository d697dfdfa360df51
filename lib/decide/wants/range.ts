import type { Facts } from '../facts.ts';
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
}

/** How long after a raise only the newest 10 s tell whether the target is still missed. */
const AFTER_RAISE_MS = 60_000;

/**
 * Whether the target is missed now, over its standard window: the newest 10 s alone are too few for
 * that. Right after a raise the window still holds what was before it, so the newest must agree.
 */
export function breached(reading: RangeReading, facts: Facts): boolean {
  if (reading.newest === undefined || reading.value <= reading.top) return reading.value > reading.top;
  const raise = facts.memory.changes.findLast((change) => change.to > change.from);
  const justRaised = raise !== undefined && facts.now - raise.at < AFTER_RAISE_MS + facts.startUp.p50Ms;
  return !justRaised || reading.newest > reading.top;
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
  if (breached(reading, facts)) {
    const over = `${label} (${show(value)}) is over ${show(top)}`;
    const waits = !facts.settled && facts.policy.behavior.scaleOut.cooldownMs === 0;
    if (waits)
      return {
        ...base,
        count: desired,
        newest: desired,
        code: 'AwaitingStartUp',
        why: `${over}; ${tasks(facts.starting)} ordered before are starting`,
      };
    const count = desired + step.out;
    return { ...base, count, newest: count, code: 'AboveTarget', why: over };
  }
  if (belowRange(reading)) {
    const count = Math.max(0, desired - step.in);
    return { ...base, count, newest: count, code: 'BelowRange', why: `${label} (${show(value)}) is below ${show(low)}` };
  }
  const why =
    value > top
      ? `${label} was over ${show(top)}, the newest is ${show(reading.newest ?? value)}`
      : `${label} (${show(value)}) is between ${show(low)} and ${show(top)}`;
  return { ...base, count: desired, newest: desired, code: 'WithinRange', why };
}
