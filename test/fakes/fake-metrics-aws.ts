import type { ConnectedAccount } from '../../lib/accounts/account.ts';
import { queueArn } from '../../lib/accounts/queue-arn.ts';
import { metricCalls } from '../../lib/aws/latest-datapoints.ts';
import type { Answer, Datapoint, MetricQuery, MetricsAws, QueueDepth } from '../../lib/collect/metrics-aws.ts';
import type { MissCode } from '../../lib/reports/collected.ts';

export interface FakeMetricsCall {
  readonly action: 'sqs:GetQueueAttributes' | 'cloudwatch:GetMetricData';
  readonly accountId: string;
  readonly region: string;
  readonly about: readonly string[];
}

export interface FakeMetricsAws extends MetricsAws {
  readonly calls: readonly FakeMetricsCall[];
  /** Makes the queue, or changes what it says. */
  setQueue(arn: string, depth: QueueDepth): void;
  setMetric(metric: string, datapoint: Datapoint | undefined): void;
  /** Everything of the account, or this one ARN, is missing so until it is undefined again. */
  miss(what: string, code: MissCode | undefined): void;
}

/** Customers' SQS and CloudWatch in memory. Metrics are told apart by their names alone. */
export function fakeMetricsAws(): FakeMetricsAws {
  const calls: FakeMetricsCall[] = [];
  const queues = new Map<string, QueueDepth>();
  const metrics = new Map<string, Datapoint>();
  const misses = new Map<string, MissCode>();
  const missing = (...about: string[]) => about.flatMap((what) => misses.get(what) ?? []).map((code) => no(code))[0];
  const no = (code: MissCode) => ({ ok: false, code, why: `a fault of the test: ${code}` }) as const;

  const depthOf = (account: ConnectedAccount, arn: string): Answer<QueueDepth> => {
    const depth = queues.get(arn);
    return missing(account.accountId, arn) ?? (depth ? { ok: true, value: depth } : no('not-found'));
  };
  const latestOf = (account: ConnectedAccount, query: MetricQuery): Answer<Datapoint> => {
    const datapoint = metrics.get(query.metric);
    return missing(account.accountId, query.metric) ?? (datapoint ? { ok: true, value: datapoint } : no('no-datapoint'));
  };

  return {
    calls,
    setQueue: (arn, depth) => void queues.set(arn, depth),
    setMetric: (metric, datapoint) => void (datapoint ? metrics.set(metric, datapoint) : metrics.delete(metric)),
    miss: (what, code) => void (code ? misses.set(what, code) : misses.delete(what)),
    collector: (account, region, queueArns) => {
      const foreign = queueArns.find((arn) => queueArn(arn).accountId !== account.accountId || queueArn(arn).region !== region);
      if (foreign) throw new Error(`${foreign} is not of ${account.accountId} in ${region}`);
      const about = { accountId: account.accountId, region };
      return {
        async depths(asked) {
          for (const arn of asked) calls.push({ action: 'sqs:GetQueueAttributes', ...about, about: [arn] });
          return new Map(asked.map((arn) => [arn, queueArns.includes(arn) ? depthOf(account, arn) : no('denied')]));
        },
        async latest(asked) {
          for (const places of metricCalls(asked))
            calls.push({ action: 'cloudwatch:GetMetricData', ...about, about: places.map((i) => asked[i]?.metric ?? '') });
          return asked.map((query) => latestOf(account, query));
        },
      };
    },
  };
}
