import { EventHeap } from '../../lib/simulate/event-heap.ts';

export interface Timer {
  cancelled: boolean;
  readonly fire: () => void;
}

/** The run went on and on: something calls itself without end. */
export class Endless extends Error {
  override readonly name = 'Endless';
}

/**
 * Virtual time, and the order in which everything happens: events of one list, by their instants, those of one instant in the
 * order in which they were set. Between two events the code that the first one woke runs until it waits again, and it can wait
 * for nothing but events: so one seed is one course of events.
 */
export class Scheduler {
  now: number;
  steps = 0;
  readonly #heap = new EventHeap<Timer>();
  readonly #mostSteps: number;
  #woke = false;

  constructor(start: number, mostSteps: number) {
    this.now = start;
    this.#mostSteps = mostSteps;
  }

  at(time: number, fire: () => void): Timer {
    const timer: Timer = { cancelled: false, fire };
    this.#heap.push(Math.max(this.now, time), timer);
    return timer;
  }

  after(ms: number, fire: () => void): Timer {
    return this.at(this.now + Math.max(0, ms), fire);
  }

  /** Code of the system goes on after this event: it is run to its end before the next one. */
  wake(): void {
    this.#woke = true;
  }

  /** Carries out every event up to `until`, or until `done` says so. @throws Endless */
  async run(until: number, done: () => boolean = () => false): Promise<void> {
    if (this.#woke) await this.#settle();
    while (this.#heap.nextAt <= until && !done()) {
      const time = this.#heap.nextAt;
      const timer = this.#heap.pop();
      if (timer === undefined || timer.cancelled) continue;
      this.now = Math.max(this.now, time);
      this.steps += 1;
      if (this.steps > this.#mostSteps) throw new Endless(`${this.steps} steps and no end`);
      timer.fire();
      if (this.#woke) await this.#settle();
    }
    if (!done()) this.now = Math.max(this.now, until);
  }

  /** One turn of the event loop runs every chain of promises to its end. */
  async #settle(): Promise<void> {
    this.#woke = false;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
