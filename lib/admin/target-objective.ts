import type { Target } from '../policy/policy.ts';

export interface ListedTarget {
  /** "request-queue-time p95", "job-depth imports": which target of the policy it is. */
  readonly target: string;
  readonly unit: 'ms' | 'share' | 'count';
  /** What its reading is held against: the top of the range; for `per-task`, of each task. */
  readonly objective: number;
  /** The bottom of the range; null where there is none. */
  readonly low: number | null;
  readonly perTask: boolean;
}

const queuesOf = (queues: readonly string[] | undefined) => (queues === undefined ? '' : ` ${queues.join(', ')}`);

/** What a target wants, in the units of its readings. */
export function listedTarget(target: Target): ListedTarget {
  switch (target.kind) {
    case 'request-queue-time':
    case 'response-time': {
      const { kind, percentile, topMs, lowMs } = target;
      return { target: `${kind} p${percentile}`, unit: 'ms', objective: topMs, low: lowMs, perTask: false };
    }
    case 'job-latency': {
      const { kind, queues, topMs, lowMs } = target;
      return { target: `${kind}${queuesOf(queues)}`, unit: 'ms', objective: topMs, low: lowMs, perTask: false };
    }
    case 'job-depth':
      return { target: `${target.kind}${queuesOf(target.queues)}`, unit: 'count', objective: target.perTask, low: null, perTask: true };
    case 'utilization':
      return { target: target.kind, unit: 'share', objective: target.target, low: target.low, perTask: false };
    case 'metric': {
      const { source, perTask, target: top, low } = target;
      const name = source.from === 'sqs' ? `${source.queueArn.split(':').at(-1) ?? ''} ${source.attribute}` : source.metric;
      const unit = source.from === 'sqs' && source.attribute === 'age' ? 'ms' : 'count';
      return { target: `metric ${name}`, unit, objective: perTask ?? top ?? 0, low: low ?? null, perTask: perTask !== undefined };
    }
  }
}
