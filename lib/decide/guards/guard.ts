import type { Code } from '../codes.ts';
import type { Combined } from '../combine.ts';
import type { Facts } from '../facts.ts';
import type { Memory } from '../memory.ts';
import type { Instant } from '../time.ts';

/** What the guards are asked about: the count so far, on its way from the wants to ECS. */
export interface Draft {
  readonly count: number;
  readonly combined: Combined;
  /** Memory with the windows of this evaluation. */
  readonly memory: Memory;
}

/** What a guard made of the count, and why. */
export interface Ruling {
  readonly code: Code;
  /** A clause without capital and full stop. */
  readonly why: string;
  readonly count: number;
  readonly until?: Instant;
  /** Nothing after this may change the count, the bounds neither. */
  readonly final?: true;
  /** The guard stands aside for nothing but says what it would have let through. */
  readonly would?: number;
}

/** Undefined where the guard has nothing to say. */
export interface Guard {
  readonly rule: string;
  readonly apply: (facts: Facts, draft: Draft) => Ruling | undefined;
}

/**
 * The count that a guard which distrusts the readings leaves: what is there, but no more than a cap
 * that a person or the calendar lowered, for that is no reading.
 */
export const keepUnderCap = (facts: Facts): number => Math.min(facts.state.desired, facts.bounds.cap);
