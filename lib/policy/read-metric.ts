import { defaultLow, values } from './default-values.ts';
import { limits } from './limits.ts';
import { sourcePeriodSeconds } from './metric-source.ts';
import type { MetricTarget, Target } from './policy.ts';
import { entriesOf, type Fields, readMap } from './read-map.ts';
import { readDuration, readNumber, readPerTask, readText, readWord, textOf } from './read-value.ts';
import type { Place, Review } from './review.ts';
import { unless } from './unless.ts';

/** What stands beside the target key of an entry of `scale`. */
export type TargetCommon = Pick<Target, 'by' | 'concurrency' | 'step'>;
type Source = MetricTarget['source'];

/** `{ sqs: <queue ARN>, per-task: 20 }` or `{ cloudwatch: { … }, target: 100 }`: a number that is collected, not reported. */
export function readMetricTarget(place: Place, review: Review, common: TargetCommon): Target[] {
  const fields = readMap(
    place,
    review,
    ['sqs', 'attribute', 'cloudwatch', 'every', 'per-task', 'target', 'low', 'activation'],
    '{ sqs: <queue ARN>, per-task: 20 }',
  );
  if (!fields) return [];
  const source = readSource(fields, review);
  const timed = source?.from === 'sqs' && source.attribute === 'age';
  const everySeconds = readEvery(fields, review, source);
  const value = readWanted(fields, review, timed);
  return source && value && everySeconds !== undefined ? [{ kind: 'metric', source, everySeconds, ...value, ...common }] : [];
}

/** How often to collect, in seconds; never more often than the source has something new to say. */
function readEvery(fields: MetricFields, review: Review, source: Source | undefined): number | undefined {
  const place = fields.get('every');
  if (!place) return values.everySeconds;
  const ms = readDuration(place, review, { min: 10_000, max: 60_000 });
  if (ms === undefined) return undefined;
  if (60_000 % ms !== 0 || ms % 10_000 !== 0) return review.problem(place, 'one-of', 'has to be 10s, 20s, 30s or 60s');
  if (source && ms < 60_000 && ms < sourcePeriodSeconds(source) * 1_000) {
    const news =
      source.from === 'sqs'
        ? 'the age comes from CloudWatch, which has a new one each 60s'
        : `the metric has a new value each ${source.periodSeconds}s`;
    return review.problem(place, 'conflict', `${news}: leave \`every\` out`);
  }
  return ms / 1_000;
}

type MetricFields = Fields<'sqs' | 'attribute' | 'cloudwatch' | 'every' | 'per-task' | 'target' | 'low' | 'activation'>;

function readSource(fields: MetricFields, review: Review): Source | undefined {
  const sqs = fields.get('sqs');
  const cloudwatch = fields.get('cloudwatch');
  if ((sqs === undefined) === (cloudwatch === undefined)) {
    return review.problemAt(
      fields.place.keyAt,
      fields.place.path,
      'required',
      null,
      'a metric has one source: `sqs: <queue ARN>` or `cloudwatch: { namespace, metric, … }`',
    );
  }
  const attributePlace = fields.get('attribute');
  if (cloudwatch) {
    if (attributePlace) review.problem(attributePlace, 'conflict', '`attribute` belongs to `sqs`: take it out');
    return readCloudWatch(cloudwatch, review);
  }
  const queueArn = sqs && readQueueArn(sqs, review);
  const attribute = attributePlace ? readWord(attributePlace, review, ['visible', 'visible-and-in-flight', 'age']) : values.sqsAttribute;
  return queueArn === undefined || attribute === undefined ? undefined : { from: 'sqs', queueArn, attribute };
}

const queueArnPattern = /^arn:(aws|aws-cn|aws-us-gov):sqs:[a-z]{2}(-[a-z]+)+-\d{1,2}:\d{12}:[A-Za-z0-9_-]{1,80}(\.fifo)?$/;

function readQueueArn(place: Place, review: Review): string | undefined {
  const text = textOf(place);
  if (text !== undefined && queueArnPattern.test(text)) return text;
  return review.problem(place, 'format', "an SQS queue's ARN looks like arn:aws:sqs:us-east-1:111122223333:imports");
}

const statisticPattern = /^(Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d{1,2})?)$/;

function readCloudWatch(place: Place, review: Review): Source | undefined {
  const fields = readMap(
    place,
    review,
    ['namespace', 'metric', 'dimensions', 'statistic', 'period'],
    '{ namespace: AWS/ApplicationELB, metric: RequestCountPerTarget }',
  );
  if (!fields) return undefined;
  const namespacePlace = fields.required('namespace', 'such as AWS/ApplicationELB');
  const namespace = namespacePlace && readText(namespacePlace, review, 255);
  const metricPlace = fields.required('metric', "the metric's name, such as RequestCountPerTarget");
  const metric = metricPlace && readText(metricPlace, review, 255);
  const dimensionsPlace = fields.get('dimensions');
  const dimensions = dimensionsPlace ? readDimensions(dimensionsPlace, review) : {};
  const statisticPlace = fields.get('statistic');
  const statistic = statisticPlace ? readStatistic(statisticPlace, review) : values.statistic;
  const periodPlace = fields.get('period');
  const periodSeconds = periodPlace ? readPeriod(periodPlace, review) : values.periodSeconds;
  if (namespace === undefined || metric === undefined || dimensions === undefined || statistic === undefined || periodSeconds === undefined)
    return undefined;
  return { from: 'cloudwatch', namespace, metric, dimensions, statistic, periodSeconds };
}

function readDimensions(place: Place, review: Review): Record<string, string> | undefined {
  if (place.tree.kind !== 'map')
    return review.problem(place, 'type', 'has to be a map such as { LoadBalancer: app/shop/0123456789abcdef }');
  const entries = entriesOf(place);
  if (entries.length > limits.dimensions) return review.problem(place, 'range', `has at most ${limits.dimensions} dimensions`);
  const pairs = entries.map(({ key, place: value }) => [key, readText(value, review, 1_024)] as const);
  // fromEntries defines own properties, so that a dimension may be called anything.
  return Object.fromEntries(pairs.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

function readStatistic(place: Place, review: Review): string | undefined {
  const text = textOf(place);
  if (text !== undefined && statisticPattern.test(text)) return text;
  return review.problem(place, 'one-of', 'has to be Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p95');
}

function readPeriod(place: Place, review: Review): number | undefined {
  const ms = readDuration(place, review, { min: 10_000, max: 3_600_000 });
  if (ms === undefined) return undefined;
  if (ms === 10_000 || ms === 30_000 || ms % 60_000 === 0) return ms / 1_000;
  return review.problem(place, 'range', 'CloudWatch has periods of 10s, 30s and whole minutes');
}

type Wanted = Pick<MetricTarget, 'perTask' | 'target' | 'low' | 'activation'>;

/** A total to be shared, or a value to be kept; the age of a queue is a time. */
function readWanted(fields: MetricFields, review: Review, timed: boolean): Wanted | undefined {
  const perTaskPlace = fields.get('per-task');
  const targetPlace = fields.get('target');
  const lowPlace = fields.get('low');
  if ((perTaskPlace === undefined) === (targetPlace === undefined)) {
    const path = fields.place.path;
    return review.problemAt(
      fields.place.keyAt,
      path,
      'required',
      null,
      'a metric has `per-task` (a total that tasks share) or `target` (a value to stay under), one of them',
    );
  }
  const read = (place: Place | undefined) =>
    place &&
    (timed ? readDuration(place, review, { min: 0, max: limits.jobLatencyMs }) : readNumber(place, review, { min: 0, max: 1e15 }, 'any'));
  const wakes = unless('activation', read(fields.get('activation')));
  if (perTaskPlace) {
    if (lowPlace) review.problem(lowPlace, 'conflict', '`low` goes with `target`, not with `per-task`: take it out');
    if (timed) return review.problem(perTaskPlace, 'conflict', 'an age is not shared among tasks: write `target: 30s`');
    const perTask = readPerTask(perTaskPlace, review);
    return perTask === undefined ? undefined : { perTask, ...wakes };
  }
  const target = read(targetPlace);
  const low = read(lowPlace);
  if (target === undefined) return undefined;
  if (lowPlace && low !== undefined && low >= target)
    return review.problem(lowPlace, 'conflict', 'low has to be under target: between them nothing is done');
  return { target, low: low ?? defaultLow('metric', target), ...wakes };
}
