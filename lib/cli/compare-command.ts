import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Command } from 'commander';
import { comparisonPage } from '../simulate/compare/comparison-page.ts';
import { runCompare } from '../simulate/compare/run-compare.ts';
import type { TraceSource } from '../simulate/compare/run-order.ts';
import { aboutScaler, allScalers, usualScalers } from '../simulate/compare/scalers.ts';
import { OBJECTIVE } from '../simulate/compare/tune.ts';
import { readTrace, traceProblems } from '../simulate/read-trace.ts';
import { comparisonText } from './comparison-text.ts';
import { actingOn } from './mistakes.ts';
import { FAULTS_HELP, type RawModelOptions, readModelOptions, withModelOptions } from './model-options.ts';
import { countOption, several } from './options.ts';
import { progressBar } from './progress-bar.ts';
import type { Terminal } from './terminal.ts';
import { unwritable } from './unwritable.ts';

interface CompareOptions extends RawModelOptions {
  readonly trace?: readonly string[];
  readonly scalers?: string;
  readonly seeds: number;
  readonly league: string;
  readonly trials: number;
  readonly threads: number;
  readonly json?: boolean;
  readonly html?: string;
}

const HELP = `
A pair is a trace and a peer; references (clairvoyant, static-mean, static-peak) and Sluice's own variants form none.
Published figures take 30 seeds or more; each seed is the same for every scaler.

The tuned league gives every scaler the same number of trials on every other trace, the first included, and compares on the rest.
Its objective: ${OBJECTIVE}.

Scalers:
${allScalers.map((id) => `  ${id.padEnd(24)} ${aboutScaler(id)}`).join('\n')}
${FAULTS_HELP}`;

/** `sluice compare`: Sluice beside its peers on recorded traffic. */
export function compareCommand(terminal: Terminal): Command {
  const command = withModelOptions(
    new Command('compare').description('run Sluice and its peers over recorded traffic, and judge every pair'),
  )
    .option('--trace <file>', 'CSV of the traffic; several times for several', several)
    .option('--scalers <ids>', 'which, with commas (default: sluice, its peers and the references)')
    .option('--seeds <count>', 'so many seeds each', countOption, 1)
    .option('--league <defaults|tuned>', "every scaler with its documents' defaults, or tuned with equal budgets", 'defaults')
    .option('--trials <count>', 'of the tuned league, for each scaler', countOption, 20)
    .option('--threads <count>', 'spread the runs over so many threads', countOption, 2)
    .option('--json', 'one JSON document on stdout, and nothing else')
    .option('--html <file>', 'write a page with the pictures, which opens offline')
    .addHelpText('after', HELP);
  return actingOn(command, prepare, async ({ model, scalers, league, paths }, options: CompareOptions) => {
    const progress = progressBar(
      terminal,
      `comparing ${scalers.length} scalers on ${paths.length} ${paths.length === 1 ? 'trace' : 'traces'}`,
    );
    const comparison = await runCompare({
      traces: named(paths),
      model,
      scalers,
      league,
      seeds: options.seeds,
      trials: options.trials,
      threads: options.threads,
      withCourses: options.html !== undefined,
      onDone: (done, total) => progress(done / total),
    }).finally(() => progress(1));
    if (options.html !== undefined) {
      await writeFile(options.html, comparisonPage(comparison, aboutScaler));
      terminal.stderr.write(`The page is ${options.html}.\n`);
    }
    const { runs, pairs, tuning } = comparison;
    const json = { runs, pairs, ...(tuning ? { tuning } : {}) };
    terminal.stdout.write(`${options.json ? JSON.stringify(json) : comparisonText(comparison)}\n`);
  });
}

/** Reads everything that was given; what is wrong with any of it is told at once. */
async function prepare(options: CompareOptions) {
  const { model, problems } = readModelOptions(options);
  const { scalers, unknown } = readScalers(options.scalers);
  problems.push(...unknown.map((id) => `--scalers: there is no "${id}"; there are ${allScalers.join(', ')}`));
  const { league } = options;
  if (league !== 'defaults' && league !== 'tuned') problems.push(`--league: has to be defaults or tuned, not "${league}"`);
  const paths = [...new Set(options.trace ?? [])];
  if (paths.length === 0) problems.push('--trace: which traffic? A CSV file with t_seconds and rate_rps, count or service_s is needed.');
  if (league === 'tuned' && paths.length === 1)
    problems.push('--league tuned: needs at least two traces, one to train on and one to be judged on');
  // Known before the runs, not after.
  if (options.html !== undefined) problems.push(...(await unwritable('--html', options.html)));
  for (const path of paths) problems.push(...traceProblems(path, await readTrace(path)));
  if (problems.length > 0) return { problems };
  return { problems, ready: { model, scalers, league: league === 'tuned' ? ('tuned' as const) : ('defaults' as const), paths } };
}

function readScalers(text: string | undefined): { readonly scalers: readonly string[]; readonly unknown: string[] } {
  if (text === undefined) return { scalers: usualScalers, unknown: [] };
  const ids = [...new Set(text.split(',').map((id) => id.trim()))].filter((id) => id !== '');
  return { scalers: ids, unknown: ids.length === 0 ? [text] : ids.filter((id) => !allScalers.includes(id)) };
}

/** Traces by the name of their file; by their path where two files have the same. */
function named(paths: readonly string[]): TraceSource[] {
  const short = (path: string) => basename(path).replace(/\.csv$/, '');
  const names = paths.map(short);
  return paths.map((path, i) => {
    const name = names[i] ?? path;
    return { from: 'file', path, name: names.indexOf(name) === names.lastIndexOf(name) ? name : path };
  });
}
