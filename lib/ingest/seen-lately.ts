import type { Instant } from '../clock.ts';
import type { Digest, QueueReadings } from '../reports/digest.ts';
import type { SeenBefore } from './may-wait.ts';

const STRETCH_MS = 30_000;

/** Half a minute of what a warm function received of a group. */
class Stretch {
  reports = 0;
  readonly utilization = new Map<string, number>();
  readonly queues = new Map<string, QueueReadings>();
  /** By service. */
  readonly samples = new Map<string, { queueTimes: number; appTimes: number }>();
}

/** What a warm function received of a group in this half minute and in the one before: no more, so that no sender can fill it. */
export class SeenLately {
  #at: Instant = 0;
  #now = new Stretch();
  #before = new Stretch();

  /** Reports in the half minute before: what can be expected in this one. */
  expected(now: Instant): number {
    this.#turn(now);
    return this.#before.reports;
  }

  before(service: string, reporter: string): SeenBefore {
    const { queueTimes = 0, appTimes = 0 } = this.#before.samples.get(service) ?? {};
    return {
      utilization: this.#now.utilization.get(reporter) ?? this.#before.utilization.get(reporter),
      queue: (name) => this.#now.queues.get(name) ?? this.#before.queues.get(name),
      queueTimes,
      appTimes,
    };
  }

  add(service: string, reporter: string, { web, queues, utilization }: Digest, now: Instant): void {
    this.#turn(now);
    const stretch = this.#now;
    stretch.reports++;
    if (utilization) stretch.utilization.set(reporter, utilization.value);
    for (const [name, readings] of queues) stretch.queues.set(name, readings);
    const samples = stretch.samples.get(service) ?? { queueTimes: 0, appTimes: 0 };
    stretch.samples.set(service, samples);
    for (const { queueTime, appTime } of web) {
      samples.queueTimes += queueTime.count;
      samples.appTimes += appTime.count;
    }
  }

  #turn(now: Instant): void {
    const at = now - (now % STRETCH_MS);
    if (at === this.#at) return;
    this.#before = at - this.#at === STRETCH_MS ? this.#now : new Stretch();
    this.#now = new Stretch();
    this.#at = at;
  }
}
