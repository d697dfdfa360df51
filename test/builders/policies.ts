import type {
  Behavior,
  JobDepthTarget,
  JobLatencyTarget,
  MetricTarget,
  Policy,
  RequestQueueTimeTarget,
  UtilizationTarget,
} from '../../lib/policy/policy.ts';
import { minutes, seconds } from './times.ts';

const common = { by: 'auto', step: { out: 1, in: 1 } } as const;

export const aBehavior = (overrides: Partial<Behavior> = {}): Behavior => ({
  scaleOut: { max: [{ tasks: 4, share: 1, periodMs: seconds(15) }], cooldownMs: 0, stabilizeMs: 0, paused: false },
  scaleIn: { max: [{ share: 0.25, periodMs: minutes(1) }], cooldownMs: 0, stabilizeMs: minutes(5), paused: false },
  deadBand: 0.1,
  panic: { threshold: 2, windowMs: seconds(10) },
  staleAfterMs: seconds(60),
  busy: 'ignore',
  respectManualMs: minutes(30),
  ...overrides,
});

/** p95 of request queue time between 10 and 50 ms, by steps. */
export const aQueueTimeTarget = (overrides: Partial<RequestQueueTimeTarget> = {}): RequestQueueTimeTarget => ({
  kind: 'request-queue-time',
  percentile: 95,
  topMs: 50,
  lowMs: 10,
  ...common,
  ...overrides,
});

export const aLatencyTarget = (overrides: Partial<JobLatencyTarget> = {}): JobLatencyTarget => ({
  kind: 'job-latency',
  topMs: seconds(30),
  lowMs: seconds(7.5),
  ...common,
  ...overrides,
});

export const aDepthTarget = (overrides: Partial<JobDepthTarget> = {}): JobDepthTarget => ({
  kind: 'job-depth',
  perTask: 20,
  includeBusy: false,
  activation: 0,
  ...common,
  ...overrides,
});

export const aUtilizationTarget = (overrides: Partial<UtilizationTarget> = {}): UtilizationTarget => ({
  kind: 'utilization',
  target: 0.7,
  low: 0.5,
  ...common,
  ...overrides,
});

export const JOBS_QUEUE = 'arn:aws:sqs:us-east-1:111122223333:jobs';

/** Twenty messages a task, of the queue jobs. */
export const anSqsTarget = (
  overrides: Partial<MetricTarget> = {},
  attribute: 'visible' | 'visible-and-in-flight' | 'age' = 'visible-and-in-flight',
): MetricTarget => ({
  kind: 'metric',
  source: { from: 'sqs', queueArn: JOBS_QUEUE, attribute },
  everySeconds: 60,
  perTask: 20,
  ...common,
  ...overrides,
});

/** p95 of a load balancer's response time; give it a `target`. */
export const aCloudWatchTarget = (overrides: Partial<MetricTarget> = {}): MetricTarget => ({
  kind: 'metric',
  source: {
    from: 'cloudwatch',
    namespace: 'AWS/ApplicationELB',
    metric: 'TargetResponseTime',
    dimensions: { LoadBalancer: 'app/shop/0123456789abcdef' },
    statistic: 'p95',
    periodSeconds: 60,
  },
  everySeconds: 60,
  ...common,
  ...overrides,
});

export const aPolicy = (overrides: Partial<Policy> = {}): Policy => ({
  mode: 'on',
  min: 1,
  max: 40,
  targets: [aQueueTimeTarget()],
  behavior: aBehavior(),
  schedules: [],
  ...overrides,
});
