import { FOREIGN_WINDOW_MS, FOREIGN_WRITES } from '../count-history.ts';
import { clock } from '../sentence.ts';
import type { Guard } from './guard.ts';

/**
 * Somebody else scales this service: fighting over the count helps nobody. Who only observes is meant to see what Sluice would do
 * beside the other one, so there it is only said.
 */
export const anotherAutoscaler: Guard = {
  rule: 'foreign-writer',
  apply: ({ state, policy, memory, observation, now }, { count }) => {
    const observing = policy.mode === 'observe';
    if (observation.rival !== undefined) {
      // Told as a sentence of its own, with what can be done about it.
      const why = `another autoscaler is set up for this service: ${observation.rival.replace(/\.$/u, '')}`;
      if (observing) return { code: 'AnotherAutoscaler', why, count };
      const instead = 'Or set the mode of this service to observe';
      return { code: 'AnotherAutoscaler', why: `${why}. ${instead}`, count: state.desired, final: true };
    }
    if (observing) return undefined;
    const recent = memory.foreign.filter((at) => now - at < FOREIGN_WINDOW_MS);
    const [first] = recent;
    if (first === undefined || recent.length < FOREIGN_WRITES) return undefined;
    const why = `the count was changed ${recent.length} times within an hour by somebody else: another autoscaler seems to be at work. Remove it, or set the mode of this service to observe`;
    return { code: 'AnotherAutoscaler', why, count: state.desired, until: first + FOREIGN_WINDOW_MS, final: true };
  },
};

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
  apply: ({ state, memory, policy }, { count }) => {
    if (policy.mode === 'observe' || memory.manual === undefined || count === state.desired || memory.restore !== undefined)
      return undefined;
    const until = memory.manual.at + policy.behavior.respectManualMs;
    const why = `somebody set the count to ${memory.manual.count} at ${clock(memory.manual.at)}, which is respected until ${clock(until)}`;
    return { code: 'ManualCount', why, count: state.desired, until };
  },
};
