/**
 * A sketch of a distribution of times: counts in buckets whose bounds grow by a constant factor, so that
 * any quantile comes out with a bounded relative error, and sketches add up bucket by bucket.
 *
 * It is DDSketch (Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable quantile sketch with
 * relative-error guarantees", VLDB 2019): bucket i holds (γ^(i-1), γ^i] with γ = (1+α)/(1-α), and answers
 * 2γ^i/(γ+1), which is off by a share of α at most. The range is fixed here, so nothing ever collapses. An answer is never over the
 * maximum, which is kept in whole 10 µs: below a quarter of a millisecond that may be off by more, by 5 µs at most.
 */
export interface Sketch {
  readonly count: number;
  /** Samples below 10 µs, answered as 0. */
  readonly zero: number;
  readonly sum: number;
  readonly max: number;
  /** Numbers of the buckets that are not empty, ascending, and their counts. */
  readonly indexes: readonly number[];
  readonly counts: readonly number[];
}

export const EMPTY_SKETCH: Sketch = { count: 0, zero: 0, sum: 0, max: 0, indexes: [], counts: [] };

/** A little inside of the 2 % that is promised, so that rounding cannot lead out of it. */
const ALPHA = 0.0195;
const GAMMA = (1 + ALPHA) / (1 - ALPHA);
const LOG_GAMMA = Math.log(GAMMA);
/** Smallest value that has a bucket, ms. */
const MIN_VALUE = 0.01;
/** The exponent of bucket 0. */
const FIRST_EXPONENT = Math.ceil(Math.log(MIN_VALUE) / LOG_GAMMA);
/** Bucket 511 ends at some 4,500,000 ms; larger values count there. */
export const BUCKETS = 512;
/** Adapters send whole milliseconds: those below this are looked up, for a logarithm costs more than all the rest. */
const LOOKUP = 4096;

const computeBucket = (value: number) => {
  const bucket = Math.ceil(Math.log(value) / LOG_GAMMA) - FIRST_EXPONENT;
  return bucket < 0 ? 0 : bucket < BUCKETS ? bucket : BUCKETS - 1;
};
const lookup = Uint16Array.from({ length: LOOKUP }, (_, value) => (value === 0 ? 0 : computeBucket(value)));
const bucketValue = (bucket: number) => (2 * GAMMA ** (bucket + FIRST_EXPONENT)) / (GAMMA + 1);

/** Sums and maxima are whole multiples of 10 µs: adding those up is exact, so no order of arrival shows in them. */
const UNITS_PER_MS = 100;
export const toUnits = (ms: number): number => Math.round(ms * UNITS_PER_MS);
export const fromUnits = (units: number): number => units / UNITS_PER_MS;

/** Adds up samples and sketches. */
export class SketchSum {
  count = 0;
  #sumUnits = 0;
  #maxMs = 0;
  #zero = 0;
  readonly #buckets = new Float64Array(BUCKETS);

  /** @param value ms, finite and not negative. */
  add(value: number): void {
    this.count++;
    this.#sumUnits += toUnits(value);
    if (value > this.#maxMs) this.#maxMs = value;
    if (value < MIN_VALUE) this.#zero++;
    else {
      const bucket = value < LOOKUP && (value | 0) === value ? (lookup[value] as number) : computeBucket(value);
      (this.#buckets[bucket] as number)++;
    }
  }

  addSketch(sketch: Sketch): void {
    if (sketch.count === 0) return;
    this.count += sketch.count;
    this.#sumUnits += toUnits(sketch.sum);
    this.#zero += sketch.zero;
    if (sketch.max > this.#maxMs) this.#maxMs = sketch.max;
    const { indexes, counts } = sketch;
    for (let i = 0; i < indexes.length; i++) (this.#buckets[indexes[i] as number] as number) += counts[i] as number;
  }

  /** ms, all samples together. */
  get sum(): number {
    return fromUnits(this.#sumUnits);
  }

  toSketch(): Sketch {
    if (this.count === 0) return EMPTY_SKETCH;
    const indexes: number[] = [];
    const counts: number[] = [];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const count = this.#buckets[bucket] as number;
      if (count === 0) continue;
      indexes.push(bucket);
      counts.push(count);
    }
    return { count: this.count, zero: this.#zero, sum: this.sum, max: fromUnits(toUnits(this.#maxMs)), indexes, counts };
  }

  /**
   * The nearest-rank quantile: the smallest value that at least a share `q` of the samples does not
   * exceed, within 2 %.
   * @param q 0..1
   * @returns ms, or undefined without samples
   */
  quantile(q: number): number | undefined {
    if (this.count === 0) return undefined;
    // 0.999 * 1000 is a hair over 999 in floating point, and must not round up to 1000.
    let left = Math.max(1, Math.ceil(q * this.count - 1e-9)) - this.#zero;
    if (left <= 0) return 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      left -= this.#buckets[bucket] as number;
      if (left <= 0) return Math.min(bucketValue(bucket), this.#maxMs);
    }
    return this.#maxMs;
  }
}

/** As `SketchSum.quantile`, of one sketch. */
export function quantileOf(sketch: Sketch, q: number): number | undefined {
  const sum = new SketchSum();
  sum.addSketch(sketch);
  return sum.quantile(q);
}
