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

/** Java's adapter leaves the queue of web samples out, all others write null. */
export const hasNoQueue = (sample: readonly unknown[]) => sample.length === 3 || sample[3] === null;
