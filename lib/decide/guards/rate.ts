import type { RateLimit } from '../../policy/policy.ts';
import type { Facts } from '../facts.ts';
import { limits } from '../sentence.ts';
import type { Guard } from './guard.ts';

/** Tasks added (or removed) within the period that ends now, from the changes seen at ECS. */
function moved(facts: Facts, rate: RateLimit, way: 'out' | 'in'): { tasks: number; until: number | undefined } {
  const within = facts.memory.changes.filter(
    (change) => facts.now - change.at < rate.periodMs && (way === 'out' ? change.to > change.from : change.to < change.from),
  );
  const first = within[0]?.at;
  return {
    tasks: within.reduce((sum, change) => sum + Math.abs(change.to - change.from), 0),
    until: first === undefined ? undefined : first + rate.periodMs,
  };
}

/**
 * As HPA's scaling policies: the count at the start of the period is worked out from what was added
 * since, each limit is taken from there, and the most permissive one holds. From zero at least one.
 */
export const rateOut: Guard = {
  rule: 'rate-out',
  apply: (facts, { count }) => {
    const { desired } = facts.state;
    const { max } = facts.policy.behavior.scaleOut;
    if (count <= desired || max.length === 0) return undefined;
    let allowed = desired;
    let until: number | undefined;
    for (const rate of max) {
      const added = moved(facts, rate, 'out');
      const start = Math.max(0, desired - added.tasks);
      const most = Math.max(
        rate.tasks === undefined ? 1 : start + rate.tasks,
        rate.share === undefined ? 1 : Math.ceil(start * (1 + rate.share)),
      );
      if (most >= allowed) allowed = most;
      until = Math.min(until ?? Number.POSITIVE_INFINITY, added.until ?? facts.now + rate.periodMs);
    }
    if (allowed >= count) return undefined;
    return {
      code: 'ScaleOutRateLimit',
      why: `${limits('+', max)} allows ${allowed} now`,
      count: allowed,
      ...(until !== undefined && { until }),
    };
  },
};

/** The same downwards; a cap that was lowered goes at this pace, too. */
export const rateIn: Guard = {
  rule: 'rate-in',
  apply: (facts, { count }) => {
    const { desired } = facts.state;
    const { max } = facts.policy.behavior.scaleIn;
    if (count >= desired || max.length === 0) return undefined;
    // From the active minimum there is no smaller step than to nothing.
    if (count === 0 && desired <= (facts.policy.activeMin ?? 0)) return undefined;
    let allowed = desired;
    let until: number | undefined;
    for (const rate of max) {
      const removed = moved(facts, rate, 'in');
      const start = desired + removed.tasks;
      const least = Math.min(
        rate.tasks === undefined ? start : start - rate.tasks,
        rate.share === undefined ? start : Math.floor(start * (1 - rate.share)),
      );
      if (least < allowed) allowed = Math.max(0, least);
      until = Math.min(until ?? Number.POSITIVE_INFINITY, removed.until ?? facts.now + rate.periodMs);
    }
    if (allowed <= count) return undefined;
    return {
      code: 'ScaleInRateLimit',
      why: `${limits('−', max)} allows ${allowed} now`,
      count: allowed,
      ...(until !== undefined && { until }),
    };
  },
};
