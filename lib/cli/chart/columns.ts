import type { Chart } from '../operate-answers.ts';

/** One column of a chart: the worst reading and the last counts of its span. */
export interface Column {
  readonly value: number | null;
  readonly running: number | null;
  readonly desired: number | null;
  readonly floor: number | null;
  readonly cap: number | null;
}

/** A service at rest is looked at every six minutes: what was seen holds for that long. */
const HELD_MS = 7 * 60_000;
const nothing: Column = { value: null, running: null, desired: null, floor: null, cap: null };

/** A reading stands for the minute that its point is kept for, and no longer: unknown is not what was. */
const READ_MS = 75_000;

/** Points in `width` columns from `from` to `to`. What a point says holds until the next, for as long as it may. */
export function inColumns(points: Chart['points'], from: number, to: number, width: number, target: number): Column[] {
  const span = (to - from) / width;
  const columns: Column[] = [];
  let next = points.findIndex(({ at }) => at >= from);
  if (next < 0) next = points.length;
  let held = points[next - 1];
  for (let x = 0; x < width; x++) {
    const end = from + (x + 1) * span;
    const start = end - span;
    const before = held !== undefined && start - held.at <= READ_MS ? (held.values[target] ?? null) : null;
    let value: number | null = null;
    let seen = false;
    for (let point = points[next]; point !== undefined && point.at < end; point = points[++next]) {
      const reading = point.values[target] ?? null;
      seen = true;
      if (reading !== null) value = Math.max(value ?? reading, reading);
      held = point;
    }
    if (!seen) value = before;
    const holds = held !== undefined && start - held.at <= Math.max(HELD_MS, span);
    columns.push(
      held === undefined || !holds
        ? { ...nothing, value }
        : { value, running: held.running, desired: held.desired, floor: held.floor, cap: held.cap },
    );
  }
  return columns;
}
