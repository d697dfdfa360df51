import { type Dice, dice } from './dice.ts';
import type { FaultCounts, FaultKind } from './fault-kinds.ts';
import { type SdkCall, SdkError } from './gate.ts';

/** What befalls one call on its way. */
export interface CallFate {
  /** ms until it takes effect, and from there until its answer. */
  readonly there: number;
  readonly back: number;
  readonly crash?: 'before' | 'after';
  /** It fails so, without effect, or after it where `after` is set. */
  readonly error?: SdkError;
  readonly after?: boolean;
  readonly lagMs?: number;
  readonly partial?: boolean;
  /** Sent twice by the SDK, which lost the first answer: the second one counts. */
  readonly repeated?: boolean;
  /** The session that it uses ends now. */
  readonly expires?: boolean;
  /** What ECS or SQS says lacks a number. */
  readonly incomplete?: boolean;
}

export interface Rates {
  readonly crash: number;
  readonly delivery: number;
  readonly table: number;
  readonly stale: number;
  readonly sts: number;
  readonly ecs: number;
  readonly queue: number;
  /** Of batches and pages in part, in calm, too. */
  readonly parts: number;
  readonly slow: number;
}

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/** How bad it is: drawn by the seed, over by a moment of it. */
export class Weather {
  readonly counts: FaultCounts = {};
  readonly rates: Rates;
  /** Faults happen from here on … */
  from = Number.POSITIVE_INFINITY;
  /** … up to here. */
  until = Number.NEGATIVE_INFINITY;
  /** Partitions that are throttled whole for the time being. */
  readonly hot = new Map<string, number>();
  readonly #dice: Dice;

  /** @param given in place of what the seed draws. */
  constructor(seed: number, given: Partial<Rates> = {}) {
    this.#dice = dice(seed, 'weather');
    const rate = (worst: number) => (this.#dice.chance(0.35) ? 0 : worst * this.#dice.roll() ** 2);
    const drawn = {
      crash: rate(0.02),
      delivery: rate(0.3),
      table: rate(0.06),
      stale: rate(0.5),
      sts: rate(0.3),
      ecs: rate(0.4),
      slow: rate(0.05),
    };
    this.rates = { ...drawn, queue: drawn.ecs, parts: 0, ...given };
  }

  rages = (now: number): boolean => now >= this.from && now < this.until;

  count(kind: FaultKind): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }

  /** Whether this befalls a delivery; counted where it does. */
  strikes(kind: FaultKind, p: number, now: number): boolean {
    if (!this.rages(now) || !this.#dice.chance(p)) return false;
    this.count(kind);
    return true;
  }

  fate(call: SdkCall, now: number, pk: string | undefined): CallFate {
    const die = this.#dice;
    const isTable = call.service === 'dynamodb';
    const there = isTable ? die.between(0.5, 4) : die.between(5, 40);
    const back = isTable ? die.between(0.5, 4) : die.between(5, 40);
    const { rates } = this;
    const usual = { there, back, ...(die.chance(rates.parts) ? { partial: true } : {}) };
    if (!this.rages(now)) return usual;
    if (die.chance(rates.crash)) {
      const crash = die.chance(0.5) ? 'before' : 'after';
      this.count(crash === 'before' ? 'crash-before-call' : 'crash-after-call');
      return { ...usual, crash };
    }
    return { ...usual, ...(isTable ? this.#atTable(call, now, pk) : call.service === 'sts' ? this.#atSts() : this.#atCustomer(call)) };
  }

  #atTable(call: SdkCall, now: number, pk: string | undefined): Partial<CallFate> {
    const die = this.#dice;
    const { rates } = this;
    const throttled = new SdkError('ProvisionedThroughputExceededException', 'a fault of the simulation');
    if (pk !== undefined && (this.hot.get(pk) ?? 0) > now && die.chance(0.7)) {
      this.count('hot-partition');
      return { error: throttled };
    }
    if (die.chance(rates.table)) {
      if (die.chance(0.5)) {
        this.count('table-throttle');
        return { error: throttled };
      }
      if (WRITES.has(call.command) && die.chance(0.5)) {
        this.count('table-repeated-write');
        return { repeated: true };
      }
      this.count('table-unavailable');
      return { error: new SdkError('InternalServerError', 'a fault of the simulation', 500), after: die.chance(0.4) };
    }
    const slow = die.chance(rates.slow) ? { back: die.between(200, 4_000) } : {};
    if (slow.back !== undefined) this.count('table-slow');
    if (die.chance(rates.table * 3) && /^Batch|^Query$/.test(call.command)) {
      this.count('table-partial-batch');
      return { ...slow, partial: true };
    }
    const eventual = (call.command === 'GetItem' || call.command === 'Query') && call.input['ConsistentRead'] !== true;
    if (eventual && die.chance(rates.stale)) {
      this.count('table-stale-read');
      return { ...slow, lagMs: die.between(20, 3_000) };
    }
    return slow;
  }

  #atSts(): Partial<CallFate> {
    const die = this.#dice;
    if (die.chance(this.rates.slow)) {
      this.count('sts-slow');
      return { back: die.between(1_000, 6_000) };
    }
    if (!die.chance(this.rates.sts)) return {};
    if (die.chance(0.3)) {
      this.count('sts-refuse');
      return { error: new SdkError('AccessDenied', 'a fault of the simulation', 403) };
    }
    this.count('sts-throttle');
    return { error: new SdkError('Throttling', 'a fault of the simulation') };
  }

  #atCustomer(call: SdkCall): Partial<CallFate> {
    const die = this.#dice;
    if (call.service === 'sqs' && die.chance(this.rates.queue)) {
      this.count('queue-unreadable');
      return die.chance(0.5) ? { incomplete: true } : { error: new SdkError('RequestThrottled', 'a fault of the simulation') };
    }
    if (die.chance(this.rates.slow)) {
      this.count('ecs-slow');
      return { back: die.between(1_000, 6_000) };
    }
    if (!die.chance(this.rates.ecs)) return {};
    const which = die.roll();
    if (which < 0.25) {
      this.count('ecs-throttle');
      return { error: new SdkError('ThrottlingException', 'a fault of the simulation') };
    }
    if (which < 0.5) {
      this.count('ecs-unavailable');
      return { error: new SdkError('ServerException', 'a fault of the simulation', 500) };
    }
    if (which < 0.65) {
      this.count('session-expired');
      return { expires: true };
    }
    if (which < 0.8 && call.command === 'DescribeServices') {
      this.count('ecs-incomplete');
      return { incomplete: true };
    }
    this.count('ecs-answer-lost');
    return { error: new SdkError('TimeoutError', 'a fault of the simulation: the answer was lost'), after: true };
  }
}
