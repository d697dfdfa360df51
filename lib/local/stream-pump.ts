import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Clock } from '../clock.ts';
import type { EventPattern } from './event-pattern.ts';
import { matchesPattern } from './event-pattern.ts';

/** The settings of the event source mapping, as in serverless.yml. */
export interface StreamPumpOptions {
  readonly handler: (event: DynamoDBStreamEvent) => Promise<unknown>;
  readonly filter: EventPattern;
  /** Most records in one invocation. */
  readonly batchSize: number;
  /** Batches at once; records of one key always go through the same lane, in order. */
  readonly lanes: number;
  /** Further tries of a batch that failed, before its first failed record is given up. */
  readonly retries: number;
  /** Records older than this are given up. */
  readonly maxAgeMs: number;
  readonly clock: Clock;
  /** A record that was given up: what AWS would send to the dead-letter queue. */
  readonly onDeadLetter: (record: DynamoDBRecord, why: string) => void;
}

export interface StreamPump {
  /** Takes one record of the table's stream; those that the filter does not let through are forgotten. */
  push(record: DynamoDBRecord): void;
  /** Resolves once nothing is waiting or under way. */
  idle(): Promise<void>;
  /** Takes no more and starts no further batch; resolves when those under way are done. */
  stop(): Promise<void>;
}

interface Waiting {
  readonly record: DynamoDBRecord;
  readonly at: number;
}

/** FNV-1a: spreads keys evenly over lanes. */
function laneOf(text: string, lanes: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % lanes;
}

const message = (error: unknown) => (error instanceof Error ? error.message : String(error));
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** The sequence numbers that the handler reported, or undefined where it returned no partial batch response. */
function failuresOf(result: unknown): Set<string> {
  const failures = isRecord(result) ? (result as Partial<DynamoDBBatchResponse>).batchItemFailures : undefined;
  return new Set(Array.isArray(failures) ? failures.map((failure) => String(failure.itemIdentifier)) : []);
}

/**
 * Feeds the records of a table's stream to a handler as Lambda's event source mapping does: filtered, in order for each
 * key, in batches, with partial batch responses (the first failed record and all after it come again) and bounded retries.
 */
export function createStreamPump(options: StreamPumpOptions): StreamPump {
  const lanes: Waiting[][] = Array.from({ length: options.lanes }, () => []);
  const running = new Map<number, Promise<void>>();
  const stopping = new AbortController();

  async function once(batch: readonly Waiting[]): Promise<{ failedFrom: number; why: string }> {
    try {
      const failed = failuresOf(await options.handler({ Records: batch.map((waiting) => waiting.record) }));
      if (failed.size === 0) return { failedFrom: batch.length, why: '' };
      const first = batch.findIndex((waiting) => failed.has(waiting.record.dynamodb?.SequenceNumber ?? ''));
      // An identifier that is none of ours fails the whole batch, as at AWS.
      return { failedFrom: Math.max(0, first), why: 'the handler reported the record as failed' };
    } catch (error) {
      return { failedFrom: 0, why: message(error) };
    }
  }

  async function drain(lane: number, waiting: Waiting[]): Promise<void> {
    let tries = 0;
    while (waiting.length > 0 && !stopping.signal.aborted) {
      const batch = waiting.slice(0, options.batchSize);
      const { failedFrom, why } = await once(batch);
      waiting.splice(0, failedFrom);
      if (failedFrom > 0) tries = 0;
      if (failedFrom === batch.length) continue;
      tries += 1;
      const first = waiting[0];
      if (first !== undefined && (tries > options.retries || options.clock.now() - first.at > options.maxAgeMs)) {
        waiting.shift();
        tries = 0;
        options.onDeadLetter(first.record, why);
      } else {
        await options.clock.sleep(Math.min(100 * 2 ** tries, 2_000), stopping.signal);
      }
    }
    running.delete(lane);
  }

  function start(lane: number): void {
    const waiting = lanes[lane];
    if (waiting === undefined || stopping.signal.aborted || running.has(lane)) return;
    // Left for the next turn, so that the write that made the record has been answered before its consequences begin.
    running.set(
      lane,
      Promise.resolve().then(() => drain(lane, waiting)),
    );
  }

  return {
    push: (record) => {
      if (stopping.signal.aborted || !matchesPattern(options.filter, record)) return;
      const lane = laneOf(JSON.stringify(record.dynamodb?.Keys ?? {}), options.lanes);
      lanes[lane]?.push({ record, at: options.clock.now() });
      start(lane);
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running.values());
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running.values());
    },
  };
}
