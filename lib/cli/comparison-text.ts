import type { Comparison } from '../simulate/compare/comparison.ts';
import { figuresOf, SLO_COST } from '../simulate/compare/pairs.ts';
import { duration, figure } from '../simulate/compare/plot.ts';
import { countPairs, tallyOf } from '../simulate/compare/tally.ts';
import { tableText } from './table-text.ts';

/** Peers under load of which their signal sees a tenth; the share of wins is told without them, too. */
const isIoBound = (peer: string) => peer.endsWith('-io');

/** The comparison for a terminal: a table for each trace, then what the pairs come to, losses by name. */
export function comparisonText(comparison: Comparison): string {
  const traces = [...new Set(comparison.runs.map(({ trace }) => trace))];
  return [...traces.map((trace) => traceText(comparison, trace)), summaryText(comparison)].join('\n\n');
}

function traceText({ runs, pairs }: Comparison, trace: string): string {
  const here = runs.filter((run) => run.trace === trace);
  const ideal = here.filter(({ scaler }) => scaler === 'clairvoyant');
  const idealHours = ideal.length > 0 ? figuresOf(ideal).taskHours : undefined;
  const rows = [...new Set(here.map(({ scaler }) => scaler))].map((scaler) => {
    const own = here.filter((run) => run.scaler === scaler);
    const { violationMinutes, lateShare, taskHours } = figuresOf(own);
    const pair = pairs.find((candidate) => candidate.trace === trace && candidate.peer === scaler);
    const mean = (of: (run: (typeof own)[number]) => number) => own.reduce((sum, run) => sum + of(run), 0) / own.length;
    return [
      scaler,
      figure(violationMinutes),
      `${figure(100 * lateShare)} %`,
      duration(mean(({ queueTimeMs }) => queueTimeMs.p95)),
      figure(taskHours),
      idealHours === undefined ? '' : figure(taskHours / idealHours),
      figure(mean(({ actions }) => actions)),
      pair ? `${pair.verdict}${pair.dominated ? ', dominated' : ''}` : '',
    ];
  });
  return `${trace}\n${tableText(['scaler', 'violation min', 'late', 'p95', 'task-hours', '÷ clairvoyant', 'actions', 'sluice'], rows)}`;
}

function summaryText({ runs, pairs, tuning }: Comparison): string {
  const { won, lost, tied, dominated, lateShare, cost } = tallyOf({ runs, pairs });
  const lines: string[] = [];
  if (tuning !== undefined) {
    lines.push(`Tuned on ${tuning.train.join(', ')} with ${tuning.trials} trials each; objective: ${tuning.objective}.`);
    lines.push('');
  }
  if (pairs.length > 0) {
    const percent = (count: number, of: number) => `${Math.round((100 * count) / of)} %`;
    lines.push(
      `Pairs: ${won} of ${pairs.length} won (${percent(won, pairs.length)}), ${lost} lost (${percent(lost, pairs.length)}), ${tied} tied; in ${dominated} the peer has fewer of both.`,
    );
    const others = countPairs(pairs.filter(({ peer }) => !isIoBound(peer)));
    if (others.pairs > 0 && others.pairs < pairs.length)
      lines.push(
        `Without the I/O-bound variants: ${others.won} of ${others.pairs} won (${percent(others.won, others.pairs)}), ${others.lost} lost.`,
      );
    for (const { trace, peer, why } of pairs.filter(({ verdict }) => verdict === 'lost'))
      lines.push(`  lost on ${trace} to ${peer}: ${why}`);
  }
  if (lateShare !== undefined && cost !== undefined)
    lines.push(
      `Sluice, mean over the traces: ${figure(100 * lateShare)} % late at ${figure(cost)} × the clairvoyant's task-hours (wanted: 1 % at ${SLO_COST}).`,
    );
  return lines.join('\n').trimEnd();
}
