import { FOREIGN_WINDOW_MS, FOREIGN_WRITES } from '../count-history.ts';
import type { Facts } from '../facts.ts';
import type { Memory } from '../memory.ts';
import { clock } from '../sentence.ts';
import type { Instant } from '../time.ts';
import { boundsLast } from './bounds.ts';
import type { Draft, Guard } from './guard.ts';

/**
 * Somebody else scales this service: fighting over the count helps nobody. Who only observes is meant to see what Sluice would do
 * beside the other one, so there it is only said.
 */
export const anotherAutoscaler: Guard = {
  rule: 'foreign-writer',
  apply: (facts, draft) => {
    const { state, policy, memory, observation, now } = facts;
    const { count } = draft;
    const observing = policy.mode === 'observe';
    if (observation.rival !== undefined) {
      // Told as a sentence of its own, with what can be done about it.
      const why = `another autoscaler is set up for this service: ${observation.rival.replace(/\.$/u, '')}`;
      if (observing) return { code: 'AnotherAutoscaler', why, count };
      const instead = 'Or set the mode of this service to observe';
      return { code: 'AnotherAutoscaler', why: `${why}. ${instead}`, count: state.desired, ...would(facts, draft), final: true };
    }
    if (observing) return undefined;
    const first = othersSince(memory, now);
    if (first === undefined) return undefined;
    const why = `the count was changed ${FOREIGN_WRITES} times within an hour by somebody else: another autoscaler seems to be at work. Remove it, or set the mode of this service to observe`;
    return { code: 'AnotherAutoscaler', why, count: state.desired, ...would(facts, draft), until: first + FOREIGN_WINDOW_MS, final: true };
  },
};

/** Since when others have changed the count so often within an hour that it is no person; undefined where they have not. */
function othersSince({ foreign }: Memory, now: Instant): Instant | undefined {
  const recent = foreign.filter((at) => now - at < FOREIGN_WINDOW_MS);
  return recent.length < FOREIGN_WRITES ? undefined : recent[0];
}

/** What it would have come to with the bounds, where that is another count than there is. */
function would(facts: Facts, draft: Draft): { readonly would?: number } {
  const count = boundsLast.apply(facts, draft)?.count ?? draft.count;
  return count === facts.state.desired ? {} : { would: count };
}

/** A template that states a count sets it back with every deploy: restored at once, without a limit of pace. */
export const deployReset: Guard = {
  rule: 'deploy-reset',
  apply: ({ memory, bounds }, { count }) => {
    const restored = Math.min(memory.restore?.count ?? 0, bounds.cap);
    if (restored <= count) return undefined;
    const why =
      `a deploy reset the count, and it was ${memory.restore?.count ?? restored} before. Take the count out of what deploys: ` +
      'DesiredCount in CloudFormation, desiredCount in CDK, or ignore_changes = [desired_count] in Terraform';
    return { code: 'DeployResetCount', why, count: restored };
  },
};

/** What a person sets is respected for as long as the policy says; only the floor is above it. */
export const manualCount: Guard = {
  rule: 'manual',
  apply: ({ state, memory, policy, observation, now }, { count }) => {
    if (policy.mode === 'observe' || memory.manual === undefined || count === state.desired || memory.restore !== undefined)
      return undefined;
    // Of another autoscaler is told below, with what Sluice would do in its place.
    if (observation.rival !== undefined || othersSince(memory, now) !== undefined) return undefined;
    const until = memory.manual.at + policy.behavior.respectManualMs;
    const why = `somebody set the count to ${memory.manual.count} at ${clock(memory.manual.at)}, which is respected until ${clock(until)}`;
    return { code: 'ManualCount', why, count: state.desired, until };
  },
};
