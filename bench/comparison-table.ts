import type { Comparison } from '../lib/simulate/compare/comparison.ts';
import { figuresOf } from '../lib/simulate/compare/pairs.ts';
import { figure } from '../lib/simulate/compare/plot.ts';
import { countPairs, tallyOf } from '../lib/simulate/compare/tally.ts';

/**
 * The comparison as a Markdown table: a row for each scaler, a column for each trace. A cell holds violation minutes, late share,
 * task-hours ÷ the clairvoyant's (where it did not run, the task-hours), and the verdict where it is not "won". Under it what the pairs come to.
 */
export function comparisonTable({ runs, pairs }: Comparison): string {
  const traces = [...new Set(runs.map(({ trace }) => trace))];
  const all = [...new Set(runs.map(({ scaler }) => scaler))];
  const scalers = all.filter((scaler) => scaler !== 'clairvoyant');
  const hasClairvoyant = all.length > scalers.length;
  const of = (trace: string, scaler: string) => figuresOf(runs.filter((run) => run.trace === trace && run.scaler === scaler));
  const cell = (trace: string, scaler: string) => {
    const { violationMinutes, lateShare, taskHours } = of(trace, scaler);
    const pair = pairs.find((candidate) => candidate.trace === trace && candidate.peer === scaler);
    const verdict = pair === undefined || pair.verdict === 'won' ? '' : pair.verdict === 'lost' ? ' **lost**' : ' tied';
    const cost = hasClairvoyant ? figure(taskHours / of(trace, 'clairvoyant').taskHours) : `${figure(taskHours)} h`;
    return `${figure(violationMinutes)} / ${figure(100 * lateShare)} % / ${cost}${verdict}`;
  };
  const verdicts = (scaler: string) => {
    const own = pairs.filter(({ peer }) => peer === scaler);
    const { won, tied, lost } = countPairs(own);
    return own.length === 0 ? '' : `${won} / ${tied} / ${lost}`;
  };
  const rows = scalers.map((scaler) => {
    const name = scaler === 'sluice' ? '**sluice**' : scaler;
    return `| ${name} | ${traces.map((trace) => cell(trace, scaler)).join(' | ')} | ${verdicts(scaler)} |`;
  });
  const head = [`| | ${traces.join(' | ')} | won / tied / lost |`, `|---|${traces.map(() => '---|').join('')}---|`];
  if (!hasClairvoyant) return [...head, ...rows].join('\n');
  const { won, lost, tied, dominated, lateShare = 0, cost = 0 } = tallyOf({ runs, pairs });
  const sum = `${won} of ${pairs.length} pairs won, ${tied} tied, ${lost} lost; in ${dominated} the peer has fewer of both. Sluice, mean over the workloads: ${figure(100 * lateShare)} % late at ${figure(cost)} × the clairvoyant's task-hours.`;
  return [...head, ...rows, '', sum].join('\n');
}
