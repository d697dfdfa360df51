import type { Policy } from '../policy/policy.ts';
import type { Memory } from './memory.ts';
import type { Observation, TargetSignals } from './observation.ts';
import { duration, tasks } from './sentence.ts';
import type { Instant } from './time.ts';

/** Notes since when no target has had a reading that can be used, and forgets it when one has. */
export function trackSilence(memory: Memory, policy: Policy, observation: Observation, now: Instant): Memory {
  const fresh = (signals: TargetSignals | undefined) =>
    signals?.reading.kind === 'known' && now - signals.reading.at <= (signals.freshForMs ?? policy.behavior.staleAfterMs);
  const silent = policy.targets.length > 0 && !policy.targets.some((_, i) => fresh(observation.targets[i]));
  if (silent === (memory.silentSince !== undefined)) return memory;
  const { silentSince: _, ...rest } = memory;
  if (!silent) return rest;
  const newest = Math.max(
    0,
    ...observation.targets.map(({ reading }) => (reading.kind === 'known' ? Math.min(reading.at, now) : 0)),
    Math.min(observation.lastReportAt ?? 0, now),
  );
  // Reports that carry nothing to go by are silence, too, from now on.
  return { ...rest, silentSince: newest > 0 && now - newest > policy.behavior.staleAfterMs ? newest : now };
}

/** The floor that the policy asks for after so long without a reading, if it is so long. */
export function fallbackFloor(memory: Memory, policy: Policy, now: Instant): { tasks: number; why: string } | undefined {
  const { fallback } = policy.behavior;
  if (fallback === undefined || memory.silentSince === undefined || now - memory.silentSince < fallback.afterMs) return undefined;
  return {
    tasks: fallback.tasks,
    why: `there has been no reading for ${duration(now - memory.silentSince)}, and the fallback is ${tasks(fallback.tasks)}`,
  };
}
