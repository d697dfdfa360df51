import type { Instant } from '../clock.ts';
import type { Control, Pause } from '../stores/records.ts';

/** A change that AWS denied is not tried again before that: whoever mends the role needs minutes, and CloudTrail is read by people. */
const DENIED_MS = 5 * 60_000;

/**
 * AccessDenied means stop touching: for some minutes after a denied change nothing is changed, as if a
 * person had paused it. Undefined: nothing was denied of late.
 */
export function pauseOfDenial({ problem }: Control, now: Instant): Pause | undefined {
  if (problem?.code !== 'AccessDenied') return undefined;
  const until = problem.at + DENIED_MS;
  if (now >= until) return undefined;
  const again = new Date(until).toISOString().slice(11, 19);
  return {
    in: true,
    out: true,
    at: problem.at,
    until,
    why: `AWS denied the last change, it is tried again from ${again} UTC on: ${problem.why}`,
  };
}
