import type { Target } from '../../policy/policy.ts';
import type { Facts } from '../facts.ts';
import { tasks } from '../sentence.ts';
import { usable } from '../wants/want.ts';
import type { Guard } from './guard.ts';

/** Jobs running now over all job targets, or why that is not known; undefined without job targets. */
function busyJobs(facts: Facts): { jobs: number } | { why: string } | undefined {
  let jobs: number | undefined;
  for (const [i, target] of facts.policy.targets.entries()) {
    if (!isAboutJobs(target)) continue;
    const signals = facts.observation.targets[i];
    const busy = signals && usable(signals.busy, facts, 'the number of running jobs', signals.freshForMs);
    if (busy === undefined) return { why: 'the number of running jobs is not known' };
    if (!('value' in busy)) return { why: busy.why };
    // Targets may name the same queues: the largest count, not the sum.
    jobs = Math.max(jobs ?? 0, busy.value);
  }
  return jobs === undefined ? undefined : { jobs };
}

/** A queue's messages are jobs, too; their count, unlike their age, tells how many are in flight. */
const isAboutJobs = (target: Target): boolean =>
  target.kind === 'job-latency' ||
  target.kind === 'job-depth' ||
  (target.kind === 'metric' && target.source.from === 'sqs' && target.source.attribute !== 'age');

/** Jobs that run are not killed by a scale-in, as far as the policy asks for that. */
export const busy: Guard = {
  rule: 'busy',
  apply: (facts, { count }) => {
    const { desired } = facts.state;
    const { busy: protection } = facts.policy.behavior;
    if (count >= desired || protection === 'ignore' || protection === 'task-protection') return undefined;
    const running = busyJobs(facts);
    if (running === undefined) return undefined;
    if ('why' in running) return { code: 'BusyUnknown', why: `${running.why}, and tasks with jobs must not be removed`, count: desired };
    const least = protection === 'hold' ? (running.jobs > 0 ? desired : 0) : Math.min(desired, Math.ceil(running.jobs));
    if (least <= count) return undefined;
    const jobs = running.jobs === 1 ? '1 job is running' : `${running.jobs} jobs are running`;
    const why =
      protection === 'hold' ? `${jobs}, and nothing is removed before they are done` : `${jobs}, so at least ${tasks(least)} stay`;
    return { code: 'JobsRunning', why, count: least };
  },
};
