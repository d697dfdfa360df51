import { stepOfAge, type WebStep } from './digest.ts';
import { SketchSum } from './sketch.ts';

const QUEUE_TIME = 0;
const APP_TIME = 1;
const NETWORK_TIME = 2;

/**
 * Collects the web samples of a report until it is known which of them is the newest. Plain columns,
 * since a report may hold tens of thousands and an object for each would cost more than parsing them did.
 */
export class WebSamples {
  #count = 0;
  #oldest = Number.POSITIVE_INFINITY;
  readonly #times: Float64Array;
  readonly #values: Float64Array;
  readonly #kinds: Uint8Array;

  constructor(capacity: number) {
    this.#times = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
    this.#kinds = new Uint8Array(capacity);
  }

  /** @param time seconds since the epoch. @param value ms. */
  add(id: 'qt' | 'at' | 'nt', time: number, value: number): void {
    const i = this.#count++;
    this.#times[i] = time;
    this.#values[i] = value;
    this.#kinds[i] = id === 'qt' ? QUEUE_TIME : id === 'at' ? APP_TIME : NETWORK_TIME;
    if (time < this.#oldest) this.#oldest = time;
  }

  /** @param newest time of the newest sample of the report, of any kind; seconds. */
  toSteps(newest: number): WebStep[] {
    if (this.#count === 0) return [];
    const sums: (StepSum | undefined)[] = [];
    const single = stepOfAge((newest - this.#oldest) * 1000) === 0;
    for (let i = 0; i < this.#count; i++) {
      const step = single ? 0 : stepOfAge((newest - (this.#times[i] as number)) * 1000);
      let sum = sums[step];
      if (sum === undefined) {
        sum = new StepSum(step);
        sums[step] = sum;
      }
      sum.add(this.#kinds[i] as number, this.#values[i] as number);
    }
    return sums.flatMap((sum) => (sum ? [sum.toStep()] : []));
  }
}

class StepSum {
  readonly #step: number;
  readonly #queueTime = new SketchSum();
  readonly #appTime = new SketchSum();
  readonly #networkTime = { count: 0, sum: 0, max: 0 };

  constructor(step: number) {
    this.#step = step;
  }

  add(kind: number, value: number): void {
    if (kind === QUEUE_TIME) this.#queueTime.add(value);
    else if (kind === APP_TIME) this.#appTime.add(value);
    else {
      this.#networkTime.count++;
      const whole = Math.round(value);
      this.#networkTime.sum += whole;
      if (whole > this.#networkTime.max) this.#networkTime.max = whole;
    }
  }

  toStep(): WebStep {
    return {
      step: this.#step,
      queueTime: this.#queueTime.toSketch(),
      appTime: this.#appTime.toSketch(),
      networkTime: { ...this.#networkTime },
    };
  }
}
