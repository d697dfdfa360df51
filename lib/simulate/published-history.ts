import type { History, QueueTimes, SecondSample } from './scaler.ts';
import { WaitBuckets } from './wait-buckets.ts';
import type { Waits } from './waits.ts';

/** Seconds of the past that are kept: more than any scaler's window, lag included. */
export const KEPT_SECONDS = 3_600;

interface Kept {
  t: number;
  published: boolean;
  sample: SecondSample;
  readonly waits: { ms: number[]; buckets: number[]; weights: number[]; length: number; longestMs: number };
}

/** The last hour of what was measured, second by second, in memory that does not grow. */
export class PublishedHistory implements History {
  readonly #kept: (Kept | undefined)[] = new Array(KEPT_SECONDS);
  readonly #merged = new WaitBuckets();

  /** @param published false where a fault ate what was measured. */
  add(t: number, sample: SecondSample, waits: Waits, published: boolean): void {
    const place = t % KEPT_SECONDS;
    let kept = this.#kept[place];
    if (kept === undefined) {
      kept = { t, published, sample, waits: { ms: [], buckets: [], weights: [], length: 0, longestMs: 0 } };
      this.#kept[place] = kept;
    }
    kept.t = t;
    kept.published = published;
    kept.sample = sample;
    kept.waits.length = published ? waits.length : 0;
    kept.waits.longestMs = 0;
    for (let i = 0; i < kept.waits.length; i++) {
      const ms = waits.ms[i] as number;
      if (ms > kept.waits.longestMs) kept.waits.longestMs = ms;
      kept.waits.ms[i] = ms;
      kept.waits.buckets[i] = waits.buckets[i] as number;
      kept.waits.weights[i] = waits.weights[i] as number;
    }
  }

  second(t: number): SecondSample | undefined {
    const kept = this.#kept[((t % KEPT_SECONDS) + KEPT_SECONDS) % KEPT_SECONDS];
    return kept?.t === t && kept.published ? kept.sample : undefined;
  }

  longestMs(from: number, to: number): number {
    let longest = 0;
    for (let t = from; t < to; t++) {
      const kept = this.#kept[((t % KEPT_SECONDS) + KEPT_SECONDS) % KEPT_SECONDS];
      if (kept?.t === t && kept.waits.longestMs > longest) longest = kept.waits.longestMs;
    }
    return longest;
  }

  queueTimes(from: number, to: number, share?: (t: number) => number): QueueTimes | undefined {
    let published = false;
    const merged = this.#merged;
    merged.clear();
    for (let t = from; t < to; t++) {
      const kept = this.#kept[((t % KEPT_SECONDS) + KEPT_SECONDS) % KEPT_SECONDS];
      if (kept?.t !== t || !kept.published) continue;
      published = true;
      const { ms, buckets, weights, length } = kept.waits;
      const part = share === undefined ? 1 : share(t);
      if (part <= 0) continue;
      for (let i = 0; i < length; i++) merged.add(ms[i] as number, buckets[i] as number, (weights[i] as number) * part);
    }
    if (!published) return undefined;
    // Each answer stands alone: a scaler may ask for several before it uses them.
    const own = merged.copy();
    return {
      count: own.count,
      quantile: (share) => own.quantile(share),
      meanMs: own.meanMs,
      maxMs: own.maxMs,
      sketch: () => own.toSketch(),
    };
  }
}
