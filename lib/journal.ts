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
  outcome(about: ServiceName, outcome: OutcomeRecord): void;
  problem(about: ServiceName, problem: Problem): void;
  /** Trouble of our own that harms no decision now; `fields` never hold secrets. */
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

export type LogSink = (line: string) => void;

/** One JSON object a line, as CloudWatch Logs Insights reads it. */
export function jsonJournal(write: LogSink, now: () => number): Journal {
  const line = (level: string, type: string, fields: object) =>
    write(JSON.stringify({ level, at: new Date(now()).toISOString(), type, ...fields }));
  return {
    decision: (about, decision) => line('info', 'decision', { ...about, ...decision }),
    outcome: (about, outcome) =>
      line(outcome.outcome === 'failed' || outcome.outcome === 'refused' ? 'warn' : 'info', 'outcome', { ...about, ...outcome }),
    problem: (about, problem) => line('warn', 'problem', { ...about, ...problem }),
    warn: (message, fields) => line('warn', 'warning', { message, ...fields }),
  };
}
