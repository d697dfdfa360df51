import type { Facts } from './facts.ts';
import type { HoldReason } from './hold.ts';
import { clock } from './sentence.ts';

/** How long a stored decision may be on its way before it has expired. */
const DECISION_LIFETIME_MS = 60_000;

/** The same state, decided upon a moment ago: whatever comes of that is seen first. */
export function inFlight({ memory, observation, state, now }: Facts): HoldReason | undefined {
  const { inFlight: flight } = observation;
  const waitsFor = (to: number, at: number) => `the decision for ${to} of ${clock(at)} is on its way to ECS`;
  if (flight !== undefined && now - flight.at < DECISION_LIFETIME_MS && flight.to !== state.desired)
    return { code: 'InFlight', why: waitsFor(flight.to, flight.at), rule: 'in-flight', until: flight.at + DECISION_LIFETIME_MS };
  if (memory.sent === undefined) return undefined;
  return { code: 'InFlight', why: waitsFor(memory.sent.to, memory.sent.at), rule: 'in-flight' };
}
