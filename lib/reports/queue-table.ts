import type { Instant } from '../clock.ts';
import type { QueueReadings, QueueValue } from './digest.ts';
import type { DropReason } from './drop-reason.ts';

const MAX_QUEUES = 1_000;
const MAX_NAME_BYTES = 256;

export type QueueMetric = keyof QueueReadings;
type Row = { -readonly [metric in QueueMetric]?: QueueValue };

/** The newer of two values of one queue; of two of the same time the larger, for that errs on the side of more tasks. */
export const newerValue = (a: QueueValue | undefined, b: QueueValue): QueueValue =>
  a === undefined || b.at > a.at || (b.at === a.at && b.value > a.value) ? b : a;

/** The newest value of each metric of each queue of one report. */
export class QueueTable {
  readonly #rows = new Map<string, Row>();

  /** @returns why the sample cannot be taken, or undefined when it was. */
  put(name: unknown, metric: QueueMetric, value: number, at: Instant): DropReason | undefined {
    let row = typeof name === 'string' ? this.#rows.get(name) : undefined;
    if (row === undefined) {
      if (typeof name !== 'string') return 'BadQueueName';
      const refusal = this.#refuse(name);
      if (refusal !== undefined) return refusal;
      row = {};
      this.#rows.set(name, row);
    }
    row[metric] = newerValue(row[metric], { value, at });
    return undefined;
  }

  #refuse(name: string): DropReason | undefined {
    // A lone surrogate does not survive UTF-8: the stored name would be another.
    if (name === '' || /\p{Surrogate}/u.test(name)) return 'BadQueueName';
    if (name.length > MAX_NAME_BYTES || Buffer.byteLength(name) > MAX_NAME_BYTES) return 'QueueNameTooLong';
    return this.#rows.size >= MAX_QUEUES ? 'TooManyQueues' : undefined;
  }

  /** In the order of names, so that the same samples in another order give the same digest. */
  toMap(): ReadonlyMap<string, QueueReadings> {
    return new Map([...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
