import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { comparisonText } from '../lib/cli/comparison-text.ts';
import { comparisonPage } from '../lib/simulate/compare/comparison-page.ts';
import { runCompare } from '../lib/simulate/compare/run-compare.ts';
import type { TraceSource } from '../lib/simulate/compare/run-order.ts';
import { aboutScaler, allScalers, usualScalers } from '../lib/simulate/compare/scalers.ts';
import { readTrace, traceProblems } from '../lib/simulate/read-trace.ts';
import { lookAlikes } from '../lib/simulate/synthetic.ts';
import { comparisonPicture } from './comparison-picture.ts';
import { comparisonTable } from './comparison-table.ts';

const HELP = `Compares Sluice with its peers on made-up workloads, or on recordings.

  npm run bench:policies [-- --trace FILE …] [--seeds N] [--scalers a,b] [--league defaults|tuned] [--trials N]
                         [--service-time-scale X] [--ablations] [--days N] [--json | --markdown] [--html FILE] [--svg FILE]

Without --trace: six made-up workloads in the shapes of those that autoscalers are judged by. Everything else is as in "sluice compare".
--days takes so much of the beginning of each made-up workload. --markdown and --svg write the table and the picture of the README.`;

const { values } = parseArgs({
  options: {
    trace: { type: 'string', multiple: true, default: [] },
    seeds: { type: 'string', default: '1' },
    scalers: { type: 'string' },
    league: { type: 'string', default: 'defaults' },
    trials: { type: 'string', default: '20' },
    'service-time-scale': { type: 'string' },
    ablations: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    html: { type: 'string' },
    days: { type: 'string' },
    markdown: { type: 'boolean', default: false },
    svg: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const problems: string[] = [];
const seeds = whole('--seeds', values.seeds);
const trials = whole('--trials', values.trials);
const scale = values['service-time-scale'] === undefined ? undefined : Number(values['service-time-scale']);
if (scale !== undefined && !(scale > 0)) problems.push('--service-time-scale: a number over 0 is needed');
const days = values.days === undefined ? undefined : whole('--days', values.days);
const { league } = values;
if (league !== 'defaults' && league !== 'tuned') problems.push(`--league: has to be defaults or tuned, not "${league}"`);
const scalers = [
  ...(values.scalers?.split(',') ?? usualScalers),
  ...(values.ablations ? allScalers.filter((id) => id.startsWith('sluice-')) : []),
];
for (const id of scalers) if (!allScalers.includes(id)) problems.push(`--scalers: there is no "${id}"; there are ${allScalers.join(', ')}`);
for (const path of values.trace) problems.push(...traceProblems(path, await readTrace(path)));
if (problems.length > 0 || (league !== 'defaults' && league !== 'tuned')) {
  for (const problem of problems) console.error(problem);
  process.exit(2);
}

const traces: TraceSource[] =
  values.trace.length > 0
    ? values.trace.map((path) => ({ from: 'file', path, name: basename(path).replace(/\.csv$/, '') }))
    : lookAlikes.map((_, index) => ({ from: 'look-alike', index, seed: 1, ...(days === undefined ? {} : { days }) }));

const comparison = await runCompare({
  traces,
  model: {
    scale: 'auto',
    serviceMs: 200,
    serviceCv: 1,
    startUpMs: 23_000,
    faults: [],
    ...(scale === undefined ? {} : { serviceTimeScale: scale }),
  },
  scalers,
  seeds,
  league,
  trials,
  threads: 2,
  withCourses: values.html !== undefined,
  onDone: (done, total, { scaler }) => {
    if (process.stderr.isTTY) process.stderr.write(done === total ? '\r\u001b[K' : `\r\u001b[K${done} of ${total} runs, ${scaler}`);
  },
});

if (values.html !== undefined) writeFileSync(values.html, comparisonPage(comparison, aboutScaler));
if (values.svg !== undefined) writeFileSync(values.svg, comparisonPicture(comparison));
const { runs, pairs, tuning } = comparison;
if (values.json) console.log(JSON.stringify({ runs, pairs, ...(tuning ? { tuning } : {}) }, undefined, 2));
else if (values.markdown) console.log(comparisonTable(comparison));
else console.log(comparisonText(comparison));

function whole(flag: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= 1_000) return count;
  problems.push(`${flag}: a whole number from 1 to 1000 is needed, not "${text}"`);
  return 1;
}
