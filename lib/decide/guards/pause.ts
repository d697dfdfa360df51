import { type Guard, keepUnderCap } from './guard.ts';

/** A pause in either direction, by the policy or by a person; the floor waits, too, while out is paused. */
export const paused: Guard = {
  rule: 'pause',
  apply: ({ state, bounds, policy, observation }, draft) => {
    const { desired } = state;
    const count = Math.max(draft.count, bounds.floor);
    const why = observation.paused.why ? ` (${observation.paused.why})` : '';
    if (count > desired && (observation.paused.out || policy.behavior.scaleOut.paused)) {
      return {
        code: 'ScaleOutPaused',
        why: `scale-out is paused${observation.paused.out ? why : ' by the policy'}`,
        count: desired,
        would: count,
        final: true,
      };
    }
    if (count < desired && (observation.paused.in || policy.behavior.scaleIn.paused)) {
      return {
        code: 'ScaleInPaused',
        why: `scale-in is paused${observation.paused.in ? why : ' by the policy'}`,
        count: desired,
        would: count,
      };
    }
    return undefined;
  },
};

/** The fleet-wide breaker: bad telemetry is likelier than good news for an unusual share of services at once. */
export const breaker: Guard = {
  rule: 'breaker',
  apply: (facts, { count }) => {
    const keep = keepUnderCap(facts);
    if (facts.observation.breaker === undefined || count >= keep) return undefined;
    return { code: 'BreakerOpen', why: `scale-in is held for all: ${facts.observation.breaker}`, count: keep };
  },
};
