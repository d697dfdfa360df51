import type { Instant } from '../clock.ts';
import type { QueueValue } from './digest.ts';
import type { DropReason } from './drop-reason.ts';
import { newerValue, type QueueMetric, QueueTable } from './queue-table.ts';
import { hasNoQueue, type Span } from './request-sample.ts';

/** Jobs do wait for weeks; beyond this the exact age changes nothing. */
const MAX_LATENCY_MS = 30 * 86_400_000;
const MAX_JOBS = 1e9;

const WEB_METRICS: ReadonlySet<string> = new Set(['qt', 'at', 'nt', 'up']);
/** `qt` is a request's queue time without a queue, and a job's latency with one. */
const QUEUE_METRICS: ReadonlyMap<string, QueueMetric> = new Map([
  ['qt', 'latency'],
  ['qd', 'depth'],
  ['busy', 'busy'],
]);

/** Takes the samples that are not a good request's, or says why not. */
export class OtherSamples {
  utilization: QueueValue | undefined;
  readonly queues = new QueueTable();
  readonly #span: Span;

  constructor(span: Span) {
    this.#span = span;
  }

  /** @returns the time of an accepted sample, or what was wrong with it. */
  take(sample: unknown): number | DropReason | 'Ignored' {
    if (!Array.isArray(sample) || sample.length < 3) return 'MalformedSample';
    const time: unknown = sample[0];
    const value: unknown = sample[1];
    const id: unknown = sample[2];
    if (typeof id !== 'string') return 'MalformedSample';
    const noQueue = hasNoQueue(sample);
    const metric = QUEUE_METRICS.get(id);
    if (metric === undefined && !(noQueue && WEB_METRICS.has(id))) return 'Ignored';
    if (typeof time !== 'number' || !Number.isFinite(time)) return 'NotANumber';
    if (time < this.#span.oldest) return 'TooOld';
    if (time > this.#span.newest) return 'InTheFuture';
    if (value === null) return 'NoValue';
    if (typeof value !== 'number' || !Number.isFinite(value)) return 'NotANumber';
    if (value < 0) return 'Negative';

    const at = Math.round(time * 1000);
    let refusal: DropReason | undefined;
    if (id === 'up') refusal = this.#putUtilization(value, at);
    else if (!noQueue && metric !== undefined) refusal = this.#putQueue(sample[3], metric, value, at);
    else refusal = metric === undefined || metric === 'latency' ? 'TooLarge' : 'NoQueue';
    return refusal ?? time;
  }

  #putUtilization(value: number, at: Instant): DropReason | undefined {
    if (value > 100) return 'OutOfRange';
    this.utilization = newerValue(this.utilization, { value: Math.round(value * 2) / 200, at });
    return undefined;
  }

  #putQueue(name: unknown, metric: QueueMetric, value: number, at: Instant): DropReason | undefined {
    // `+ 0` makes 0 of -0, which is not stored.
    if (metric === 'latency') return this.queues.put(name, metric, Math.round(Math.min(value, MAX_LATENCY_MS)) + 0, at);
    if (value > MAX_JOBS) return 'TooLarge';
    if (!Number.isInteger(value)) return 'NotAnInteger';
    return this.queues.put(name, metric, value + 0, at);
  }
}
