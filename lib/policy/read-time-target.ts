import { defaultLowMs, values } from './default-values.ts';
import { formatDuration } from './duration.ts';
import { limits } from './limits.ts';
import type { Target } from './policy.ts';
import { entriesOf, type Fields, readMap } from './read-map.ts';
import type { TargetCommon } from './read-metric.ts';
import { readDuration } from './read-value.ts';
import type { Place, Review } from './review.ts';

const percentilePattern = /^p([5-9]\d(?:\.\d)?)$/;

/** `{ p95: 50ms, low: 10ms }`, or `target` for the default percentile. */
export function readTimeTarget(kind: 'request-queue-time' | 'response-time', place: Place, review: Review, common: TargetCommon): Target[] {
  const percentiles = entriesOf(place)
    .map(({ key }) => key)
    .filter((key) => percentilePattern.test(key));
  const fields = readMap(place, review, ['p50', 'p95', 'p99', 'p99.9', 'target', 'low', ...percentiles], '{ p95: 50ms }');
  if (!fields) return [];
  const tops = [...percentiles, ...(fields.get('target') ? ['target'] : [])];
  const [top] = tops;
  if (top === undefined) {
    review.problemAt(
      place.keyAt,
      place.path,
      'required',
      null,
      'the objective is missing: write { p95: 50ms } (p50 to p99.9), or { target: 50ms } for p95',
    );
    return [];
  }
  if (tops.length > 1)
    review.problem(place, 'conflict', `has one objective, here are ${tops.join(' and ')}: begin a new entry of scale for the second`);
  const range = readRangeMs(kind, fields, top, review, limits.requestTimeMs);
  const percentile = top === 'target' ? values.percentile : Number(top.slice(1));
  return range ? [{ kind, percentile, ...range, ...common }] : [];
}

/** The objective at `key` and the bottom at `low`, which has to be under it. */
export function readRangeMs(
  kind: 'request-queue-time' | 'response-time' | 'job-latency',
  fields: Fields<string>,
  key: string,
  review: Review,
  max: number,
): { readonly topMs: number; readonly lowMs: number } | undefined {
  const topPlace = fields.required(key, 'write the time that the queue should stay under, such as `target: 30s`');
  const topMs = topPlace && readDuration(topPlace, review, { min: 1, max });
  const lowPlace = fields.get('low');
  const lowMs = lowPlace && readDuration(lowPlace, review, { min: 0, max });
  if (topMs === undefined) return undefined;
  if (lowPlace && lowMs !== undefined && lowMs >= topMs) {
    return review.problem(lowPlace, 'conflict', `low has to be under ${key} (${formatDuration(topMs)}): between them nothing is done`);
  }
  return { topMs, lowMs: lowMs ?? defaultLowMs(kind, topMs) };
}
