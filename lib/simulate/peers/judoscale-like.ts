import type { History, Scenario } from '../scaler.ts';
import { clamp, type Peer, parameter } from './peer.ts';
import { createPoints } from './points.ts';
import { gaugeAt } from './samples.ts';

const BUCKET_SECONDS = 10;

/**
 * ±1 on a range of queue time, as Judoscale's public documents describe it (tuning-your-application, autoscaling-behavior,
 * autoscaling-responsiveness, api-docs): a re-implementation, not their code. Metrics in buckets of 10 s, of which the newest complete one counts; one
 * task more when it is over the top of the range and the last upscale is 60 s ago (on ECS an instance takes "closer to a minute", and the
 * frequency should not be shorter); one task fewer when all buckets of 10 minutes are below the bottom, and 10 minutes after the last downscale.
 * Without metrics it holds.
 *
 * The top is the SLO, the bottom half of it, the ratio of their API's sample (100 and 50 ms). Assumed, since it is not published:
 * the 95th percentile for web; for workers, by their documents, the largest queue time of the queues. A bucket without any request is calm. Adapters send each
 * 10 s, so a bucket is acted upon 10 s after its end.
 */
export const judoscaleLike: Peer = {
  id: 'judoscale-like',
  about: '±1 on a queue-time range, from Judoscale’s public documents',
  parameters: ({ sloMs }) => ({ topMs: sloMs, bottomShare: 0.5, upFrequencySeconds: 60, downDelaySeconds: 600, upQuantity: 1 }),
  tunable: { topMs: [0.1, 1], bottomShare: [0.1, 1.6], upFrequencySeconds: [0.3, 3], downDelaySeconds: [0.1, 2], upQuantity: [1, 6] },
  make(scenario, parameters) {
    const topMs = parameter(parameters, 'topMs');
    const bottomMs = topMs * parameter(parameters, 'bottomShare');
    const upFrequency = parameter(parameters, 'upFrequencySeconds');
    const downDelay = parameter(parameters, 'downDelaySeconds');
    const upQuantity = Math.round(parameter(parameters, 'upQuantity'));
    const calmBuckets = Math.max(1, Math.round(downDelay / BUCKET_SECONDS));
    const buckets = createPoints({
      periodSeconds: BUCKET_SECONDS,
      lagSeconds: BUCKET_SECONDS,
      keep: calmBuckets,
      of: (history, from, to) => bucketMs(scenario, history, from, to),
    });
    let lastUp: number | undefined;
    let lastDown: number | undefined;
    return {
      id: 'judoscale-like',
      everySeconds: BUCKET_SECONDS,
      decide({ now, desired, history }) {
        if (!buckets.update(history, now)) return undefined;
        const newest = buckets.newest(1)?.[0];
        if (newest !== undefined && newest > topMs) {
          if (lastUp !== undefined && now - lastUp < upFrequency) return undefined;
          const want = clamp(desired + upQuantity, scenario);
          if (want > desired) lastUp = now;
          return want;
        }
        if (lastDown !== undefined && now - lastDown < downDelay) return undefined;
        if (!buckets.newest(calmBuckets)?.every((bucket) => bucket < bottomMs)) return undefined;
        const want = clamp(desired - 1, scenario);
        if (want < desired) lastDown = now;
        return want;
      },
    };
  },
};

function bucketMs({ kind }: Scenario, history: History, from: number, to: number): number | undefined {
  if (kind === 'jobs') return gaugeAt(history, to, ({ oldestMs }) => oldestMs, to - from);
  const times = history.queueTimes(from, to);
  return times && (times.count > 0 ? times.quantile(0.95) : 0);
}
