import type { Instant } from '../clock.ts';
import type { Digest, QueueReadings } from '../reports/digest.ts';
import { SLOT_MS, slotStart } from '../reports/slot.ts';
import type { SeenBefore } from './may-wait.ts';

/** One slot of what a warm function received of a group. */
class Slot {
  reports = 0;
  readonly utilization = new Map<string, number>();
  readonly queues = new Map<string, QueueReadings>();
  /** By service. */
  readonly samples = new Map<string, { queueTimes: number; appTimes: number }>();
}

/** What a warm function received of a group in the slot under way and in the one before: no more, so that no sender can fill it. */
export class SeenLately {
  #at: Instant = 0;
  #now = new Slot();
  #before = new Slot();

  /** Reports in the slot before: what can be expected in this one. */
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
    const slot = this.#now;
    slot.reports++;
    if (utilization) slot.utilization.set(reporter, utilization.value);
    for (const [name, readings] of queues) slot.queues.set(name, readings);
    const samples = slot.samples.get(service) ?? { queueTimes: 0, appTimes: 0 };
    slot.samples.set(service, samples);
    for (const { queueTime, appTime } of web) {
      samples.queueTimes += queueTime.count;
      samples.appTimes += appTime.count;
    }
  }

  #turn(now: Instant): void {
    const at = slotStart(now);
    if (at === this.#at) return;
    this.#before = at - this.#at === SLOT_MS ? this.#now : new Slot();
    this.#now = new Slot();
    this.#at = at;
  }
}
