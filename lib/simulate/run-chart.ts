import { areaPath, downSample, duration, escaped, figure, linear, linePath, logarithmic, roundTicks } from './compare/plot.ts';
import type { Series } from './series.ts';
import type { SimulationReport } from './simulation-report.ts';

const LEFT = 96;
const WIDTH = 900;
const TRAFFIC = { top: 64, height: 90 };
const TASKS = { top: 190, height: 170 };
const QUEUE = { top: 396, height: 150 };
const BOTTOM = QUEUE.top + QUEUE.height;
const POINTS = WIDTH;

/** Legible on light and dark alike: a reader's system chooses, and where it cannot the light one stands. */
const STYLE = `
svg{--paper:#fff;--ink:#1d2329;--soft:#5d6873;--line:#d9dee3;--accent:#0b6bcb;--fill:#9cc7f2;--traffic:#c3ccd4;--bad:#c62f2f;--in:#8a6d00}
@media (prefers-color-scheme:dark){svg{--paper:#14181c;--ink:#e6eaee;--soft:#9aa6b1;--line:#333b43;--accent:#63b0ff;--fill:#2b557f;--traffic:#45505a;--bad:#ff7b72;--in:#d8b23a}}
text{font:12px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--soft)}.title{font-size:15px;font-weight:600;fill:var(--ink)}.end{text-anchor:end}
.paper{fill:var(--paper)}.grid{stroke:var(--line);fill:none}.traffic{fill:var(--traffic)}.running{fill:var(--fill)}
.needed,.queue,.over,.slo,.out,.in{fill:none}.needed{stroke:var(--ink)}.queue{stroke:var(--accent);stroke-width:1.2}.over{stroke:var(--bad);stroke-width:3;stroke-linecap:round}
.slo{stroke:var(--bad);stroke-dasharray:5 4}.out{stroke:var(--accent);stroke-width:1.4}.in{stroke:var(--in);stroke-width:1.4}`;

/** One run as a picture that stands alone: traffic, tasks against the demand with the decisions as marks, queue time against the SLO. */
export function runChart({ report, series }: { readonly report: SimulationReport; readonly series: Series }): string {
  const { parameters, trace, scaler } = report;
  const title = `${scaler} on ${trace}: ${figure(report.violationMinutes)} violation minutes, ${figure(report.taskHours)} task-hours, ${figure(report.lateShare * 100)} % late`;
  const seconds = series.rate.length * series.stepSeconds;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 26} ${BOTTOM + 40}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}</style><rect class="paper" width="100%" height="100%"/><text class="title" x="${LEFT}" y="26">${escaped(title)}</text>`,
    traffic(series, parameters.kind),
    tasks(series, seconds),
    queueTime(series, parameters.sloMs),
    timeAxis(seconds),
    '</svg>\n',
  ].join('\n');
}

interface Place {
  readonly top: number;
  readonly height: number;
}

/** The plot is drawn in its own units and moved into its place; its lines are not drawn thicker for that. */
function panel(
  { top, height }: Place,
  caption: string,
  ticks: readonly { readonly at: number; readonly label: string }[],
  points: number,
  plot: string,
): string {
  const grid = ticks
    .map(({ at, label }) => {
      const y = (top + height * (1 - at)).toFixed(1);
      return `<path class="grid" d="M${LEFT} ${y}h${WIDTH}"/><text class="end" x="${LEFT - 6}" y="${(Number(y) + 4).toFixed(1)}">${escaped(label)}</text>`;
    })
    .join('');
  const scale = WIDTH / Math.max(1, points - 1);
  const kept = plot.replaceAll('<path ', '<path vector-effect="non-scaling-stroke" ');
  return `<text x="${LEFT}" y="${top - 8}">${escaped(caption)}</text>${grid}<g transform="translate(${LEFT} ${top}) scale(${scale.toFixed(5)} 1)">${kept}</g>`;
}

const highest = (values: readonly (number | null)[]) => values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);

function traffic({ rate }: Series, kind: 'requests' | 'jobs'): string {
  const most = highest(rate) || 1;
  const values = downSample(rate, POINTS, 'mean');
  const plot = `<path class="traffic" d="${areaPath(values, linear(0, most), TRAFFIC.height)}"/>`;
  const ticks = [0, most].map((value) => ({ at: value / most, label: figure(value) }));
  return panel(TRAFFIC, `${kind} per second`, ticks, values.length, plot);
}

function tasks(series: Series, seconds: number): string {
  const most = Math.max(1, highest(series.running), highest(series.demand)) * 1.05;
  const axis = linear(0, most);
  const running = downSample(series.running, POINTS, 'mean');
  const demand = downSample(series.demand, POINTS, 'mean');
  const areas = `<path class="running" d="${areaPath(running, axis, TASKS.height)}"/><path class="needed" d="${linePath(demand, axis, TASKS.height)}"/>`;
  const ticks = roundTicks(most, 4).map((value) => ({ at: axis(value), label: figure(value) }));
  const plot = panel(
    TASKS,
    'tasks: area ready, line needed; marks: decisions, above for more, below for fewer',
    ticks,
    running.length,
    areas,
  );
  return plot + marks(series, seconds);
}

function marks(series: Series, seconds: number): string {
  const strokes = (out: boolean) => {
    const places = series.marks.filter(({ from, to }) => to > from === out).map(({ at }) => Math.round(LEFT + (at / seconds) * WIDTH));
    const y = out ? TASKS.top - 4 : TASKS.top + TASKS.height + 3;
    return [...new Set(places)].map((x) => `M${x} ${y}v${out ? 8 : 7}`).join('');
  };
  return `<path class="out" d="${strokes(true)}"/><path class="in" d="${strokes(false)}"/>`;
}

function queueTime({ queueTimeMs }: Series, sloMs: number): string {
  const low = sloMs / 100;
  const high = Math.max(2 * sloMs, highest(queueTimeMs));
  const axis = logarithmic(low, high);
  const values = downSample(queueTimeMs, POINTS, 'max');
  const over = values.map((value) => (value !== null && value > sloMs ? value : null));
  const slo = (QUEUE.height * (1 - axis(sloMs))).toFixed(1);
  const plot = [
    `<path class="queue" d="${linePath(values, axis, QUEUE.height)}"/>`,
    `<path class="over" d="${linePath(over, axis, QUEUE.height)}"/>`,
    `<path class="slo" d="M0 ${slo}H${Math.max(1, values.length - 1)}"/>`,
  ].join('');
  const ticks = [low, sloMs, high].map((value) => ({
    at: axis(value),
    label: value === sloMs ? `SLO ${duration(value)}` : duration(value),
  }));
  return panel(QUEUE, 'p95 queue time, logarithmic', ticks, values.length, plot);
}

const STEPS_S = [60, 300, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000];

function timeAxis(seconds: number): string {
  const step = STEPS_S.find((candidate) => seconds / candidate <= 9) ?? 7_776_000;
  return Array.from({ length: Math.floor((seconds * 0.97) / step) + 1 }, (_, i) => i * step)
    .map((at) => `<text x="${(LEFT + (at / seconds) * WIDTH).toFixed(1)}" y="${BOTTOM + 22}">${when(at, step)}</text>`)
    .join('');
}

function when(at: number, step: number): string {
  if (step >= 86_400) return `day ${Math.floor(at / 86_400) + 1}`;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${two(at / 3_600)}:${two((at / 60) % 60)}`;
}
