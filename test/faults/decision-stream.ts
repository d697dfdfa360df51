import type { DynamoDBRecord } from 'aws-lambda';
import { streamRecord } from '../../lib/local/stream-record.ts';
import type { TableChange } from '../../lib/stores/memory-table.ts';
import { type Dice, dice } from './dice.ts';
import type { Invoked, Platform } from './platform.ts';
import type { Scheduler } from './scheduler.ts';
import type { Weather } from './weather.ts';

interface Waiting {
  readonly record: DynamoDBRecord;
  readonly at: number;
  tries: number;
}

/** As in serverless.yml: the event source mapping of `scale`. */
const BATCH = 10;
const RETRIES = 3;
const OLDEST_MS = 60_000;
const LANES = 4;

export interface StreamOptions {
  readonly seed: number;
  readonly scheduler: Scheduler;
  readonly weather: Weather;
  readonly platform: Platform;
  /** Told of each batch that `scale` returned from, with the sequence numbers that it gave back. */
  readonly returned: (records: readonly DynamoDBRecord[], failed: ReadonlySet<string>) => void;
}

/** The table's stream with its filter: records of one item in their order, tried again where they fail; now and then late, or twice. */
export class DecisionStream {
  /** Decisions whose records were given up: what goes to the queue of dead letters, for people to look at. */
  readonly deadLetters = new Set<string>();
  readonly #options: StreamOptions;
  readonly #dice: Dice;
  readonly #lanes = Array.from({ length: LANES }, () => ({ waiting: [] as Waiting[], busy: false }));
  #sequence = 0;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#dice = dice(options.seed, 'stream');
  }

  push(change: TableChange): void {
    if (typeof change.new?.['act'] !== 'string') return;
    const { scheduler } = this.#options;
    const record = streamRecord(change, ++this.#sequence, scheduler.now);
    if (record === undefined) return;
    const lane = this.#lanes[laneOf(change.new.pk)];
    lane?.waiting.push({ record, at: scheduler.now, tries: 0 });
    this.#pump(laneOf(change.new.pk));
  }

  #pump(number: number): void {
    const lane = this.#lanes[number];
    const { scheduler, weather } = this.#options;
    if (lane === undefined || lane.busy || lane.waiting.length === 0) return;
    lane.busy = true;
    const late = weather.strikes('stream-late', weather.rates.delivery * 0.3, scheduler.now);
    scheduler.after(late ? this.#dice.between(5_000, 130_000) : this.#dice.between(30, 400), () => {
      const { now } = scheduler;
      // The age is that of the poll, not of the delivery: now and then an older one comes through.
      lane.waiting = lane.waiting.filter(({ record, at, tries }) => {
        if (tries <= RETRIES && (now - at < OLDEST_MS || this.#dice.chance(0.6))) return true;
        this.deadLetters.add(record.dynamodb?.NewImage?.['act']?.S ?? '');
        return false;
      });
      const batch = lane.waiting.slice(0, BATCH);
      if (batch.length === 0) {
        lane.busy = false;
        return this.#pump(number);
      }
      this.#deliver(batch, (failed) => {
        const first = batch.findIndex(({ record }) => failed.has(record.dynamodb?.SequenceNumber ?? ''));
        const done = first < 0 ? batch.length : first;
        for (const one of batch.slice(done)) one.tries += 1;
        lane.waiting.splice(0, done);
        lane.busy = false;
        this.#pump(number);
      });
      if (weather.strikes('stream-duplicate', weather.rates.delivery * 0.5, now))
        scheduler.after(this.#dice.chance(0.5) ? this.#dice.between(0, 2_000) : this.#dice.between(2_000, 100_000), () =>
          this.#deliver(batch, () => {}),
        );
    });
  }

  #deliver(batch: readonly Waiting[], done: (failed: ReadonlySet<string>) => void): void {
    const records = batch.map(({ record }) => record);
    this.#options.platform.invoke('scale', { Records: records }, (result) => {
      const failed = failedOf(result, records);
      if (result.kind === 'done') this.#options.returned(records, failed);
      done(failed);
    });
  }
}

/** A batch that was not answered is to be delivered again whole. */
function failedOf(result: Invoked, records: readonly DynamoDBRecord[]): ReadonlySet<string> {
  const answer = result.kind === 'done' ? (result.value as { batchItemFailures?: { itemIdentifier: string }[] }) : undefined;
  return new Set(
    answer === undefined
      ? records.map((record) => record.dynamodb?.SequenceNumber ?? '')
      : (answer.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier),
  );
}

function laneOf(pk: string): number {
  let hash = 0;
  for (let i = 0; i < pk.length; i++) hash = (Math.imul(hash, 31) + pk.charCodeAt(i)) >>> 0;
  return hash % LANES;
}
