import type { Instant } from '../clock.ts';
import type { Evaluated } from '../evaluate/evaluate-service.ts';

/** How often a cluster is looked at whose services are all at rest: ten services to a cluster cost under ten calls each an hour. */
export const REST_MS = 6 * 60_000;
/** How often while tasks start or stop, a decision is under way, or something waits for time to pass. */
const BUSY_MS = 55_000;

/** When a cluster has to be looked at again: soon while anything is moving, else at the first thing that time alone brings about. */
export function nextLook(evaluated: readonly Evaluated[], now: Instant): Instant {
  let next = now + REST_MS;
  for (const { control, decision, nextEdgeAt } of evaluated) {
    const { state } = control;
    const moving =
      decision.kind === 'scale' ||
      control.act !== undefined ||
      control.lastOutcome?.outcome === 'failed' ||
      (state.kind === 'known' && (state.running !== state.desired || state.pending > 0 || state.deployment !== 'none'));
    if (moving) next = Math.min(next, now + BUSY_MS);
    if (nextEdgeAt !== undefined) next = Math.min(next, nextEdgeAt);
    if (decision.kind === 'hold' && decision.until !== undefined && decision.until > now) next = Math.min(next, decision.until);
  }
  return next;
}
