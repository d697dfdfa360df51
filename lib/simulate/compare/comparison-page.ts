import type { SimulationReport } from '../simulation-report.ts';
import type { Comparison } from './comparison.ts';
import { courseAxes, courseCharts } from './course-chart.ts';
import { PAGE_STYLE } from './page-style.ts';
import { figuresOf, type Pair } from './pairs.ts';
import { type ParetoPoint, paretoPicture } from './pareto-picture.ts';
import { duration, escaped, figure } from './plot.ts';
import { type Tally, tallyOf } from './tally.ts';

interface Row {
  readonly number: number;
  readonly scaler: string;
  readonly kind: ParetoPoint['kind'];
  readonly pair: Pair | undefined;
  readonly runs: readonly SimulationReport[];
  readonly violationMinutes: number;
  readonly lateShare: number;
  readonly taskHours: number;
  readonly cost: number | undefined;
}

/** The comparison as one HTML file that needs nothing else: no script, no font, no picture from anywhere. */
export function comparisonPage(comparison: Comparison, about: (scaler: string) => string): string {
  const traces = [...new Set(comparison.runs.map(({ trace }) => trace))];
  const links = traces.map((trace, i) => `<a href="#trace-${i}">${escaped(trace)}</a>`).join(' ');
  const sections = traces.map((trace, i) => section(comparison, trace, i, about)).join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Sluice beside its peers</title><style>${PAGE_STYLE}</style></head><body><main>
<h1>Sluice beside its peers</h1>
<p class="soft">${escaped(introduction(comparison))}</p>
${tallyBoxes(tallyOf(comparison))}
<nav>${links}</nav>
${sections}
</main></body></html>
`;
}

function introduction({ runs, tuning }: Comparison): string {
  const seeds = new Set(runs.map(({ seed }) => seed)).size;
  const figures = seeds === 1 ? 'Figures of one seed' : `Means over ${seeds} seeds, the same for every scaler`;
  const league =
    tuning === undefined
      ? 'Every scaler runs with the defaults of its documents; only its target follows from the SLO.'
      : `Every scaler was tuned with ${tuning.trials} trials on ${tuning.train.join(', ')} and is judged on the others. Objective: ${tuning.objective}`;
  return `${figures}. ${league} A violation minute is one whose p95 queue time is over the SLO; the SLO is met where at most 1 % are late. The clairvoyant knows the future: what it takes is the least that can do.`;
}

function tallyBoxes({ pairs, won, lost, tied, dominated, lateShare, cost }: Tally): string {
  const share = (count: number) => (pairs > 0 ? ` <span class="soft">${Math.round((100 * count) / pairs)} %</span>` : '');
  const boxes = [
    pairs > 0 && `<div><b class="won">${won}${share(won)}</b>of ${pairs} pairs won</div>`,
    pairs > 0 && `<div><b class="lost">${lost}${share(lost)}</b>lost</div>`,
    pairs > 0 && `<div><b class="tied">${tied}${share(tied)}</b>tied</div>`,
    pairs > 0 && `<div><b>${dominated}</b>with fewer of both</div>`,
    lateShare !== undefined && `<div><b>${figure(100 * lateShare)} %</b>late, mean over traces</div>`,
    cost !== undefined && `<div><b>${figure(cost)} ×</b>the clairvoyant's task-hours</div>`,
  ];
  return `<div class="tally">${boxes.filter((box) => box !== false).join('')}</div>`;
}

function section(comparison: Comparison, trace: string, index: number, about: (scaler: string) => string): string {
  const rows = rowsOf(comparison, trace);
  const { parameters } = rows[0]?.runs[0] ?? {};
  if (parameters === undefined) return '';
  const points = rows.flatMap(({ cost, scaler, ...row }): ParetoPoint[] => (cost === undefined ? [] : [{ ...row, name: scaler, cost }]));
  const setting = `${parameters.kind}, SLO ${duration(parameters.sloMs)}, service time ${duration(parameters.serviceTimeMs)}, ${parameters.concurrency} at once per task, start-up ${duration(parameters.startUpMs)}, ${parameters.min} to ${parameters.max} tasks, load × ${figure(parameters.scale)}`;
  const courses = comparison.courses.filter((course) => course.trace === trace);
  const axes = courseAxes(
    courses.map(({ series }) => series),
    parameters.sloMs,
    parameters.kind,
  );
  const charts = rows.flatMap((row) => {
    const course = courses.find(({ scaler }) => scaler === row.scaler);
    if (course === undefined) return [];
    const head = `<b>${row.number}. ${escaped(row.scaler)}</b><span class="soft">${figure(row.violationMinutes)} violation minutes, ${figure(row.taskHours)} task-hours${row.pair ? `, <span class="${row.pair.verdict}">${row.pair.verdict}</span>` : ''} · ${escaped(about(row.scaler))}</span>`;
    const open = row.scaler === 'sluice' ? ' open' : '';
    return `<details${open}><summary>${head}</summary><div class="course">${courseCharts(course.series, axes)}</div></details>`;
  });
  return `<h2 id="trace-${index}">${escaped(trace)}</h2><p class="soft">${escaped(setting)}</p>
${points.length > 0 ? `${paretoPicture(points)}<p class="soft">Blue is Sluice. Green, yellow, red: a peer over which Sluice won, tied or lost. Hollow: references and variants. The lower left is better; dashed are the clairvoyant's task-hours and 1.3 times that.</p>` : ''}
${table(rows)}
${charts.join('\n')}`;
}

function rowsOf({ runs, pairs }: Comparison, trace: string): Row[] {
  const here = runs.filter((run) => run.trace === trace);
  const scalers = [...new Set(here.map(({ scaler }) => scaler))];
  const of = (scaler: string) => here.filter((run) => run.scaler === scaler);
  const ideal = scalers.includes('clairvoyant') ? figuresOf(of('clairvoyant')).taskHours : undefined;
  const rows = scalers.map((scaler) => {
    const figures = figuresOf(of(scaler));
    const pair = pairs.find((candidate) => candidate.trace === trace && candidate.peer === scaler);
    const kind = kindOf(scaler, pair);
    return { scaler, kind, pair, runs: of(scaler), ...figures, cost: ideal === undefined ? undefined : figures.taskHours / ideal };
  });
  return rows.map((row, i) => ({ ...row, number: i + 1 }));
}

function kindOf(scaler: string, pair: Pair | undefined): Row['kind'] {
  if (scaler === 'sluice') return 'sluice';
  if (scaler.startsWith('sluice-')) return 'variant';
  return pair?.verdict ?? 'reference';
}

function table(rows: readonly Row[]): string {
  const mean = (row: Row, of: (run: SimulationReport) => number) => row.runs.reduce((sum, run) => sum + of(run), 0) / row.runs.length;
  const body = rows.map((row) => {
    const { scaler, number, kind, pair, violationMinutes, lateShare, taskHours, cost } = row;
    const verdict = pair ? `<span class="${pair.verdict}">${pair.verdict}</span>${pair.dominated ? ', dominated' : ''}` : '';
    const cells = [
      String(number),
      escaped(scaler),
      figure(violationMinutes),
      `${figure(100 * lateShare)} %`,
      duration(mean(row, ({ queueTimeMs }) => queueTimeMs.p95)),
      figure(taskHours),
      cost === undefined ? '' : `${figure(cost)}×`,
      figure(mean(row, ({ actions }) => actions)),
      figure(mean(row, ({ reversals }) => reversals)),
    ];
    const [place, name, ...figures] = cells.map((cell) => `<td>${cell}</td>`);
    return `<tr class="${kind}">${place}${name}<td class="verdict">${verdict}</td>${figures.join('')}<td class="why">${escaped(pair?.why ?? '')}</td></tr>`;
  });
  const heads = ['violation<br>minutes', 'late', 'p95', 'task-<br>hours', '÷ clair-<br>voyant', 'actions', 'reversals'];
  return `<div class="scroll"><table><thead><tr><th></th><th>scaler</th><th class="verdict">Sluice<br>against it</th>${heads.map((head) => `<th>${head}</th>`).join('')}<th class="why">why</th></tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}
