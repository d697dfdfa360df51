import { BUCKETS, quantileOf, type Sketch } from '../reports/sketch.ts';

/** Waits below 10 µs count as none, as in a report's sketch. */
const LEAST_MS = 0.01;

const single = (bucket: number): Sketch => ({
  count: 1,
  zero: 0,
  sum: 0,
  max: Number.MAX_VALUE,
  indexes: [bucket],
  counts: [1],
});
/** What a report's sketch answers for each of its buckets, ms: the simulator's buckets are those of the reports. */
const REPORTED = Array.from({ length: BUCKETS }, (_, bucket) => quantileOf(single(bucket), 0.5) ?? 0);
const GAMMA = (REPORTED[1] as number) / (REPORTED[0] as number);
/** A backlog of days does not fit a report; here it does. */
const ALL = BUCKETS + 256;
const VALUES = Float64Array.from({ length: ALL }, (_, bucket) => (REPORTED[0] as number) * GAMMA ** bucket);
const PER_LOG = 1 / Math.log(GAMMA);
/** Upper bound of bucket 0: a sketch answers 2γ^i/(γ+1) for (γ^(i−1), γ^i]. */
const LOG_FIRST = Math.log(((VALUES[0] as number) * (GAMMA + 1)) / 2);

/** The number of the bucket that a wait falls into, that of a sketch as far as those reach; −1 for no wait. */
export function bucketOf(ms: number): number {
  if (ms < LEAST_MS) return -1;
  const bucket = Math.ceil((Math.log(ms) - LOG_FIRST) * PER_LOG - 1e-9);
  return bucket < 0 ? 0 : bucket < ALL ? bucket : ALL - 1;
}

/** Weighted waits in the buckets of a report's sketch: quantiles within 2 %. */
export class WaitBuckets {
  count = 0;
  sumMs = 0;
  maxMs = 0;
  #zero = 0;
  #lowest = ALL;
  #highest = -1;
  #weights = new Float64Array(ALL);

  /** @param bucket `bucketOf(ms)`. */
  add(ms: number, bucket: number, weight: number): void {
    this.count += weight;
    this.sumMs += ms * weight;
    if (ms > this.maxMs) this.maxMs = ms;
    if (bucket < 0) {
      this.#zero += weight;
      return;
    }
    (this.#weights[bucket] as number) += weight;
    if (bucket < this.#lowest) this.#lowest = bucket;
    if (bucket > this.#highest) this.#highest = bucket;
  }

  /** Nearest-rank quantile, ms; 0 of nothing. */
  quantile(share: number): number {
    if (this.count <= 0) return 0;
    let left = share * this.count - this.#zero;
    if (left <= 1e-9 * this.count) return 0;
    for (let bucket = this.#lowest; bucket <= this.#highest; bucket++) {
      left -= this.#weights[bucket] as number;
      if (left <= 1e-9 * this.count) return Math.min(VALUES[bucket] as number, this.maxMs);
    }
    return this.maxMs;
  }

  get meanMs(): number {
    return this.count > 0 ? this.sumMs / this.count : 0;
  }

  clear(): void {
    if (this.#highest >= 0) this.#weights.fill(0, this.#lowest, this.#highest + 1);
    this.count = 0;
    this.sumMs = 0;
    this.maxMs = 0;
    this.#zero = 0;
    this.#lowest = ALL;
    this.#highest = -1;
  }

  copy(): WaitBuckets {
    const copied = new WaitBuckets();
    copied.count = this.count;
    copied.sumMs = this.sumMs;
    copied.maxMs = this.maxMs;
    copied.#zero = this.#zero;
    copied.#lowest = this.#lowest;
    copied.#highest = this.#highest;
    copied.#weights = this.#weights.slice();
    return copied;
  }

  toSketch(): Sketch {
    const indexes: number[] = [];
    const counts: number[] = [];
    for (let bucket = this.#lowest; bucket <= this.#highest; bucket++) {
      const weight = this.#weights[bucket] as number;
      if (weight === 0) continue;
      if (bucket < BUCKETS) {
        indexes.push(bucket);
        counts.push(weight);
      } else if (indexes.at(-1) === BUCKETS - 1) (counts[counts.length - 1] as number) += weight;
      else {
        indexes.push(BUCKETS - 1);
        counts.push(weight);
      }
    }
    return { count: this.count, zero: this.#zero, sum: this.sumMs, max: this.maxMs, indexes, counts };
  }
}
