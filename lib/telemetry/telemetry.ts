import type { Clock } from '../clock.ts';
import { type Journal, jsonJournal, type LogSink } from '../journal.ts';
import { allJournals } from './all-journals.ts';
import { figuresJournal } from './figures.ts';
import { type Ask, beat } from './heartbeat.ts';
import { createMeter } from './meter.ts';
import { createNotices, type EventBus } from './notices.ts';

export interface TelemetryOptions {
  /** The function's short name: "ingest". */
  readonly name: string;
  readonly stage: string;
  readonly deployment: string;
  readonly clock: Clock;
  /** Takes log lines and figures alike. */
  readonly write: LogSink;
  /** Absent: there are no notices. */
  readonly bus?: EventBus;
  /** Only where the function gives signs of life. */
  readonly heartbeat?: { readonly url: string; readonly ask: Ask };
}

interface Context {
  readonly awsRequestId?: string;
}

export interface Telemetry {
  readonly journal: Journal;
  /** The handler, with figures, notices and the sign of life at the end of each invocation, whether it succeeds or fails. */
  around<E, C extends Context, R>(handler: (event: E, context: C) => Promise<R>): (event: E, context: C) => Promise<R>;
}

/** What a deployed function says to the outside: log lines, figures and notices. Nothing here can fail an invocation. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { name, clock, write } = options;
  let requestId: string | undefined;
  const meter = createMeter(options.stage);
  const log = jsonJournal(write, clock.now, () => ({ function: name, ...(requestId === undefined ? {} : { requestId }) }));
  const notices = options.bus && createNotices(options.bus, options, clock);
  const journal = allJournals([log, figuresJournal(meter), ...(notices ? [notices.journal] : [])]);

  const tellOutside = async (event: unknown, succeeded: boolean): Promise<void> => {
    const { heartbeat } = options;
    const [flushed, silent] = await Promise.all([
      notices?.flush(),
      heartbeat && succeeded && isScheduled(event) ? beat(heartbeat.url, heartbeat.ask, clock) : undefined,
    ]);
    if (flushed && flushed.lost > 0) {
      meter.count('NoticesLost', flushed.lost);
      log.warn('Notices could not be told', { lost: flushed.lost, why: flushed.why });
    }
    if (silent !== undefined) log.warn('The heartbeat was not heard', { why: silent });
  };

  return {
    journal,
    around: (handler) => async (event, context) => {
      requestId = context.awsRequestId;
      let succeeded = false;
      try {
        const result = await handler(event, context);
        succeeded = true;
        if (failed(result)) meter.count('FailedRequests', 1, { Function: name });
        return result;
      } finally {
        await tellOutside(event, succeeded);
        for (const line of meter.lines(clock.now())) write(line);
      }
    },
  };
}

/** EventBridge's own event, not a shard that tick handed itself: one sign of life a minute. */
function isScheduled(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'detail-type' in event && event['detail-type'] === 'Scheduled Event';
}

/** An answer that says that a request could not be served, or records of a batch not be handled: Lambda counts no error then. */
function failed(result: unknown): boolean {
  if (typeof result !== 'object' || result === null) return false;
  if ('batchItemFailures' in result) return Array.isArray(result.batchItemFailures) && result.batchItemFailures.length > 0;
  return 'statusCode' in result && Number(result.statusCode) >= 500;
}
