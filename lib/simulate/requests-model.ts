import { Backlog } from './backlog.ts';
import type { Model, Totals } from './model.ts';
import { normalQuantile, randomStream } from './random-stream.ts';
import { STRATA, type StationaryQueue, stationaryQueue } from './stationary-queue.ts';
import { Waits } from './waits.ts';

export interface RequestsOptions {
  /** True mean rate in the second that starts at t, requests per second. */
  readonly rateAt: (t: number) => number;
  /** Requests that one task serves at once. */
  readonly concurrency: number;
  readonly serviceMs: number;
  readonly serviceCv: number;
  readonly graceSeconds: number;
  readonly seed: number;
}

/** Strata of a straight line between two waits. */
const LINE = [0.125, 0.375, 0.625, 0.875];

/** A queue that forgets sooner than this (seconds) shows its whole distribution within a second. */
const FORGETS_SOON_S = 0.3;

/**
 * Heavy request traffic in steps of one second: a flow with the noise of Poisson arrivals and of service, and Erlang's formula for
 * what happens while there are free places.
 *
 * While all places are taken the number waiting is a Brownian motion with drift λ − c/S and variance λ·c_a² + (c/S)·c_s² (the
 * heavy-traffic limit of G/G/c), reflected at an empty queue. It is stepped exactly: the minimum of a Brownian path given its two ends
 * is known, so a second is as good as a millisecond. Its stationary wait is exponential with the mean of Allen and Cunneen's
 * formula. Whenever it empties, some time follows in which arrivals find free places: the boundary is sticky,
 * so that over time such a share of arrivals waits as Erlang's C says. Together that is M/M/c's distribution of waits where the load
 * is steady, and a flow where it is not. The order is first come, first served: a backlog's wait is the age of its head.
 */
export class RequestsModel implements Model {
  readonly waits = new Waits();
  arrived = 0;
  finished = 0;
  waiting = 0;
  inService = 0;
  oldestMs = 0;
  busyShare = 0;
  stopping = 0;

  readonly #options: RequestsOptions;
  readonly #arrivals;
  readonly #noise;
  readonly #serviceS: number;
  readonly #stay: number;
  #tasks = 0;
  #added = 0;
  /** All places were taken all the time of the last second. */
  #full = false;
  #stopped = 0;
  /** Number waiting while all places are taken. */
  #queue = 0;
  readonly #backlog = new Backlog();
  #headWaitS = 0;
  /** Seconds that arrivals will find free places for. */
  #idle = 0;
  #erlang: StationaryQueue = stationaryQueue(0, 0, { serviceMs: 1, cv: 1 });
  #totals = { arrived: 0, finished: 0, lost: 0, waitedSeconds: 0, waitingSeconds: 0 };

  constructor(options: RequestsOptions) {
    this.#options = options;
    this.#arrivals = randomStream(options.seed, 'arrivals');
    this.#noise = randomStream(options.seed, 'service');
    this.#serviceS = options.serviceMs / 1_000;
    this.#stay = Math.exp(-1 / this.#serviceS);
  }

  addTasks(count: number): void {
    this.#tasks += count;
    this.#added += count;
  }

  stopTasks(count: number): void {
    const stopped = Math.min(count, this.#tasks);
    if (stopped === 0) return;
    const { graceSeconds } = this.#options;
    // Requests longer than the grace are broken off; a client is told so, and nothing delivers them again.
    const lost = this.inService * (stopped / this.#tasks) * Math.exp(-graceSeconds / this.#serviceS);
    this.inService -= lost;
    this.#totals.lost += lost;
    this.#tasks -= stopped;
    this.#stopped += stopped * Math.min(graceSeconds, this.#serviceS);
  }

  step(t: number): void {
    const { concurrency, serviceCv } = this.#options;
    const rate = this.#options.rateAt(t);
    const arrived = this.#arrivals.poisson(rate);
    // Drawn in every second, needed or not: two scalers meet the same noise.
    const z = normalQuantile(this.#noise.uniform());
    const u = this.#noise.uniform();
    this.waits.clear();
    this.arrived = arrived;
    this.#totals.arrived += arrived;
    const servers = this.#tasks * concurrency;
    const before = this.#queue;
    let active = 1;
    this.#full = false;
    if (servers === 0) {
      this.#queue = before + arrived;
      this.#backlog.push(t, arrived);
      this.#headWaitS = this.#backlog.ageOfHead(t + 1);
    } else {
      const perSecond = servers / this.#serviceS;
      const stationary = this.#stationary(servers, rate);
      const settled = stationary.forgetsS < FORGETS_SOON_S && before / perSecond <= (3 * stationary.meanMs) / 1_000;
      if (settled) this.#startSettled(arrived, stationary);
      else {
        active = 1 - Math.min(1, this.#idle);
        this.#idle -= 1 - active;
        if (active > 0) {
          // Where there is room, idle time makes up for what arrivals vary less than service could.
          const variance = (perSecond * serviceCv * serviceCv + Math.max(0, perSecond - rate) + rate) * active;
          const own = Math.max(0, variance - rate * active * active);
          const change = (arrived - perSecond) * active - this.#added * concurrency - Math.sqrt(own) * z;
          const lowest = before + (change - Math.sqrt(change * change - 2 * variance * Math.log(u))) / 2;
          const unused = Math.max(0, -lowest);
          this.#queue = Math.min(before + arrived, before + change + unused);
          const started = before + arrived * active - this.#queue;
          if (unused > 0 || active < 1) this.#startEmptied(t, arrived, Math.max(0, started), before, perSecond, stationary);
          else {
            this.#full = true;
            this.#startBacklog(t, arrived * active, Math.max(0, started));
          }
          this.#idle += unused * stationary.idlePerUnused;
        }
        if (active < 1) {
          this.waits.add(0, arrived * (1 - active));
          this.#backlog.renew(t, arrived, this.#queue);
        }
      }
    }
    this.#account(before + arrived - this.#queue, servers, active);
    this.#added = 0;
    this.stopping = this.#stopped;
    this.#stopped = 0;
  }

  get totals(): Totals {
    const { lost } = this.#totals;
    return { ...this.#totals, killed: lost, inSystem: this.#queue + this.inService };
  }

  /** All places were taken all the time: who began service was the head of the line, in order. */
  #startBacklog(t: number, arrived: number, started: number): void {
    const from = this.#headWaitS;
    this.#backlog.push(t, arrived);
    this.#backlog.pop(started);
    const to = this.#backlog.ageOfHead(t + 1);
    for (const at of LINE) this.waits.add((from + (to - from) * at) * 1_000, started / LINE.length);
    this.#headWaitS = to;
  }

  /** The queue was empty at some time of the second: waits are those of the two ends, with what chance does between them. */
  #startEmptied(t: number, arrived: number, started: number, before: number, perSecond: number, { meanMs }: StationaryQueue): void {
    const from = this.#headWaitS * 1_000;
    const to = (this.#queue / perSecond) * 1_000;
    // A backlog that came to its end in this second: its part of the second is no matter of chance.
    const draining = from > 3 * meanMs ? Math.min(1, before / Math.max(before, perSecond - arrived)) : 0;
    if (draining > 0) for (const at of LINE) this.waits.add(from * (1 - at), (started * draining) / LINE.length);
    const rest = started * (1 - draining);
    this.waits.add(draining > 0 ? to : from, rest / 2);
    this.waits.add(to, rest / 2);
    this.#backlog.renew(t, arrived, this.#queue);
    this.#headWaitS = to / 1_000;
  }

  /** Queues come and go many times within the second: Erlang's distribution as it is. */
  #startSettled(arrived: number, { waits, meanMs }: StationaryQueue): void {
    const started = arrived + this.#queue;
    this.#queue = 0;
    this.#headWaitS = 0;
    this.#idle = 0;
    this.#backlog.clear();
    if (waits < 1e-6) this.waits.add(0, started);
    else {
      this.waits.add(0, started * (1 - waits));
      for (const [value, part] of STRATA) this.waits.add(value * meanMs, started * waits * part);
    }
  }

  /** Erlang's numbers for so many places and this rate; they change with a scaling or a new bin of the trace alone. */
  #stationary(servers: number, rate: number): StationaryQueue {
    const kept = this.#erlang;
    const load = rate * this.#serviceS;
    if (kept.servers === servers && kept.load === load) return kept;
    const { serviceMs, serviceCv: cv } = this.#options;
    const found = stationaryQueue(servers, load, { serviceMs, cv });
    // Idle time was drawn for the load before: at most a usual stretch of it goes on.
    this.#idle = Math.min(this.#idle, found.idlePerUnused * Math.sqrt((servers / this.#serviceS) * (1 + cv * cv)));
    this.#erlang = found;
    return found;
  }

  #account(started: number, servers: number, active: number): void {
    const inService = this.inService * this.#stay + started * this.#serviceS * (1 - this.#stay);
    this.finished = this.inService + started - inService;
    this.busyShare = servers === 0 ? 0 : this.#full ? 1 : Math.min(1, (this.inService + inService) / 2 / servers);
    this.inService = inService;
    const before = this.waiting;
    // Where queues come and go within the second there are as many on average as Little's law says.
    this.waiting = this.#queue > 0 ? this.#queue * (servers === 0 ? 1 : active) : (this.waits.meanMs * this.arrived) / 1_000;
    this.oldestMs = this.waiting > 0.5 ? this.#headWaitS * 1_000 : 0;
    this.#totals.finished += this.finished;
    for (let i = 0; i < this.waits.length; i++)
      this.#totals.waitedSeconds += ((this.waits.ms[i] as number) / 1_000) * (this.waits.weights[i] as number);
    this.#totals.waitingSeconds += (before + this.waiting) / 2;
  }
}
