import { defaultLow, values } from './default-values.ts';
import { limits } from './limits.ts';
import type { Target } from './policy.ts';
import { readBy, warnOfNoEffect } from './read-by.ts';
import { readJobDepth, readJobLatency } from './read-job-target.ts';
import { entriesOf, type Fields, readMap } from './read-map.ts';
import { readMetricTarget, type TargetCommon } from './read-metric.ts';
import { readTimeTarget } from './read-time-target.ts';
import { readNumber, readShare } from './read-value.ts';
import type { Place, Review } from './review.ts';

const kinds = ['request-queue-time', 'response-time', 'job-latency', 'job-depth', 'utilization', 'metric'] as const;
type Kind = (typeof kinds)[number];
const keys = [...kinds, 'by', 'concurrency', 'step'] as const;

/**
 * One entry of `scale`. A map of queues with a target each becomes a target for each; an entry with
 * a mistake becomes none.
 */
export function readScaleEntry(place: Place, review: Review): Target[] {
  const fields = readMap(place, review, keys, '{ request-queue-time: { p95: 50ms } }');
  if (!fields) return [];
  const given = kinds.filter((kind) => fields.get(kind));
  const [kind] = given;
  const common = readCommon(fields, kind, review);
  if (kind === undefined) {
    // A misspelt target is reported as an unknown key already.
    if (entriesOf(place).every(({ key }) => keys.some((known) => known === key)))
      review.problem(place, 'required', `an entry of scale has one target: ${kinds.join(', ')}`);
    return [];
  }
  const [, second] = given;
  if (second !== undefined) {
    review.problem(
      place,
      'conflict',
      `an entry of scale has one target, here are ${given.join(' and ')}: begin a new entry with \`- ${second}:\``,
    );
  }
  const targets = given.flatMap((each) => {
    const target = fields.get(each);
    if (!target) return [];
    review.needs(each, target);
    return readers[each](target, review, common);
  });
  warnOfNoEffect(targets, { concurrency: fields.get('concurrency'), step: fields.get('step') }, review);
  return targets;
}

function readCommon(fields: Fields<'by' | 'concurrency' | 'step'>, kind: Kind | undefined, review: Review): TargetCommon {
  const byPlace = fields.get('by');
  const by = (byPlace && kind && readBy(byPlace, kind, review)) ?? values.by;
  const concurrencyPlace = fields.get('concurrency');
  const concurrency = concurrencyPlace && readNumber(concurrencyPlace, review, { min: 1, max: limits.concurrency });
  const stepPlace = fields.get('step');
  const step = stepPlace && readMap(stepPlace, review, ['out', 'in'], '{ out: 2, in: 1 }');
  const ofStep = (key: 'out' | 'in') => {
    const place = step?.get(key);
    return (place && readNumber(place, review, { min: 1, max: limits.tasks })) ?? values.step[key];
  };
  return {
    by,
    ...(concurrency === undefined ? {} : { concurrency }),
    step: { out: ofStep('out'), in: ofStep('in') },
  };
}

type ReadTarget = (place: Place, review: Review, common: TargetCommon) => Target[];

const readers: Record<Kind, ReadTarget> = {
  'request-queue-time': (place, review, common) => readTimeTarget('request-queue-time', place, review, common),
  'response-time': (place, review, common) => readTimeTarget('response-time', place, review, common),
  'job-latency': readJobLatency,
  'job-depth': readJobDepth,
  utilization: readUtilization,
  metric: readMetricTarget,
};

function readUtilization(place: Place, review: Review, common: TargetCommon): Target[] {
  const fields = readMap(place, review, ['target', 'low'], '{ target: 70% }');
  if (!fields) return [];
  const targetPlace = fields.required('target', 'write the share of time that a task should be busy, such as `target: 70%`');
  const target = targetPlace && readShare(targetPlace, review, { min: 0.01, max: 1 });
  const lowPlace = fields.get('low');
  const low = lowPlace && readShare(lowPlace, review, { min: 0, max: 1 });
  if (target === undefined) return [];
  if (lowPlace && low !== undefined && low >= target) {
    review.problem(lowPlace, 'conflict', 'low has to be under target: between them nothing is done');
    return [];
  }
  return [{ kind: 'utilization', target, low: low ?? defaultLow('utilization', target), ...common }];
}
