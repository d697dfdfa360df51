import { defaultLowMs, values } from './default-values.ts';
import { limits } from './limits.ts';
import type { Target } from './policy.ts';
import { entriesOf, type Fields, readList, readMap } from './read-map.ts';
import type { TargetCommon } from './read-metric.ts';
import { readRangeMs } from './read-time-target.ts';
import { kindOf, readBoolean, readDuration, readNumber, readPerTask, readText } from './read-value.ts';
import type { Place, Review } from './review.ts';

export function readJobLatency(place: Place, review: Review, common: TargetCommon): Target[] {
  const fields = readMap(place, review, ['queues', 'target', 'low'], '{ queues: [default], target: 30s }');
  if (!fields) return [];
  const queuesPlace = fields.get('queues');
  if (queuesPlace?.tree.kind === 'map') return readLatencyPerQueue(queuesPlace, fields, review, common);
  const queues = queuesPlace && readQueues(queuesPlace, review);
  const range = readRangeMs('job-latency', fields, 'target', review, limits.jobLatencyMs);
  return range ? [{ kind: 'job-latency', ...(queues ? { queues } : {}), ...range, ...common }] : [];
}

/** `queues: { critical: 5s, default: 1m }`: each queue has a target of its own. */
function readLatencyPerQueue(place: Place, fields: Fields<'target' | 'low'>, review: Review, common: TargetCommon): Target[] {
  for (const key of ['target', 'low'] as const) {
    const other = fields.get(key);
    if (other)
      review.problem(
        other,
        'conflict',
        `each queue has its own target here, so \`${key}\` has no meaning: take it out, or write the queues as a list`,
      );
  }
  const entries = entriesOf(place);
  if (entries.length === 0 || entries.length > limits.targets)
    review.problem(place, 'range', `has to have 1 to ${limits.targets} queues with a target each; here are ${entries.length}`);
  return entries.slice(0, limits.targets).flatMap(({ key, place: value }) => {
    if (key.length === 0 || key.length > limits.queueNameLength)
      review.problem(value, 'range', `a queue's name has 1 to ${limits.queueNameLength} characters`);
    const topMs = readDuration(value, review, { min: 1, max: limits.jobLatencyMs });
    return topMs === undefined
      ? []
      : [{ kind: 'job-latency' as const, queues: [key], topMs, lowMs: defaultLowMs('job-latency', topMs), ...common }];
  });
}

function readQueues(place: Place, review: Review): string[] | undefined {
  if (place.tree.kind === 'scalar')
    return review.problem(
      place,
      'type',
      `has to be a list of queues such as [default, mailers], not ${kindOf(place)}; leave it out for all of the group`,
    );
  const names = (readList(place, review, { min: 1, max: limits.queues, what: 'queues' }) ?? []).map((item) => ({
    item,
    name: readText(item, review, limits.queueNameLength),
  }));
  const seen = new Set<string>();
  for (const { item, name } of names) {
    if (name !== undefined && seen.has(name)) review.problem(item, 'unique', 'this queue is in the list already');
    else if (name !== undefined) seen.add(name);
  }
  return seen.size > 0 ? [...seen] : undefined;
}

export function readJobDepth(place: Place, review: Review, common: TargetCommon): Target[] {
  const fields = readMap(place, review, ['queues', 'per-task', 'include-busy', 'activation'], '{ queues: [imports], per-task: 20 }');
  if (!fields) return [];
  const queuesPlace = fields.get('queues');
  const queues = queuesPlace && readQueues(queuesPlace, review);
  const perTaskPlace = fields.required('per-task', 'write how many jobs one task should have before it, such as `per-task: 20`');
  const perTask = perTaskPlace && readPerTask(perTaskPlace, review);
  const busyPlace = fields.get('include-busy');
  const includeBusy = (busyPlace && readBoolean(busyPlace, review)) ?? values.includeBusy;
  const activationPlace = fields.get('activation');
  const activation = (activationPlace && readNumber(activationPlace, review, { min: 0, max: 1_000_000_000 })) ?? values.activation;
  return perTask === undefined ? [] : [{ kind: 'job-depth', ...(queues ? { queues } : {}), perTask, includeBusy, activation, ...common }];
}
