import { spokenMs } from '../../local/status-line.ts';
import type { Chart } from '../operate-answers.ts';
import { bar, canvas, rowOf } from './cells.ts';
import { type Column, inColumns } from './columns.ts';

/** What was done at some moment, as a mark below the time. */
export interface Mark {
  readonly at: number;
  readonly kind: 'out' | 'in' | 'trouble';
}

export interface DrawOptions {
  readonly from: number;
  readonly to: number;
  /** Characters across, labels included. */
  readonly width: number;
  /** Which of the targets is drawn. */
  readonly target: number;
}

const READING_ROWS = 6;
const TASK_ROWS = 6;
const LABEL = 9;
const SIGNS = { out: '▲', in: '▼', trouble: '✗' } as const;

/**
 * The last hours of a service as text: its reading in bars against its target, the tasks that ran in bars between floor and cap,
 * and a mark for each decision. Columns nobody kept a point for are blank: unknown is never zero.
 */
export function drawChart(chart: Chart, marks: readonly Mark[], options: DrawOptions): string {
  const width = Math.max(20, options.width - LABEL - 1);
  const columns = inColumns(chart.points, options.from, options.to, width, options.target);
  const target = chart.targets[options.target];
  const parts = [
    ...(target === undefined ? [] : readingPanel(target, columns, width)),
    ...taskPanel(chart, columns, width),
    ...markLines(marks, options, width),
    ...timeAxis(options, width),
  ];
  return parts.join('\n');
}

function readingPanel({ target, unit, objective, perTask }: Chart['targets'][number], columns: readonly Column[], width: number): string[] {
  const values = columns.flatMap(({ value }) => (value === null ? [] : [value]));
  // For work per task the objective grows with the tasks, and there is no one line to draw.
  const line = perTask ? undefined : objective;
  const top = Math.max(line === undefined ? 1e-9 : line * 1.25, ...values);
  const on = canvas(width, READING_ROWS);
  const row = line === undefined ? undefined : rowOf(on, line, top);
  if (row !== undefined) for (let x = 0; x < width; x++) on.set(x, row, '─');
  columns.forEach(({ value }, x) => {
    if (value !== null) bar(on, x, value, top);
  });
  const say = (amount: number) => spoken(amount, unit);
  const labels = on.lines().map((_line, i) => {
    const y = READING_ROWS - 1 - i;
    if (y === row) return say(objective);
    return y === READING_ROWS - 1 ? say(top) : y === 0 ? '0' : '';
  });
  const newest = columns.findLast(({ value }) => value !== null)?.value;
  const now = newest === undefined || newest === null ? 'not known yet' : `last ${say(newest)}`;
  return [
    `${target}, ${perTask ? `${say(objective)} a task wanted` : `target ${say(objective)} (─)`}, ${now}`,
    ...labelled(on.lines(), labels),
    '',
  ];
}

function taskPanel({ min, max }: Chart, columns: readonly Column[], width: number): string[] {
  const caps = columns.flatMap(({ cap }) => (cap === null ? [] : [cap]));
  const counts = columns.flatMap(({ running, desired }) => [running ?? 0, desired ?? 0]);
  // A maximum far above what ever ran would press the picture flat: then it is named only.
  const most = Math.max(1, ...counts);
  const highest = Math.max(max, ...caps);
  const top = highest <= most * 4 ? highest : most * 1.5;
  const on = canvas(width, TASK_ROWS);
  columns.forEach(({ floor, cap }, x) => {
    if (cap !== null && cap <= top) on.set(x, rowOf(on, cap, top), '╌');
    if (floor !== null && floor > 0) on.set(x, rowOf(on, floor, top), '╌');
  });
  columns.forEach(({ running, desired }, x) => {
    if (running !== null) bar(on, x, running, top);
    if (desired !== null && desired !== running) on.set(x, rowOf(on, desired, top), '+');
  });
  const labels = on.lines().map((_line, i) => (i === 0 ? String(Math.round(top)) : i === TASK_ROWS - 1 ? '0' : ''));
  const last = columns.findLast(({ running }) => running !== null);
  const now = last === undefined ? 'not known yet' : `${last.running} running, ${last.desired ?? '?'} wanted (+)`;
  return [`tasks, ${min} to ${max} (╌), ${now}`, ...labelled(on.lines(), labels)];
}

function markLines(marks: readonly Mark[], { from, to }: DrawOptions, width: number): string[] {
  const cells = Array.from({ length: width }, () => ' ');
  for (const { at, kind } of marks) {
    const x = Math.floor(((at - from) / (to - from)) * width);
    // Trouble is not painted over.
    if (x >= 0 && x < width && cells[x] !== SIGNS.trouble) cells[x] = SIGNS[kind];
  }
  return labelled([cells.join('')], ['']);
}

function timeAxis({ from, to }: DrawOptions, width: number): string[] {
  const ticks = Math.max(2, Math.min(7, Math.floor(width / 12)));
  const cells = Array.from({ length: width }, () => ' ');
  for (let i = 0; i < ticks; i++) {
    const share = i / (ticks - 1);
    const text = new Date(from + share * (to - from)).toISOString().slice(11, 16);
    const start = Math.min(width - text.length, Math.max(0, Math.round(share * (width - 1) - text.length / 2)));
    [...text].forEach((char, j) => {
      cells[start + j] = char;
    });
  }
  return [`${'UTC'.padStart(LABEL - 1)}  ${cells.join('').trimEnd()}`];
}

const labelled = (lines: readonly string[], labels: readonly string[]) =>
  lines.map((line, i) => `${(labels[i] ?? '').padStart(LABEL - 1)} │${line.trimEnd()}`.trimEnd());

/** A reading for people: "45 ms", "70 %", "12". */
export function spoken(amount: number, unit: 'ms' | 'share' | 'count'): string {
  if (unit === 'ms') return spokenMs(amount);
  return unit === 'share' ? `${Math.round(amount * 100)} %` : String(Number(amount.toPrecision(3)));
}
