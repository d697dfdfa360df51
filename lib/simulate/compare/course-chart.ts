import { MARKS, type Series } from '../series.ts';
import { areaPath, downSample, duration, escaped, figure, linear, linePath, logarithmic, roundTicks } from './plot.ts';

/** Points of a line at most; its box has a unit of width for each step between two, and is stretched to the width of the page. */
const POINTS = 480;
const HEIGHT = 300;
/** Length of a mark. */
const MARK = 30;
/** More decisions than that are not told one by one. */
const TOLD = 80;

/** Axes that all charts of a trace share, so that they can be laid beside each other. */
export interface CourseAxes {
  readonly rate: number;
  readonly tasks: number;
  readonly queueMs: number;
  readonly sloMs: number;
  readonly kind: 'requests' | 'jobs';
}

export function courseAxes(courses: readonly Series[], sloMs: number, kind: 'requests' | 'jobs'): CourseAxes {
  const highest = (of: (series: Series) => readonly (number | null)[]) =>
    courses.reduce((most, series) => of(series).reduce<number>((max, value) => Math.max(max, value ?? 0), most), 0);
  // A handful of runs far over all others would flatten the rest: queues stop at a hundred times the SLO, tasks at 1.6 times what is ever needed.
  const queueMs = Math.min(
    highest(({ queueTimeMs }) => queueTimeMs),
    100 * sloMs,
  );
  return {
    rate: highest(({ rate }) => rate),
    tasks: Math.max(
      1,
      Math.min(
        highest(({ running }) => running),
        1.6 * highest(({ demand }) => demand),
      ),
    ),
    queueMs: Math.max(queueMs, 2 * sloMs),
    sloMs,
    kind,
  };
}

/** Traffic, tasks with the decisions as marks, and queue time, one above the other on one time axis. */
export function courseCharts(series: Series, axes: CourseAxes): string {
  return `${trafficChart(series, axes)}${tasksChart(series, axes)}${queueChart(series, axes)}${timeAxis(series)}`;
}

const widthOf = ({ rate }: Series) => Math.max(1, Math.min(POINTS, rate.length) - 1);

function trafficChart(series: Series, axes: CourseAxes): string {
  const path = areaPath(downSample(series.rate, POINTS, 'mean'), linear(0, axes.rate), HEIGHT);
  const unit = axes.kind === 'jobs' ? 'jobs/s' : 'requests/s';
  return chart('traffic', unit, widthOf(series), [{ at: 1, label: figure(axes.rate) }], `<path class="area traffic" d="${path}"/>`);
}

function tasksChart(series: Series, { tasks }: CourseAxes): string {
  const axis = linear(0, tasks);
  const running = areaPath(downSample(series.running, POINTS, 'mean'), axis, HEIGHT);
  const demand = linePath(downSample(series.demand, POINTS, 'mean'), axis, HEIGHT);
  const labels = roundTicks(tasks, 3).map((tick) => ({ at: axis(tick), label: figure(tick) }));
  const plot = `<path class="area tasks" d="${running}"/><path class="line demand" d="${demand}"/>${marks(series)}`;
  const first = series.marks.length < MARKS ? '' : `the first ${figure(MARKS)} `;
  return chart('tasks', `tasks; line: needed; marks: ${first}decisions`, widthOf(series), labels, plot);
}

/** Decisions as strokes, at the top for more tasks, at the bottom for fewer; those of one stretch together. */
function marks(series: Series): string {
  const { marks: all, rate, stepSeconds } = series;
  const width = widthOf(series);
  const seconds = rate.length * stepSeconds;
  const strokes = all.map(({ at, from, to }) => {
    const out = to > from;
    const [top, bottom] = out ? [0, MARK] : [HEIGHT - MARK, HEIGHT];
    return { out, d: `M${Math.round((at / seconds) * width)} ${top}V${bottom}`, told: `${when(at, seconds)}: ${from} → ${to}` };
  });
  if (strokes.length <= TOLD)
    return strokes
      .map(({ out, d, told }) => `<path class="mark ${out ? 'out' : 'in'}" d="${d}"><title>${escaped(told)}</title></path>`)
      .join('');
  const together = (out: boolean) => [...new Set(strokes.filter((stroke) => stroke.out === out).map(({ d }) => d))].join('');
  return `<path class="mark many out" d="${together(true)}"/><path class="mark many in" d="${together(false)}"/>`;
}

function queueChart(series: Series, { sloMs, queueMs }: CourseAxes): string {
  const width = widthOf(series);
  const low = sloMs / 100;
  const axis = logarithmic(low, queueMs);
  const values = downSample(series.queueTimeMs, POINTS, 'max');
  const line = linePath(values, axis, HEIGHT);
  const over = linePath(
    values.map((value) => (value !== null && value > sloMs ? value : null)),
    axis,
    HEIGHT,
  );
  const slo = HEIGHT * (1 - axis(sloMs));
  const labels = [
    { at: axis(sloMs), label: `SLO ${duration(sloMs)}` },
    { at: 1, label: duration(queueMs) },
  ];
  const plot = `<path class="line queue" d="${line}"/><path class="line over" d="${over}"/><path class="line slo" d="M0 ${slo.toFixed(1)}H${width}"/>`;
  return chart('queue', 'p95 queue time, log', width, labels, plot);
}

function chart(kind: string, title: string, width: number, labels: readonly { at: number; label: string }[], plot: string): string {
  const ticks = labels.map(({ at, label }) => `<span style="bottom:${(at * 100).toFixed(1)}%">${escaped(label)}</span>`).join('');
  const grid = labels.map(({ at }) => `<path class="grid" d="M0 ${(HEIGHT * (1 - at)).toFixed(1)}H${width}"/>`).join('');
  return `<div class="chart ${kind}"><b>${escaped(title)}</b><div class="y">${ticks}</div><svg viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escaped(title)}">${grid}${plot}</svg></div>`;
}

const TIME_STEPS = [60, 300, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];

function timeAxis({ rate, stepSeconds }: Series): string {
  const seconds = rate.length * stepSeconds;
  const step = TIME_STEPS.find((candidate) => seconds / candidate <= 6) ?? 2_592_000;
  const labels = Array.from({ length: Math.floor((seconds * 0.97) / step) + 1 }, (_, i) => i * step)
    .map((at) => `<span style="left:${((at / seconds) * 100).toFixed(1)}%">${when(at, seconds)}</span>`)
    .join('');
  return `<div class="x">${labels}</div>`;
}

/** A moment of the trace, as exact as its length makes sense of. */
function when(at: number, seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const clock = `${two((at / 3_600) % 24)}:${two((at / 60) % 60)}`;
  if (seconds <= 172_800) return clock;
  const day = `day ${Math.floor(at / 86_400) + 1}`;
  return at % 86_400 === 0 ? day : `${day}, ${clock}`;
}
