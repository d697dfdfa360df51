import type { Code } from './codes.ts';
import type { TrailStep } from './decision.ts';
import type { Facts } from './facts.ts';
import type { Want } from './wants/want.ts';

export interface Combined extends TrailStep {
  readonly code: Code;
  readonly value: number;
  /** A clause for the sentence of the decision. */
  readonly clause: string;
  /** All targets are known. */
  readonly complete: boolean;
  /** What the newest readings ask for at most. */
  readonly newest: number;
  /** For so long nothing wanted more, as the readings of that time show; 0 where they do not. */
  readonly overMs: number;
}

/**
 * Safest wins: out if any want says so, in only if all do, to the highest count of them. A target that
 * is unknown wants what is there: it can never be why tasks are removed.
 */
export function combine(wants: readonly Want[], facts: Facts): Combined {
  const { desired } = facts.state;
  const known = wants.filter((want): want is Want & { count: number } => want.count !== null);
  const complete = known.length === wants.length;
  const newest = Math.max(0, ...wants.map((want) => want.newest ?? 0));
  const overMs = complete && wants.length > 0 ? Math.min(...wants.map((want) => want.overMs ?? 0)) : 0;
  const rest = { rule: 'combine', complete, newest, overMs };
  if (wants.length === 0) {
    // Without targets nothing is measured: the count is whatever the bounds, and people, make of it.
    return {
      ...rest,
      code: 'NoTargets',
      clause: 'the policy names no target',
      why: 'The policy names no target: only its bounds apply.',
      value: desired,
    };
  }
  const unknown = wants.find((want) => want.count === null);
  const [first, ...others] = known;
  if (first === undefined) {
    const clause = unknown?.why ?? 'no target has a reading';
    return { ...rest, code: 'NoReadings', clause, why: `No target has a usable reading: ${clause}.`, value: desired };
  }
  const highest = others.reduce((a, b) => (b.count > a.count ? b : a), first);
  if (unknown !== undefined && highest.count < desired) {
    return {
      ...rest,
      code: 'UnknownBlocksScaleIn',
      clause: unknown.why,
      why: `${highest.count} would be enough for what is known, but ${unknown.why}.`,
      value: desired,
    };
  }
  const why =
    wants.length === 1
      ? `The only target wants ${highest.count}.`
      : `The highest of ${known.map((want) => want.count).join(', ')} is ${highest.count}.`;
  return { ...rest, code: highest.code, clause: highest.why, why, value: highest.count };
}
