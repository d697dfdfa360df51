import type { Scaler, Scenario } from '../scaler.ts';

/** A scaler of somebody else's, re-implemented from its documents. */
export interface Peer {
  readonly id: string;
  /** What it is, in a few words, for tables. */
  readonly about: string;
  /** What a user of it would set for this scenario: its documented defaults, only the target derived from the SLO. */
  parameters(scenario: Scenario): Parameters;
  /** What the tuned league may change: each as the range of a factor on the default. */
  readonly tunable: Readonly<Record<string, readonly [low: number, high: number]>>;
  make(scenario: Scenario, parameters: Parameters): Scaler;
}

/** Named numbers; units are in the names. */
export type Parameters = Readonly<Record<string, number>>;

/** A parameter that must be there. */
export function parameter(parameters: Parameters, name: string): number {
  const value = parameters[name];
  if (value === undefined)
    throw new Error(`The parameter "${name}" is not given. There are: ${Object.keys(parameters).join(', ') || 'none'}.`);
  return value;
}

export const clamp = (count: number, { min, max }: Pick<Scenario, 'min' | 'max'>): number => Math.min(max, Math.max(min, count));

/** Rounds a count up, but for what floating point made of a whole number: 10 × 0.21 / 0.7 is 3. */
export const ceil = (value: number): number => Math.max(0, Math.ceil(value - 1e-9));
