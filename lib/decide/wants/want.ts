import type { Code } from '../codes.ts';
import type { TrailStep } from '../decision.ts';
import type { Facts } from '../facts.ts';
import type { Reading } from '../observation.ts';
import { duration } from '../sentence.ts';

/** What one target asks for. */
export interface Want {
  readonly rule: 'range' | 'per-task' | 'ratio' | 'drain' | 'unknown';
  /** The count wanted, or null where the target is unknown. Before bounds and guards. */
  readonly count: number | null;
  readonly code: Code;
  /** A clause with the numbers, without capital and full stop. */
  readonly why: string;
  /** What was said on the way, such as an estimate that is missing. */
  readonly notes: readonly TrailStep[];
  /** What the newest readings alone ask for, in tasks; the burst window goes by it. */
  readonly newest: number | null;
  /** `count` is the highest that was wanted for so long, as the readings of that time show; absent where they tell only of now. */
  readonly overMs?: number;
}

/** A reading that is known, finite and fresh, or why it cannot be used. */
export function usable(
  reading: Reading,
  facts: Facts,
  label: string,
  freshForMs = facts.policy.behavior.staleAfterMs,
): { value: number } | { code: Code; why: string } {
  if (reading.kind === 'unknown') return { code: 'TargetUnknown', why: `${label} is unknown: ${reading.why}` };
  if (!Number.isFinite(reading.value) || reading.value < 0)
    return { code: 'TargetUnknown', why: `${label} is not a number that can be used` };
  const age = facts.now - reading.at;
  if (age > freshForMs) {
    return {
      code: 'StaleReading',
      why: `${label} is ${duration(age)} old, and older than ${duration(freshForMs)} counts as unknown`,
    };
  }
  return { value: reading.value };
}

export const unknownWant = (reason: { code: Code; why: string }): Want => ({
  rule: 'unknown',
  count: null,
  ...reason,
  notes: [],
  newest: null,
});
