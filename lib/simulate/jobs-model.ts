import { EventHeap } from './event-heap.ts';
import type { Model, Totals } from './model.ts';
import { randomStream } from './random-stream.ts';
import { Waits } from './waits.ts';

export interface JobsOptions {
  /** When jobs arrive, seconds, ascending. */
  readonly arrivals: Float64Array;
  /** How long each takes, seconds. */
  readonly services: Float64Array;
  /** Jobs that one task works on at once. */
  readonly concurrency: number;
  /** From SIGTERM to SIGKILL. */
  readonly graceSeconds: number;
  /** From the kill until the queue delivers the job again; undefined: it is lost for good. */
  readonly redeliverSeconds: number | undefined;
  readonly seed: number;
}

interface Task {
  /** Jobs and when they began. */
  readonly running: Map<number, number>;
  stopping: boolean;
  /** Position among the tasks that serve; −1 when told to stop. */
  place: number;
}

/**
 * Jobs one by one, as discrete events: arrival, start, end, SIGTERM, kill, delivery again. First come, first served, and what was
 * broken off before all others. ECS does not know which task is idle: those to stop are drawn.
 */
export class JobsModel implements Model {
  readonly waits = new Waits();
  arrived = 0;
  finished = 0;
  waiting = 0;
  inService = 0;
  oldestMs = 0;
  busyShare = 0;
  stopping = 0;

  readonly #options: JobsOptions;
  readonly #victims;
  readonly #tasks: Task[] = [];
  /** One entry per free place; stale where the task was told to stop. */
  readonly #free: Task[] = [];
  readonly #ends = new EventHeap<{ readonly task: Task; readonly job: number }>();
  readonly #kills = new EventHeap<Task>();
  readonly #redeliveries = new EventHeap<number>();
  #nextArrival = 0;
  #queue: number[] = [];
  #head = 0;
  /** Delivered again, oldest delivery first. */
  #again: number[] = [];
  /** Of those broken off: when they would have arrived to have waited as long as they have, and when the queue has them again. */
  readonly #brokenOff = new Map<number, { since: number; readonly availableAt: number }>();
  #now = 0;
  #stoppingTasks = 0;
  #awaitingRedelivery = 0;
  #busySeconds = 0;
  #placeSeconds = 0;
  #stoppingSeconds = 0;
  #totals = { arrived: 0, finished: 0, lost: 0, killed: 0, waitedSeconds: 0, waitingSeconds: 0 };

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#victims = randomStream(options.seed, 'victims');
  }

  addTasks(count: number): void {
    for (let i = 0; i < count; i++) {
      const task: Task = { running: new Map(), stopping: false, place: this.#tasks.length };
      this.#tasks.push(task);
      for (let place = 0; place < this.#options.concurrency; place++) this.#free.push(task);
    }
    this.#start(this.#now);
  }

  stopTasks(count: number, at: number): void {
    for (let i = 0; i < count && this.#tasks.length > 0; i++) {
      const place = Math.min(this.#tasks.length - 1, Math.floor(this.#victims.uniform() * this.#tasks.length));
      const task = this.#tasks[place] as Task;
      const last = this.#tasks.pop() as Task;
      if (last !== task) {
        this.#tasks[place] = last;
        last.place = place;
      }
      task.stopping = true;
      task.place = -1;
      if (task.running.size === 0) continue;
      this.#stoppingTasks++;
      this.#kills.push(at + this.#options.graceSeconds, task);
    }
  }

  step(t: number): void {
    this.waits.clear();
    this.arrived = 0;
    this.finished = 0;
    this.#busySeconds = 0;
    this.#placeSeconds = 0;
    this.#stoppingSeconds = 0;
    const { arrivals, redeliverSeconds } = this.#options;
    const end = t + 1;
    this.#advance(t);
    for (;;) {
      const arrivalAt = this.#nextArrival < arrivals.length ? (arrivals[this.#nextArrival] as number) : Number.POSITIVE_INFINITY;
      const at = Math.min(arrivalAt, this.#ends.nextAt, this.#kills.nextAt, this.#redeliveries.nextAt);
      if (at >= end) break;
      this.#advance(Math.max(at, this.#now));
      if (at === this.#ends.nextAt) this.#finish();
      else if (at === arrivalAt) {
        this.#queue.push(this.#nextArrival++);
        this.arrived++;
        this.#totals.arrived++;
      } else if (at === this.#redeliveries.nextAt) {
        this.#again.push(this.#redeliveries.pop() as number);
        this.#awaitingRedelivery--;
      } else this.#kill(at, redeliverSeconds);
      this.#start(this.#now);
    }
    this.#advance(end);
    this.waiting = this.#waitingJobs;
    this.oldestMs = this.#oldestMs(end);
    this.busyShare = this.#placeSeconds > 0 ? Math.min(1, this.#busySeconds / this.#placeSeconds) : 0;
    this.stopping = this.#stoppingSeconds;
  }

  get totals(): Totals {
    return { ...this.#totals, inSystem: this.#waitingJobs + this.inService + this.#awaitingRedelivery };
  }

  get #waitingJobs(): number {
    return this.#queue.length - this.#head + this.#again.length;
  }

  #advance(to: number): void {
    const passed = to - this.#now;
    this.#now = to;
    if (passed <= 0) return;
    this.#busySeconds += passed * this.inService;
    this.#placeSeconds += passed * this.#tasks.length * this.#options.concurrency;
    this.#stoppingSeconds += passed * this.#stoppingTasks;
    this.#totals.waitingSeconds += passed * this.#waitingJobs;
  }

  #start(now: number): void {
    while (this.#waitingJobs > 0) {
      const task = this.#free.pop();
      if (task === undefined) return;
      if (task.stopping) continue;
      const job = this.#again.shift() ?? (this.#queue[this.#head++] as number);
      const { arrivals, services } = this.#options;
      this.waits.add((now - this.#since(job)) * 1_000, 1);
      this.#totals.waitedSeconds += now - (this.#brokenOff.get(job)?.availableAt ?? (arrivals[job] as number));
      task.running.set(job, now);
      this.inService++;
      this.#ends.push(now + (services[job] as number), { task, job });
    }
    if (this.#head === this.#queue.length) this.#queue.length = 0;
    else if (this.#head > 65_536) this.#queue = this.#queue.slice(this.#head);
    else return;
    this.#head = 0;
  }

  #finish(): void {
    const { task, job } = this.#ends.pop() as { task: Task; job: number };
    if (!task.running.delete(job)) return;
    this.#brokenOff.delete(job);
    this.inService--;
    this.finished++;
    this.#totals.finished++;
    if (!task.stopping) this.#free.push(task);
    else if (task.running.size === 0) this.#stoppingTasks--;
  }

  #kill(at: number, redeliverSeconds: number | undefined): void {
    const task = this.#kills.pop() as Task;
    if (task.running.size === 0) return;
    for (const [job, began] of task.running) {
      this.inService--;
      this.#totals.killed++;
      if (redeliverSeconds === undefined) this.#totals.lost++;
      else {
        this.#awaitingRedelivery++;
        // It has waited as long as it had before it began, and waits from now on.
        this.#brokenOff.set(job, { since: at - (began - this.#since(job)), availableAt: at + redeliverSeconds });
        this.#redeliveries.push(at + redeliverSeconds, job);
      }
    }
    task.running.clear();
    this.#stoppingTasks--;
  }

  /** From when a job's queue time counts: the time in which it ran is none of it, that until it is delivered again is. */
  #since(job: number): number {
    return this.#brokenOff.get(job)?.since ?? (this.#options.arrivals[job] as number);
  }

  #oldestMs(now: number): number {
    const first = this.#head < this.#queue.length ? (this.#options.arrivals[this.#queue[this.#head] as number] as number) : now;
    return this.#again.reduce((oldest, job) => Math.max(oldest, now - this.#since(job)), now - first) * 1_000;
  }
}
