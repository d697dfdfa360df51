import type { CustomerCloud } from '../customer-cloud.ts';
import type { Environment, Invocation } from '../platform.ts';
import type { Scenario } from '../scenario.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Truth } from '../truth.ts';

export type Invariant =
  | '1 bounds'
  | '2 unknown never scales in'
  | '3 one decision wins'
  | '4 twice is once'
  | '5 harm stays where it is'
  | '6 nobody else’s'
  | '7 external ID'
  | '8 narrow sessions'
  | '9 denied means stop'
  | '10 explained'
  | 'settles'
  | 'ends';

/** What every checker sees: the truth, and where to say that it was broken. */
export interface Scene {
  readonly scenario: Scenario;
  readonly scheduler: Scheduler;
  readonly truth: Truth;
  readonly cloud: CustomerCloud;
  environment(id: string): Environment | undefined;
  /** Services, by "customer/service", whose adapters have a token that is known no more: it was told once, and that answer was lost. */
  readonly lostTokens: ReadonlySet<string>;
  fail(invariant: Invariant, why: string): void;
}

/** The invocation that made a call; there is always one. */
export function invocationOf(scene: Scene, environment: string): Invocation | undefined {
  return scene.environment(environment)?.invocation;
}

/** Clocks of functions differ by this much at most from the true time, and whole milliseconds are cut. */
export const MOST_SKEW_MS = 1_500;
