import type { ConnectedAccount } from '../accounts/account.ts';
import type { Instant } from '../clock.ts';
import type { MissCode } from '../reports/collected.ts';

/**
 * What `collect` asks of a customer's AWS, apart from `CustomerAws`, so that the functions that scale carry no client of SQS or
 * CloudWatch. Nothing here throws for what goes wrong at AWS: each number is answered or missing by itself.
 */
export interface MetricsAws {
  /** For one account and Region. Sessions are narrowed to `sqs:GetQueueAttributes` on these queues and `cloudwatch:GetMetricData`. */
  collector(account: ConnectedAccount, region: string, queueArns: readonly string[]): MetricCollector;
}

export interface MetricCollector {
  /** Of each of these, all of them named before. */
  depths(queueArns: readonly string[]): Promise<ReadonlyMap<string, Answer<QueueDepth>>>;
  /** The newest datapoint of a whole period for each, in the order asked; 500 of one period in a call. */
  latest(metrics: readonly MetricQuery[]): Promise<readonly Answer<Datapoint>[]>;
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly code: MissCode;
      /** What AWS said, for the log. */
      readonly why: string;
    };

export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
}

export interface MetricQuery {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly periodSeconds: number;
}

export interface Datapoint {
  readonly value: number;
  /** End of its period. */
  readonly at: Instant;
}
