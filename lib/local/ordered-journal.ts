import type { Journal, ServiceName } from '../journal.ts';
import type { OutcomeRecord } from '../stores/records.ts';

/** Decisions remembered: outcomes come within seconds, so that a few are enough. */
const REMEMBERED = 10_000;

/**
 * Tells every decision before its outcome. A decision is told by the function that stored it, its outcome by the one that
 * the stream woke, and the second can be the quicker; an outcome waits here for its decision.
 */
export function orderedJournal(journal: Journal): Journal & { end(): void } {
  const told = new Set<string>();
  const waiting = new Map<string, { about: ServiceName; outcome: OutcomeRecord }[]>();
  return {
    decision: (about, decision) => {
      told.add(decision.id);
      if (told.size > REMEMBERED) for (const oldest of told) if (told.delete(oldest)) break;
      journal.decision(about, decision);
      for (const early of waiting.get(decision.id) ?? []) journal.outcome(early.about, early.outcome);
      waiting.delete(decision.id);
    },
    outcome: (about, outcome) => {
      if (told.has(outcome.decision)) return journal.outcome(about, outcome);
      waiting.set(outcome.decision, [...(waiting.get(outcome.decision) ?? []), { about, outcome }]);
    },
    problem: (about, problem) => journal.problem(about, problem),
    warn: (message, fields) => journal.warn(message, fields),
    end: () => {
      for (const early of [...waiting.values()].flat()) journal.outcome(early.about, early.outcome);
      waiting.clear();
    },
  };
}
