import type { Journal } from '../journal.ts';

/** Tells each of them everything. */
export const allJournals = (journals: readonly Journal[]): Journal => ({
  decision: (...told) => journals.forEach((journal) => void journal.decision(...told)),
  outcome: (...told) => journals.forEach((journal) => void journal.outcome(...told)),
  problem: (...told) => journals.forEach((journal) => void journal.problem(...told)),
  warn: (...told) => journals.forEach((journal) => void journal.warn(...told)),
  received: (...told) => journals.forEach((journal) => void journal.received?.(...told)),
  evaluated: () => journals.forEach((journal) => void journal.evaluated?.()),
});
