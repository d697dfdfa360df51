import * as z from 'zod';
import { AwsError } from './aws-error.ts';
import type { Operation, Parameters, Scene } from './operation.ts';

const Query = z.object({
  Id: z.string().regex(/^[a-z][A-Za-z0-9_]{0,254}$/, 'must begin with a lower-case letter'),
  MetricStat: z.object({
    Metric: z.object({
      Namespace: z.string(),
      MetricName: z.string(),
      Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
    }),
    Period: z.int().min(1),
    Stat: z.string(),
  }),
});
/** In the JSON protocol times are seconds since the epoch. */
const Asked = z.object({
  MetricDataQueries: z.array(Query).min(1).max(500),
  StartTime: z.number(),
  EndTime: z.number(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
});

/** What CloudWatch answers of all it could: the newest values of metrics. */
export const CLOUDWATCH_OPERATIONS: Readonly<Record<string, Operation>> = {
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
  GetMetricData: {
    needs: (parameters) => {
      read(parameters);
      return [{ action: 'cloudwatch:GetMetricData', resource: '*', context: {} }];
    },
    perform: (parameters, scene) => {
      const { MetricDataQueries, StartTime, EndTime, ScanBy } = read(parameters);
      return { MetricDataResults: MetricDataQueries.map((query) => resultOf(query, { StartTime, EndTime, ScanBy }, scene)), Messages: [] };
    },
  },
};

function read(parameters: Parameters): z.infer<typeof Asked> {
  const asked = Asked.safeParse(parameters);
  if (!asked.success)
    throw new AwsError('ValidationError', asked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  const ids = asked.data.MetricDataQueries.map(({ Id }) => Id);
  if (new Set(ids).size < ids.length) throw new AwsError('ValidationError', 'The ids of MetricDataQueries must differ.');
  if (asked.data.StartTime >= asked.data.EndTime) throw new AwsError('ValidationError', 'StartTime must be before EndTime.');
  return asked.data;
}

/** One datapoint for each period that has begun, named after its beginning. */
function resultOf(
  { Id, MetricStat }: z.infer<typeof Query>,
  { StartTime, EndTime, ScanBy }: Omit<z.infer<typeof Asked>, 'MetricDataQueries'>,
  scene: Scene,
) {
  const { Metric, Period } = MetricStat;
  const value = scene.measures.metric({
    accountId: scene.session.caller.accountId,
    region: scene.region,
    namespace: Metric.Namespace,
    metric: Metric.MetricName,
    dimensions: Object.fromEntries(Metric.Dimensions.map(({ Name, Value }) => [Name, Value])),
  });
  const times: number[] = [];
  const end = Math.min(EndTime, scene.now / 1_000);
  if (value !== undefined) for (let at = Math.ceil(StartTime / Period) * Period; at < end; at += Period) times.push(at);
  if (ScanBy === 'TimestampDescending') times.reverse();
  return { Id, Label: Metric.MetricName, Timestamps: times, Values: times.map(() => value), StatusCode: 'Complete' };
}
