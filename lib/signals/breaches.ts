import type { Policy, Target } from '../policy/policy.ts';
import type { Digest, QueueReadings } from '../reports/digest.ts';
import { quantileOf } from '../reports/sketch.ts';

/** Two sketches may disagree by their error. */
const CAUTION = 0.96;

/**
 * Whether this one report makes it worth to evaluate the service at once. A percentile over many processes is over the target only
 * if that of one of them is, so nothing is missed by looking at them one by one; where in doubt the answer is yes,
 * for a needless evaluation costs one read, and a missed one seconds of a growing queue.
 * @param own the report is the service's own: others in its group bring queues alone.
 */
export function breachesTarget(policy: Policy, own: boolean, digest: Digest): boolean {
  return policy.targets.some((target) => breaches(target, policy.min === 0, own, digest));
}

function breaches(target: Target, mayBeAtZero: boolean, own: boolean, digest: Digest): boolean {
  switch (target.kind) {
    case 'request-queue-time':
    case 'response-time': {
      const key = target.kind === 'request-queue-time' ? 'queueTime' : 'appTime';
      return own && digest.web.some((step) => (quantileOf(step[key], target.percentile / 100) ?? 0) > target.topMs * CAUTION);
    }
    case 'utilization':
      return own && (digest.utilization?.value ?? 0) > target.target * CAUTION;
    case 'job-latency':
      return queuesOf(target.queues, digest).some(
        ({ latency }) => (latency?.value ?? 0) > (mayBeAtZero ? Math.min(target.lowMs, target.topMs) : target.topMs),
      );
    case 'job-depth': {
      let jobs = 0;
      for (const { depth, busy } of queuesOf(target.queues, digest))
        jobs += (depth?.value ?? 0) + (target.includeBusy ? (busy?.value ?? 0) : 0);
      return jobs > target.perTask || (mayBeAtZero && jobs > target.activation);
    }
    case 'metric':
      // Collected, never reported: metricBreached.
      return false;
  }
}

function queuesOf(names: readonly string[] | undefined, digest: Digest): QueueReadings[] {
  if (names === undefined) return [...digest.queues.values()];
  return names.flatMap((name) => digest.queues.get(name) ?? []);
}
