import type { CustomerCloud } from './customer-cloud.ts';
import { type Dice, dice } from './dice.ts';
import { queueArnOf, type Scenario, type SimulatedCustomer, type SimulatedService } from './scenario.ts';
import type { Scheduler } from './scheduler.ts';
import type { Weather } from './weather.ts';

/** A body as it was sent, and what is true of it. */
export interface SentReport {
  readonly id: string;
  readonly customer: string;
  readonly service: string;
  readonly group: string;
  readonly container: string;
  readonly body: string;
  readonly sentAt: number;
  readonly samples: number;
  /** Request queue times that were measured, not made up. */
  readonly goodQueueTimes: number;
  /** What the newest true sample of web traffic is dated, and of the queue, by the adapter's own clock; none where nothing was measured. */
  readonly webAt: number | undefined;
  readonly queueAt: number | undefined;
  /** Requests of that long are in one report. */
  readonly spanMs: number;
  /** Nothing was sent in it. */
  readonly empty: boolean;
}

interface Backlog {
  waiting: number;
  at: number;
}

interface Mood {
  deadUntil: number;
  lying: boolean;
  clockOffMs: number;
}

export interface AdapterOptions {
  readonly scenario: Scenario;
  readonly scheduler: Scheduler;
  readonly weather: Weather;
  readonly cloud: CustomerCloud;
  readonly post: (report: SentReport) => void;
}

/** Seconds that a request takes, and jobs a second that one task works off: what a target of one task's worth of load means. */
const REQUEST_MS = 2_000;
const JOBS_PER_TASK = 0.2;

/** The applications: load that comes and goes, tasks that carry it, and adapters that report it, truly or not. */
export class Adapters {
  readonly #options: AdapterOptions;
  readonly #dice: Dice;
  readonly #backlogs = new Map<string, Backlog>();
  readonly #moods = new Map<string, Mood>();
  /** While faults happen, requests are dated in milliseconds, so that they are dropped; queues are not. */
  garblesRequests = false;
  #sent = 0;

  constructor(options: AdapterOptions) {
    this.#options = options;
    this.#dice = dice(options.scenario.seed, 'adapters');
  }

  /** Tasks' worth of load now. */
  loadOf({ load }: SimulatedService, now: number): number {
    let tasks = load[0]?.tasks ?? 0;
    for (const step of load) if (step.at <= now) tasks = step.tasks;
    return tasks;
  }

  start(): void {
    const { scheduler } = this.#options;
    for (const customer of this.#options.scenario.customers)
      for (const service of customer.services) {
        const from = scheduler.now + this.#dice.between(0, service.reportEveryMs);
        if (service.kind === 'sqs') this.#every(from, 5_000, () => this.#fillQueue(service));
        else
          for (let i = 0; i < service.reporters; i++)
            this.#every(from + i * 700, service.reportEveryMs, () => this.#report(customer, service, i));
      }
  }

  /** An adapter dies, and comes back after minutes. */
  silence(service: SimulatedService): void {
    const { scheduler, weather } = this.#options;
    weather.count('adapter-dies');
    const until = scheduler.now + this.#dice.between(70_000, 400_000);
    this.#moodOf(service).deadUntil = until;
    scheduler.at(until, () => weather.count('adapter-returns'));
  }

  /** What goes wrong with an adapter from now on. */
  upset(service: SimulatedService): void {
    const { scheduler, weather } = this.#options;
    const mood = this.#moodOf(service);
    const which = this.#dice.roll();
    if (which < 0.45) this.silence(service);
    else if (which < 0.7) {
      weather.count('adapter-lies');
      mood.lying = true;
      scheduler.after(this.#dice.between(20_000, 200_000), () => {
        mood.lying = false;
      });
    } else if (which < 0.85) {
      weather.count('adapter-floods');
      const { customers } = this.#options.scenario;
      const customer = customers.find(({ services }) => services.includes(service));
      for (let i = 0; customer && i < 15; i++) scheduler.after(i * 60, () => this.#report(customer, service, 0));
    } else {
      weather.count('adapter-clock-wrong');
      mood.clockOffMs = this.#dice.pick([-3_600_000, -400_000, -20_000, 4_000, 30_000, 86_400_000]);
      scheduler.after(this.#dice.between(60_000, 200_000), () => {
        mood.clockOffMs = 0;
      });
    }
  }

  /** Every adapter is well from now on. */
  soothe(): void {
    for (const mood of this.#moods.values()) Object.assign(mood, { deadUntil: 0, lying: false, clockOffMs: 0 });
  }

  #every(from: number, ms: number, work: () => void): void {
    const { scheduler } = this.#options;
    scheduler.at(from, () => {
      work();
      this.#every(from + ms, ms, work);
    });
  }

  #moodOf({ config }: SimulatedService): Mood {
    const key = `${config.customer}/${config.name}`;
    const mood = this.#moods.get(key) ?? { deadUntil: 0, lying: false, clockOffMs: 0 };
    this.#moods.set(key, mood);
    return mood;
  }

  #fillQueue(service: SimulatedService): void {
    const queue = this.#options.cloud.queues.get(queueArnOf(service.config.arn));
    const load = this.loadOf(service, this.#options.scheduler.now);
    if (queue) queue.visible = Math.round(load * 20);
  }

  #report(customer: SimulatedCustomer, service: SimulatedService, reporter: number): void {
    const { scheduler, cloud, post } = this.#options;
    const { config } = service;
    const truth = cloud.services.get(config.arn);
    const mood = this.#moodOf(service);
    // Web services report the queues of their group, too: a worker at zero is fed by its siblings.
    const worker = customer.services.find((one) => one.kind === 'worker' && one.config.group === config.group);
    if (truth === undefined || mood.deadUntil > scheduler.now || reporter >= Math.max(1, truth.running)) return;
    if (truth.running === 0) return;
    const second = Math.floor((scheduler.now + mood.clockOffMs) / 1_000);
    const metrics: unknown[] = [];
    let good = 0;
    const garbles = this.garblesRequests && this.#options.weather.rages(scheduler.now);
    let garbled = 0;
    if (service.kind === 'web') {
      const load = this.loadOf(service, scheduler.now);
      const rho = load / truth.running;
      const queueTime = rho < 0.6 ? 3 : rho < 0.9 ? 25 : Math.min(5_000, 90 + (rho - 0.9) * 800);
      const requests = Math.round(
        ((load * service.reportEveryMs) / REQUEST_MS / Math.min(service.reporters, truth.running)) * this.#dice.between(0.9, 1.1),
      );
      for (let i = 0; i < requests; i++) {
        const measured = second - this.#dice.int(0, Math.floor(service.reportEveryMs / 1_000) - 1);
        const at = garbles ? measured * 1_000 : measured;
        metrics.push([at, REQUEST_MS, 'at', null], [at, Math.round(queueTime * this.#dice.between(0.8, 1.2)), 'qt', null]);
        if (garbles) garbled += 1;
        else good += 1;
      }
    }
    const backlog = worker && this.#backlogOf(worker, cloud);
    if (worker && backlog) {
      const running = cloud.services.get(worker.config.arn)?.running ?? 0;
      const rate = Math.max(running, 0.5) * JOBS_PER_TASK;
      metrics.push(
        [second, Math.round((backlog.waiting / rate) * 1_000), 'qt', 'default'],
        [second, Math.round(backlog.waiting), 'qd', 'default'],
        [second, Math.min(running, Math.ceil(backlog.waiting + this.loadOf(worker, scheduler.now))), 'busy', 'default'],
      );
    }
    if (mood.lying) this.#lie(metrics, second);
    const container = `${config.customer}-${config.name}-${reporter}`;
    post({
      id: String(++this.#sent),
      customer: config.customer,
      service: config.name,
      group: config.group,
      container,
      body: JSON.stringify({ container, pid: 1, adapters: {}, config: {}, metrics }),
      sentAt: scheduler.now,
      samples: metrics.length,
      goodQueueTimes: good,
      // A report without requests is a reading of no load.
      webAt: service.kind === 'web' && garbled === 0 ? second * 1_000 : undefined,
      queueAt: backlog ? second * 1_000 : undefined,
      spanMs: service.reportEveryMs,
      empty: metrics.length === 0,
    });
  }

  #lie(metrics: unknown[], second: number): void {
    const die = this.#dice;
    for (let i = 0; i < 6; i++) {
      const time = die.pick<unknown>([second, second, second + 12 * 3_600, second - 3_600, null, 'now', 1e308]);
      const value = time === second ? die.pick<unknown>([-1, null, 'NaN', 1e15, {}, 700_000]) : die.int(0, 500);
      metrics.push([time, value, die.pick(['qt', 'at']), null]);
    }
  }

  /** Jobs that wait for a worker: what arrives less what its tasks work off. */
  #backlogOf(worker: SimulatedService, cloud: CustomerCloud): Backlog {
    const { now } = this.#options.scheduler;
    const { arn } = worker.config;
    const backlog = this.#backlogs.get(arn) ?? { waiting: 0, at: now };
    const running = cloud.services.get(arn)?.running ?? 0;
    const seconds = (now - backlog.at) / 1_000;
    // Slack of a tenth: tasks just enough do work off what waits.
    const change = (this.loadOf(worker, now) * 0.9 - running) * JOBS_PER_TASK * seconds;
    backlog.waiting = Math.min(5_000, Math.max(0, backlog.waiting + change));
    backlog.at = now;
    this.#backlogs.set(arn, backlog);
    return backlog;
  }
}
