import type { Instant } from '../clock.ts';
import type { Reading } from '../decide/observation.ts';
import { stepEnd, type WebStep } from '../reports/digest.ts';
import { type Sketch, SketchSum } from '../reports/sketch.ts';
import type { ObservedReport } from './observed-report.ts';
import { known, NO_REQUEST_START, spokenDuration, unknown } from './reading.ts';

const WINDOW_MS = 30_000;
const RECENT_MS = 10_000;
const WIDEST_MS = 300_000;
const WIDEN_BY_MS = 10_000;
/** The p95 of fewer is no more than their maximum. */
const ENOUGH_SAMPLES = 20;

/** Which of the two times of a request. */
export type WebMetric = 'queueTime' | 'appTime';

/** What one process measured in one stretch of time that ended at `at`. */
export interface WebPoint {
  readonly at: Instant;
  readonly step: WebStep;
}

/**
 * Counts requests: each has an app time, and a queue time where it came with the header. The larger of the two
 * is taken of all steps together, for the two times of one step may have come in two parts of a report.
 */
export class RequestCount {
  #queueTimes = 0;
  #appTimes = 0;

  add({ queueTime, appTime }: WebStep): void {
    this.#queueTimes += queueTime.count;
    this.#appTimes += appTime.count;
  }

  get total(): number {
    return Math.max(this.#queueTimes, this.#appTimes);
  }
}

/** Newest first. */
export function webPoints(own: readonly ObservedReport[], now: Instant): WebPoint[] {
  const points = own.flatMap(({ digest }) => digest.web.map((step) => ({ at: Math.min(stepEnd(digest.base, step.step), now), step })));
  return points.sort((a, b) => b.at - a.at);
}

export interface WindowReading {
  readonly reading: Reading;
  readonly recent: Reading;
  readonly samples: number;
  /** Length of the window that `reading` is of. */
  readonly windowMs: number;
}

/**
 * The percentile of a metric over the 30 s up to the newest report, and over its last 10 s.
 *
 * Where the 30 s hold fewer than 20 samples the window grows by steps of 10 s, to 5 min at most, until it
 * holds them: among many, one slow request is no longer the percentile. A longer window must not bring back what is over, either, so the
 * smaller of the two counts: slow requests of minutes ago say nothing when the last 30 s were quick.
 *
 * Reports without any request are a reading of no load: 0.
 * @param points newest first. @param newest time of the newest report, now or before. @param share 0..1
 */
export function windowReading(points: readonly WebPoint[], metric: WebMetric, share: number, newest: Instant): WindowReading {
  const standard = collect(points, metric, newest - WINDOW_MS);
  const recent = recentReading(points, metric, share, newest);
  const base = { recent, samples: standard.sum.count, windowMs: WINDOW_MS };
  if (standard.sum.count >= ENOUGH_SAMPLES) return { ...base, reading: known(standard.sum.quantile(share) as number, newest) };
  if (standard.requests === 0) return { ...base, reading: known(0, newest) };

  let wide = standard;
  let windowMs = WINDOW_MS;
  while (wide.sum.count < ENOUGH_SAMPLES && windowMs < WIDEST_MS) {
    windowMs += WIDEN_BY_MS;
    wide = collect(points, metric, newest - windowMs);
  }
  const value = wide.sum.quantile(share);
  if (value === undefined) return { ...base, reading: unknown(notMeasured(metric, standard.requests)) };
  const capped = Math.min(value, standard.sum.quantile(share) ?? value);
  return { recent, samples: wide.sum.count, windowMs, reading: known(capped, wide.newest) };
}

function recentReading(points: readonly WebPoint[], metric: WebMetric, share: number, newest: Instant): Reading {
  const { sum, requests } = collect(points, metric, newest - RECENT_MS);
  if (requests === 0) return known(0, newest);
  if (sum.count === 0) return unknown(notMeasured(metric, requests));
  if (sum.count < ENOUGH_SAMPLES)
    return unknown(`only ${sum.count} samples in the last ${spokenDuration(RECENT_MS)}, fewer than ${ENOUGH_SAMPLES}`);
  return known(sum.quantile(share) as number, newest);
}

function collect(points: readonly WebPoint[], metric: WebMetric, after: Instant) {
  const sum = new SketchSum();
  const requests = new RequestCount();
  let newest = after;
  for (const { at, step } of points) {
    if (at <= after) break;
    const sketch: Sketch = step[metric];
    sum.addSketch(sketch);
    requests.add(step);
    if (sketch.count > 0 && at > newest) newest = at;
  }
  return { sum, requests: requests.total, newest };
}

function notMeasured(metric: WebMetric, requests: number): string {
  return metric === 'queueTime'
    ? `${NO_REQUEST_START}: none of ${requests} reported requests had a queue time; let the proxy in front of the app set that header (NGINX: proxy_set_header X-Request-Start "t=\${msec}")`
    : `none of ${requests} reported requests had an app time: update the adapter`;
}
