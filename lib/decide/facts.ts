import type { Policy } from '../policy/policy.ts';
import type { Bounds } from './bounds.ts';
import type { Memory } from './memory.ts';
import type { Observation, StateReading } from './observation.ts';
import type { StartUp } from './start-up.ts';
import type { Instant } from './time.ts';

export type KnownState = Extract<StateReading, { kind: 'known' }>;

/** Everything that a rule may look at, worked out once per evaluation. */
export interface Facts {
  readonly name: string;
  readonly now: Instant;
  readonly policy: Policy;
  readonly observation: Observation;
  readonly state: KnownState;
  /** With the count and the start-ups of this observation taken in. */
  readonly memory: Memory;
  readonly bounds: Bounds;
  readonly startUp: StartUp;
  /** Tasks ordered that do not run yet and are not overdue: they count as capacity. */
  readonly starting: number;
  /** Tasks that should run by now and do not. */
  readonly overdue: number;
  /** All tasks ordered before are up, or should be. */
  readonly settled: boolean;
}
