import type { GetMetricDataCommandOutput, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Instant } from '../clock.ts';
import type { Answer, Datapoint, MetricQuery } from '../collect/metrics-aws.ts';
import { AwsFailure } from './aws-failure.ts';

export const GET_METRIC_DATA = 'cloudwatch:GetMetricData';
/** CloudWatch takes at most 500 queries in one call. */
export const MOST_METRICS_PER_CALL = 500;
/** A few datapoints of each metric never fill a page; an answer that goes on and on is given up. */
const MOST_PAGES = 5;
/** Looks back at least this far, and at least three periods with two minutes for their delivery. */
const LOOK_BACK_MS = 300_000;
const DELIVERY_MS = 120_000;

export type SendPage = (command: GetMetricDataCommand) => Promise<GetMetricDataCommandOutput>;

/** Metrics in groups that one call can ask for: of one period, at most 500. The numbers are places in `metrics`. */
export function metricCalls(metrics: readonly MetricQuery[]): number[][] {
  const byPeriod = new Map<number, number[]>();
  for (const [i, { periodSeconds }] of metrics.entries()) byPeriod.set(periodSeconds, [...(byPeriod.get(periodSeconds) ?? []), i]);
  return [...byPeriod.values()].flatMap((places) =>
    Array.from({ length: Math.ceil(places.length / MOST_METRICS_PER_CALL) }, (_, call) =>
      places.slice(call * MOST_METRICS_PER_CALL, (call + 1) * MOST_METRICS_PER_CALL),
    ),
  );
}

/**
 * The newest datapoint of each metric, all of one period, in the order asked. Only whole periods count: a Sum of a minute that is
 * still going on would look like a lull. What CloudWatch has no datapoint of, or answers in part only, is missing, never 0.
 */
export async function latestDatapoints(send: SendPage, metrics: readonly MetricQuery[], now: Instant): Promise<Answer<Datapoint>[]> {
  const [first] = metrics;
  if (!first) return [];
  const periodMs = first.periodSeconds * 1_000;
  const end = Math.floor(now / periodMs) * periodMs;
  const start = Math.floor((end - Math.max(LOOK_BACK_MS, 3 * periodMs + DELIVERY_MS)) / periodMs) * periodMs;
  const input = {
    MetricDataQueries: metrics.map((metric, i) => queryOf(metric, i)),
    StartTime: new Date(start),
    EndTime: new Date(end),
    ScanBy: 'TimestampDescending' as const,
  };
  const results = new Map<string, { status: string | undefined; newest: Datapoint | undefined }>();
  let token: string | undefined;
  for (let page = 1; page === 1 || token !== undefined; page++) {
    if (page > MOST_PAGES) throw new AwsFailure('unavailable', GET_METRIC_DATA, `the answer did not end within ${MOST_PAGES} pages`);
    const answer = await send(new GetMetricDataCommand({ ...input, ...(token === undefined ? {} : { NextToken: token }) }));
    for (const result of answer.MetricDataResults ?? []) {
      if (result.Id === undefined) continue;
      const before = results.get(result.Id)?.newest;
      const found = newestOf(result, periodMs, now);
      const newest = before && (!found || found.at <= before.at) ? before : found;
      results.set(result.Id, { status: result.StatusCode, newest });
    }
    token = answer.NextToken;
  }
  return metrics.map((_, i) => answerOf(results.get(idOf(i))));
}

const idOf = (i: number) => `m${i}`;

const queryOf = ({ namespace, metric, dimensions, statistic, periodSeconds }: MetricQuery, i: number) => ({
  Id: idOf(i),
  MetricStat: {
    Metric: {
      Namespace: namespace,
      MetricName: metric,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: periodSeconds,
    Stat: statistic,
  },
});

function newestOf({ Timestamps = [], Values = [] }: MetricDataResult, periodMs: number, now: Instant): Datapoint | undefined {
  let newest: Datapoint | undefined;
  for (const [i, timestamp] of Timestamps.entries()) {
    const value = Values[i];
    const at = timestamp.getTime() + periodMs;
    if (value === undefined || !Number.isFinite(value) || !Number.isFinite(at) || at > now) continue;
    if (!newest || at > newest.at) newest = { value, at };
  }
  return newest;
}

function answerOf(result: { readonly status: string | undefined; readonly newest: Datapoint | undefined } | undefined): Answer<Datapoint> {
  switch (result?.status) {
    case 'Complete':
      if (result.newest) return { ok: true, value: result.newest };
      return { ok: false, code: 'no-datapoint', why: 'CloudWatch has no recent datapoint' };
    case 'PartialData':
      return { ok: false, code: 'partial', why: 'CloudWatch answered with a part of the data' };
    case 'Forbidden':
      return { ok: false, code: 'denied', why: `${GET_METRIC_DATA}: Forbidden` };
    default:
      return { ok: false, code: 'unavailable', why: `${GET_METRIC_DATA}: ${result?.status ?? 'no result'}` };
  }
}
