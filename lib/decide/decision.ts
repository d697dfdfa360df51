/** What one rule said, in the order in which the rules spoke. */
export interface TrailStep {
  /** Short name of the rule: "range", "drain", "stabilize", "bounds", … */
  readonly rule: string;
  /** PascalCase, from the closed list in codes.ts. */
  readonly code: string;
  /** One sentence with the numbers. */
  readonly why: string;
  /** The count after this rule, or null where the rule has none to say. */
  readonly value: number | null;
}

interface Explained {
  /** The code of the rule that won. */
  readonly code: string;
  /** One sentence that a person on call understands. */
  readonly why: string;
  readonly trail: readonly TrailStep[];
}

export interface ScaleDecision extends Explained {
  readonly kind: 'scale';
  readonly from: number;
  readonly to: number;
}

export interface HoldDecision extends Explained {
  readonly kind: 'hold';
  /** The desired count held, or null when it is not known. `from` and `to` are equal. */
  readonly from: number | null;
  readonly to: number | null;
  /** Until when it waits, where that is known. */
  readonly until?: number;
  /** What it would have done, in `observe` and while paused. */
  readonly would?: number;
  /** Somebody else scales this service: it should be observed only. */
  readonly advise?: 'observe';
}

export type Decision = ScaleDecision | HoldDecision;
