import type { Combined } from './combine.ts';
import type { Facts } from './facts.ts';
import { clock, limits } from './sentence.ts';
import type { Instant } from './time.ts';

interface Said {
  readonly combined: Combined;
  /** The clauses of the rules that changed the count after the wants, in their order. */
  readonly said: readonly string[];
}

/** "Scaling web from 6 to 11: p95 queue time 340 ms is over 50 ms. Limits: max 40, +100 % per 15 s." */
export function explainScale({ name, state, bounds, policy }: Facts, to: number, { combined, said }: Said): string {
  const out = to > state.desired;
  const rates = out ? limits('+', policy.behavior.scaleOut.max) : limits('−', policy.behavior.scaleIn.max);
  const limit = [out ? `max ${bounds.cap}` : `min ${bounds.floor}`, rates].filter((text) => text !== '').join(', ');
  return `Scaling ${name} from ${state.desired} to ${to}: ${clauses([combined.clause, ...said])}. Limits: ${limit}.`;
}

/** "Holding web at 10: p95 queue time 2 ms is below 10 ms, which would make it 9; … Until 08:14:05 UTC." */
export function explainHold(
  { name, state }: Facts,
  { combined, said, would, until }: Said & { would: number | undefined; until: Instant | undefined },
): string {
  const wanted = combined.value === state.desired ? '' : `, which alone would make it ${combined.value}`;
  const instead = would === undefined ? '' : ` It would go to ${would}.`;
  const wait = until === undefined || said.some((clause) => clause.includes(clock(until))) ? '' : ` Looked at again by ${clock(until)}.`;
  return `Holding ${name} at ${state.desired}: ${clauses([`${combined.clause}${wanted}`, ...said])}.${instead}${wait}`;
}

const clauses = (parts: readonly string[]) => parts.join('; ');
