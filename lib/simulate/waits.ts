import { bucketOf } from './wait-buckets.ts';

/** The queue times of the requests or jobs that began service in one second, each with how many had it. Reused second by second. */
export class Waits {
  readonly ms: number[] = [];
  readonly weights: number[] = [];
  readonly buckets: number[] = [];
  /** Entries in use: the lists only grow. */
  length = 0;
  /** Sum of the weights. */
  total = 0;

  add(ms: number, weight: number): void {
    if (!(weight > 0)) return;
    const i = this.length++;
    this.ms[i] = ms;
    this.weights[i] = weight;
    this.buckets[i] = bucketOf(ms);
    this.total += weight;
  }

  clear(): void {
    this.length = 0;
    this.total = 0;
  }

  get meanMs(): number {
    let sum = 0;
    for (let i = 0; i < this.length; i++) sum += (this.ms[i] as number) * (this.weights[i] as number);
    return this.total > 0 ? sum / this.total : 0;
  }

  /** How many waited longer. */
  over(ms: number): number {
    let late = 0;
    for (let i = 0; i < this.length; i++) if ((this.ms[i] as number) > ms) late += this.weights[i] as number;
    return late;
  }
}
