import type { Combined } from './combine.ts';
import type { Facts } from './facts.ts';
import { failedTries } from './failed-tries.ts';
import { KEEP, type Memory } from './memory.ts';
import { duration } from './sentence.ts';
import { learnedFor } from './wants/learn.ts';
import { SLOT_MS } from './wants/web-load.ts';

/** What ECS gives a task to end by default: shorter jobs survive a scale-in, longer ones are broken off and begin anew elsewhere. */
const GRACE_MS = 30_000;
/** So many times the time of a job has to be seen before tasks that work on such jobs are removed, */
const JOB_TIMES = 24;
/** and that many of the policy's windows at most: beyond that the tasks kept cost more than the work that is saved. */
const MOST_WINDOWS = 4;

/** So many tries in an hour to do with fewer tasks that failed at once are no chance: the next one waits for six windows, */
const TRIES = 2;
const TRY_WINDOWS = 6;
/** half an hour at most, so that the tries before are remembered until it is over. */
const LONGEST_MS = 30 * 60_000;

export interface ScaleInWindow {
  readonly ms: number;
  /** Why it is longer than the policy's, as a clause to go after its length; empty where it is not. */
  readonly why: string;
}

/**
 * How long fewer tasks must be enough before any is removed: the policy's window, and longer where jobs take long. ECS does not choose
 * idle tasks to stop, so each scale-in breaks off some, and the fewer there are the better. A window of 0 stays off, and what is left to
 * ECS's task protection needs none of this. A job takes 1 ÷ (jobs per second and task), as learned, or longer where a task does several.
 */
export function scaleInWindow(facts: Facts): ScaleInWindow {
  const { behavior, targets } = facts.policy;
  const { stabilizeMs } = behavior.scaleIn;
  const jobMs = Math.max(
    0,
    ...targets.map((target, i) => {
      const rate = target.kind === 'job-latency' ? (learnedFor(facts, i)?.value ?? 0) : 0;
      return rate > 0 ? 1_000 / rate : 0;
    }),
  );
  const long = jobMs > GRACE_MS && behavior.busy !== 'task-protection';
  const ofJobs = long ? Math.round(Math.min(MOST_WINDOWS * stabilizeMs, Math.max(stabilizeMs, JOB_TIMES * jobMs))) : stabilizeMs;
  const tries = failedTries(facts.memory, facts.now);
  const ofTries = tries >= TRIES ? Math.min(LONGEST_MS, TRY_WINDOWS * stabilizeMs) : 0;
  if (ofTries > ofJobs) return { ms: ofTries, why: ` (${tries} times in an hour tasks were removed and needed again at once)` };
  return { ms: ofJobs, why: ofJobs > stabilizeMs ? ` (a job takes ${duration(jobMs)} or so, and would be broken off)` : '' };
}

/**
 * The wants are the highest of the policy's window by themselves, as the readings of that time show, and the service was watched all
 * through it: there is nothing to wait for.
 */
export const knownOver = ({ overMs }: Combined, { watched }: Memory, { policy, now }: Facts): boolean => {
  const { stabilizeMs } = policy.behavior.scaleIn;
  return overMs >= stabilizeMs && watched !== undefined && now - watched >= stabilizeMs;
};

/**
 * The count that a service was found with, where it has not been watched for the whole window yet, but the readings cover all the time
 * since: those tasks may have been needed before. What was added since then may go, for what it was needed for has been seen.
 */
export function foundWith({ overMs }: Combined, { watched, changes }: Memory, { now }: Facts): number | undefined {
  if (watched === undefined || overMs === 0 || overMs + 2 * SLOT_MS < now - watched || changes.length >= KEEP.changes) return undefined;
  return changes.find((change) => change.at >= watched)?.from;
}
