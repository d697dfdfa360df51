import type { RequestMetric } from './step-sum.ts';

/** No load balancer or proxy holds a request that long: such a value is a garbled header. */
const MAX_REQUEST_MS = 10 * 60_000;

/** Times that a sample may have, seconds since the epoch. */
export interface Span {
  readonly oldest: number;
  readonly newest: number;
}
type RequestSample = readonly [time: number, value: number, id: RequestMetric];

/** Whether it is a sample of a request, complete, well dated and in range: what nearly every sample is. */
export function isRequestSample(sample: unknown, span: Span): sample is RequestSample {
  if (!Array.isArray(sample)) return false;
  const time: unknown = sample[0];
  const value: unknown = sample[1];
  const id: unknown = sample[2];
  return (
    (id === 'qt' || id === 'at' || id === 'nt') &&
    hasNoQueue(sample) &&
    typeof time === 'number' &&
    typeof value === 'number' &&
    time >= span.oldest &&
    time <= span.newest &&
    value >= 0 &&
    value <= MAX_REQUEST_MS
  );
}

/** Whether it tells of a request at all, rightly or not. */
export const isOfRequest = (sample: unknown): boolean =>
  Array.isArray(sample) && (sample[2] === 'qt' || sample[2] === 'at' || sample[2] === 'nt') && hasNoQueue(sample);

/** Java's adapter leaves the queue of web samples out, all others write null. */
export const hasNoQueue = (sample: readonly unknown[]) => sample.length === 3 || sample[3] === null;
