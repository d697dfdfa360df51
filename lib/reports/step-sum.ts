import type { WebStep } from './digest.ts';
import { fromUnits, SketchSum, toUnits } from './sketch.ts';

export type RequestMetric = 'qt' | 'at' | 'nt';

/** Adds up the web samples of one step of a report. */
export class StepSum {
  readonly #step: number;
  readonly #queueTime = new SketchSum();
  readonly #appTime = new SketchSum();
  readonly #networkTime = { count: 0, sum: 0, max: 0 };

  constructor(step: number) {
    this.#step = step;
  }

  /** @param value ms */
  add(id: RequestMetric, value: number): void {
    if (id === 'qt') this.#queueTime.add(value);
    else if (id === 'at') this.#appTime.add(value);
    else {
      const units = toUnits(value);
      this.#networkTime.count++;
      this.#networkTime.sum += units;
      if (units > this.#networkTime.max) this.#networkTime.max = units;
    }
  }

  get empty(): boolean {
    return this.#queueTime.count + this.#appTime.count + this.#networkTime.count === 0;
  }

  toStep(): WebStep {
    const { count, sum, max } = this.#networkTime;
    const networkTime = { count, sum: fromUnits(sum), max: fromUnits(max) };
    return { step: this.#step, queueTime: this.#queueTime.toSketch(), appTime: this.#appTime.toSketch(), networkTime };
  }
}
