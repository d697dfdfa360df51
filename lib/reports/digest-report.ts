import type { Instant } from '../clock.ts';
import type { Digest, QueueValue } from './digest.ts';
import type { DropCounts, DropReason } from './drop-reason.ts';
import type { RawReport } from './parse-report.ts';
import { newerValue, type QueueMetric, QueueTable } from './queue-table.ts';
import { WebSamples } from './web-samples.ts';

const MAX_AGE_MS = 5 * 60_000;
const MAX_AHEAD_MS = 5_000;
/** No load balancer or proxy holds a request that long: such a value is a garbled header. */
const MAX_REQUEST_MS = 10 * 60_000;
/** Jobs do wait for weeks; beyond this the exact age changes nothing. */
const MAX_LATENCY_MS = 30 * 86_400_000;
const MAX_JOBS = 1e9;

export interface DigestedReport {
  readonly digest: Digest;
  /** `accepted`, `ignored` and all of `dropped` add up to the number of samples. */
  readonly accepted: number;
  /** Samples of metrics that Sluice does not know. */
  readonly ignored: number;
  readonly dropped: DropCounts;
}

/**
 * Boils a report down to its digest. What is garbled, absurd for its kind or dated outside of
 * −5 min … +5 s of `now` is dropped and counted by reason, so that one sender's broken clock or header can
 * neither move its own service nor anybody else's. The order of the samples does not matter.
 */
export function digestReport(report: RawReport, now: Instant): DigestedReport {
  const { metrics } = report;
  const web = new WebSamples(metrics.length);
  const queues = new QueueTable();
  const dropped: { [reason in DropReason]?: number } = {};
  const drop = (reason: DropReason) => {
    dropped[reason] = (dropped[reason] ?? 0) + 1;
  };
  const oldest = (now - MAX_AGE_MS) / 1000;
  const newest = (now + MAX_AHEAD_MS) / 1000;
  let utilization: QueueValue | undefined;
  let accepted = 0;
  let ignored = 0;
  let latest = 0;

  for (let i = 0; i < metrics.length; i++) {
    const sample = metrics[i];
    if (!Array.isArray(sample) || sample.length < 3) {
      drop('MalformedSample');
      continue;
    }
    const time: unknown = sample[0];
    const value: unknown = sample[1];
    const id: unknown = sample[2];
    const queue: unknown = sample.length > 3 ? (sample[3] ?? null) : null;
    const isRequest = queue === null && (id === 'qt' || id === 'at' || id === 'nt');

    // Nearly every sample ends here; the questions below are for the rest.
    if (
      isRequest &&
      typeof time === 'number' &&
      typeof value === 'number' &&
      time >= oldest &&
      time <= newest &&
      value >= 0 &&
      value <= MAX_REQUEST_MS
    ) {
      web.add(id, time, value);
      accepted++;
      if (time > latest) latest = time;
      continue;
    }

    const metric = queueMetric(id);
    const isUtilization = id === 'up' && queue === null;
    if (typeof id === 'string' && !isRequest && !isUtilization && metric === undefined) {
      ignored++;
      continue;
    }
    const reason = typeof id === 'string' ? (wrongTime(time, oldest, newest) ?? wrongNumber(value)) : 'MalformedSample';
    if (reason !== undefined || typeof time !== 'number' || typeof value !== 'number') {
      drop(reason ?? 'NotANumber');
      continue;
    }
    let refusal: DropReason | undefined;
    if (isRequest) refusal = 'TooLarge';
    else if (isUtilization) {
      if (value > 100) refusal = 'OutOfRange';
      else utilization = newerValue(utilization, { value: Math.round(value * 2) / 200, at: Math.round(time * 1000) });
    } else if (metric === undefined || queue === null) refusal = 'NoQueue';
    else if (metric === 'latency')
      refusal = queues.put(queue, metric, Math.round(Math.min(value, MAX_LATENCY_MS)) + 0, Math.round(time * 1000));
    else if (value > MAX_JOBS) refusal = 'TooLarge';
    else if (!Number.isInteger(value)) refusal = 'NotAnInteger';
    else refusal = queues.put(queue, metric, value + 0, Math.round(time * 1000));
    if (refusal !== undefined) {
      drop(refusal);
      continue;
    }
    accepted++;
    if (time > latest) latest = time;
  }

  const base = accepted > 0 ? Math.round(latest * 1000) : now;
  const digest: Digest = {
    base,
    continued: false,
    ...(utilization ? { utilization } : {}),
    web: web.toSteps(latest),
    queues: queues.toMap(),
  };
  return { digest, accepted, ignored, dropped };
}

/** `qt` with a queue is a job's latency; without, which is told before, a request's queue time. */
function queueMetric(id: unknown): QueueMetric | undefined {
  return id === 'qt' ? 'latency' : id === 'qd' ? 'depth' : id === 'busy' ? 'busy' : undefined;
}

function wrongTime(time: unknown, oldest: number, newest: number): DropReason | undefined {
  if (typeof time !== 'number' || !Number.isFinite(time)) return 'NotANumber';
  return time < oldest ? 'TooOld' : time > newest ? 'InTheFuture' : undefined;
}

function wrongNumber(value: unknown): DropReason | undefined {
  if (value === null) return 'NoValue';
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'NotANumber';
  return value < 0 ? 'Negative' : undefined;
}
