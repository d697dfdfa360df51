import { queueArn } from '../../accounts/queue-arn.ts';

export interface QueueState {
  readonly visible: number;
  readonly inFlight: number;
  /** Age of the oldest message in seconds, as CloudWatch tells it; null: no datapoint. */
  readonly ageSeconds: number | null;
}

/** A metric of CloudWatch, as one account has it in one Region. */
export interface MetricName {
  readonly accountId: string;
  readonly region: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** SQS queues, and what CloudWatch says of anything: what can be measured without an adapter. */
export interface Measures {
  /** Lets an empty queue exist, unless there is one already. Throws for what is no queue's ARN. */
  ensureQueue(arn: string): void;
  /** Makes the queue or changes what is given of it. */
  setQueue(arn: string, state: Partial<QueueState>): QueueState;
  queue(arn: string): QueueState | undefined;
  queues(): readonly { readonly arn: string; readonly state: QueueState }[];
  /** From now on every period has this value, those that have passed included; null: none has a datapoint. */
  setMetric(name: MetricName, value: number | null): void;
  metric(name: MetricName): number | undefined;
}

const EMPTY: QueueState = { visible: 0, inFlight: 0, ageSeconds: 0 };

export function createMeasures(): Measures {
  const queues = new Map<string, QueueState>();
  const metrics = new Map<string, number>();
  const measures: Measures = {
    ensureQueue: (arn) => void (queues.has(arn) || measures.setQueue(arn, {})),
    setQueue(arn, state) {
      const { accountId, region, name } = queueArn(arn);
      const next = { ...(queues.get(arn) ?? EMPTY), ...state };
      queues.set(arn, next);
      const age = { namespace: 'AWS/SQS', metric: 'ApproximateAgeOfOldestMessage', dimensions: { QueueName: name } };
      measures.setMetric({ accountId, region, ...age }, next.ageSeconds);
      return next;
    },
    queue: (arn) => queues.get(arn),
    queues: () => [...queues].map(([arn, state]) => ({ arn, state })),
    setMetric: (name, value) => void (value === null ? metrics.delete(keyOf(name)) : metrics.set(keyOf(name), value)),
    metric: (name) => metrics.get(keyOf(name)),
  };
  return measures;
}

const keyOf = ({ accountId, region, namespace, metric, dimensions }: MetricName) =>
  JSON.stringify([accountId, region, namespace, metric, Object.entries(dimensions).sort()]);
