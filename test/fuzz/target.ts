import type { Draw } from './draw/draw.ts';

/** What went wrong in one case: the property that did not hold, and what was sent. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** Refuses to go on where a property does not hold. `shown` is cut, so that a long body does not drown the reason. */
export function holds(condition: boolean, property: string, shown: () => unknown = () => ''): asserts condition {
  if (condition) return;
  const text = shown();
  throw new Broken(`${property}: ${(typeof text === 'string' ? text : (JSON.stringify(text) ?? String(text))).slice(0, 2_000)}`);
}

/**
 * One thing that is fed with what it does not expect. Cases come in episodes: one fresh system, some cases in it, a look at
 * everything that was stored. An episode depends on its draw alone, so that its seed and number replay it exactly.
 */
export interface Target {
  readonly name: string;
  /** Its part of all cases, beside the parts of the others. */
  readonly share: number;
  /** Cases in one episode. */
  readonly cases: number;
  /** Throws at the first property that does not hold. `step` is told before each case, for whoever watches the time. */
  episode(draw: Draw, step: () => void): Promise<void>;
}
