import type { Code } from './codes.ts';
import type { HoldDecision } from './decision.ts';
import type { Observation } from './observation.ts';
import { capital } from './sentence.ts';
import type { Instant } from './time.ts';

export interface HoldReason {
  readonly code: Code;
  /** A clause without capital and full stop. */
  readonly why: string;
  readonly rule: string;
  readonly until?: Instant;
}

/** A hold that no rule after the state has been asked about. */
export function hold({ state }: Observation, name: string, { rule, code, why, until }: HoldReason): HoldDecision {
  const count = state.kind === 'known' ? state.desired : null;
  return {
    kind: 'hold',
    from: count,
    to: count,
    code,
    why: `Holding ${name}${count === null ? '' : ` at ${count}`}: ${why}.`,
    trail: [{ rule, code, why: capital(why), value: count }],
    ...(until !== undefined && { until }),
  };
}
