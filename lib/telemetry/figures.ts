import type { Journal } from '../journal.ts';
import type { Meter } from './meter.ts';
import { isProblemCode, TRUST_CODES } from './severity.ts';

/** Counts what happens. docs/operations.md lists the figures; their names are what alarms and dashboards hang on. */
export function figuresJournal(meter: Meter): Journal {
  const problem = (code: string) => {
    meter.count('Problems', 1, { Code: code });
    if (TRUST_CODES.includes(code)) meter.count('TrustBroken', 1);
  };
  return {
    decision: (_, { code }) => meter.count('Decisions', 1, { Code: code }),
    outcome: (_, { outcome, at }, decided) => {
      meter.count('Outcomes', 1, { Outcome: outcome });
      // What time alone set off waited for no report.
      if (outcome === 'applied' && decided?.reportedAt !== undefined) meter.time('ReportToUpdate', Math.max(0, at - decided.reportedAt));
    },
    problem: (_, { code }) => problem(code),
    warn: (_, { code, since }) => {
      // A finding that is mended has a date since when it stood.
      if (isProblemCode(code) && since === undefined) problem(code);
    },
    received: (_, { dropped }) => {
      meter.count('Reports', 1, {}, false);
      for (const [reason, samples] of Object.entries(dropped)) meter.count('DroppedSamples', samples, { Reason: reason }, false);
    },
    evaluated: () => meter.count('Evaluations', 1, {}, false),
  };
}
