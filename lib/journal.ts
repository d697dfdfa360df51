import type { OutcomeRecord, Problem, StoredDecision } from './stores/records.ts';

export interface ServiceName {
  readonly customer: string;
  readonly service: string;
}

/**
 * What happened, told as it happens: one line per decision, outcome and problem. A deployed function
 * writes structured log lines; the local run prints for people or machines.
 */
export interface Journal {
  /** After the decision was stored. */
  decision(about: ServiceName, decision: StoredDecision): void;
  /** After it was stored. `decided`: what was acted upon, and what became of the service's decision before it. */
  outcome(
    about: ServiceName,
    outcome: OutcomeRecord,
    decided?: {
      readonly decision: StoredDecision;
      readonly before?: OutcomeRecord;
      /** When the report arrived that set the decision off, where one did. */
      readonly reportedAt?: number;
    },
  ): void;
  problem(about: ServiceName, problem: Problem): void;
  /** Trouble of our own that harms no decision now; `fields` never hold secrets. */
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  /** A report was stored: for figures alone, since a line for each would cost as much as the report. */
  received?(about: ServiceName, report: { readonly accepted: number; readonly dropped: Readonly<Record<string, number>> }): void;
  /** A group was evaluated, whatever came of it: for figures alone. */
  evaluated?(): void;
}

export type LogSink = (line: string) => void;

/**
 * One JSON object a line. Lambda's own filter of application logs by level reads `timestamp` (RFC 3339) and `level`
 * (AWS Lambda developer guide, "Log-level filtering"); a line without them passes as INFO. `context` is added to each line.
 */
export function jsonJournal(write: LogSink, now: () => number, context: () => object = () => ({})): Journal {
  const line = (level: string, type: string, fields: object) =>
    write(JSON.stringify({ ...fields, ...context(), timestamp: new Date(now()).toISOString(), level, type }));
  return {
    decision: (about, decision) => line('INFO', 'decision', { ...about, ...decision }),
    outcome: (about, outcome) =>
      line(outcome.outcome === 'failed' || outcome.outcome === 'refused' ? 'WARN' : 'INFO', 'outcome', { ...about, ...outcome }),
    problem: (about, problem) => line('WARN', 'problem', { ...about, ...problem }),
    warn: (message, fields) => line('WARN', 'warning', { message, ...fields }),
  };
}
