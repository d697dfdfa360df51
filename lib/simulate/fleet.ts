import type { Model } from './model.ts';
import { randomStream } from './random-stream.ts';

/** ECS's service scheduler: at most 500 launches a minute and service. */
const PER_MINUTE = 500;
/** Fargate's RunTask quota: a bucket of 100, refilled by 20 a second. */
const BURST = 100;
const PER_SECOND = 20;
/** A lognormal with p95 twice its median: ln 2 ÷ 1.645. */
const SIGMA = Math.LN2 / 1.6448536;

export interface FleetOptions {
  readonly initial: number;
  readonly startUpMedianS: number;
  readonly seed: number;
}

/**
 * The tasks of the service, as ECS has them: the desired count, what waits for its launch, what starts, what is ready. Launches are
 * limited as ECS and Fargate limit them; start-up after that is lognormal. Fewer desired: what has not been launched is
 * cancelled first, then what was launched last, then ready tasks are told to stop.
 */
export class Fleet {
  #desired: number;
  #ready = 0;
  #unlaunched = 0;
  /** When those launched become ready, in the order of launch. */
  #launching: number[] = [];
  #nextReady = Number.POSITIVE_INFINITY;
  #tokens = BURST;
  #minuteTokens = PER_MINUTE;
  /** Old tasks that a deployment has yet to replace. */
  #toReplace = 0;
  readonly #startUps;
  readonly #median: number;
  readonly #model: Model;

  constructor(options: FleetOptions, model: Model) {
    this.#desired = options.initial;
    this.#median = options.startUpMedianS;
    this.#startUps = randomStream(options.seed, 'start-up');
    this.#model = model;
    this.#ready = options.initial;
    model.addTasks(options.initial);
  }

  get desired(): number {
    return this.#desired;
  }
  get running(): number {
    return this.#ready;
  }
  /** Ordered and not yet ready. */
  get pending(): number {
    return this.#unlaunched + this.#launching.length;
  }
  /** Launched or ready: what is paid for, but for those that are stopping. */
  get billed(): number {
    return this.#ready + this.#launching.length;
  }
  get replacing(): boolean {
    return this.#toReplace > 0;
  }

  setDesired(count: number): void {
    this.#desired = count;
  }

  /** All that is ready now is to be replaced, old tasks going as new ones come. */
  deploy(): void {
    this.#toReplace = this.#ready;
  }

  /** What happens at the start of the second t. @param failing tasks that would become ready die instead. */
  step(t: number, failing: boolean): void {
    this.#tokens = Math.min(BURST, this.#tokens + PER_SECOND);
    this.#minuteTokens = Math.min(PER_MINUTE, this.#minuteTokens + PER_MINUTE / 60);
    if (this.#nextReady <= t) this.#becomeReady(t, failing);
    this.#toReplace = Math.min(this.#toReplace, this.#ready);
    const want = this.#desired + this.#toReplace;
    const have = this.#ready + this.pending;
    if (want > have) this.#unlaunched += want - have;
    else if (want < have) this.#cancel(have - want, t);
    if (this.#unlaunched > 0) this.#launch(t);
  }

  #becomeReady(t: number, failing: boolean): void {
    const before = this.#launching.length;
    this.#launching = this.#launching.filter((at) => at > t);
    const up = failing ? 0 : before - this.#launching.length;
    this.#nextReady = Math.min(Number.POSITIVE_INFINITY, ...this.#launching);
    this.#ready += up;
    this.#model.addTasks(up);
    const replaced = Math.min(up, this.#toReplace);
    this.#toReplace -= replaced;
    this.#stop(replaced, t);
  }

  #cancel(count: number, t: number): void {
    const unlaunched = Math.min(count, this.#unlaunched);
    this.#unlaunched -= unlaunched;
    const launching = Math.min(count - unlaunched, this.#launching.length);
    if (launching > 0) {
      this.#launching.length -= launching;
      this.#nextReady = Math.min(Number.POSITIVE_INFINITY, ...this.#launching);
    }
    this.#stop(count - unlaunched - launching, t);
  }

  #stop(count: number, t: number): void {
    if (count <= 0) return;
    this.#ready -= count;
    this.#model.stopTasks(count, t);
  }

  #launch(t: number): void {
    const count = Math.min(this.#unlaunched, Math.floor(this.#tokens), Math.floor(this.#minuteTokens));
    this.#unlaunched -= count;
    this.#tokens -= count;
    this.#minuteTokens -= count;
    for (let i = 0; i < count; i++) {
      const at = t + this.#median * Math.exp(SIGMA * this.#startUps.normal());
      this.#launching.push(at);
      if (at < this.#nextReady) this.#nextReady = at;
    }
  }
}
