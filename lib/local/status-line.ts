import type { ServiceStatus } from './output.ts';

const WIDEST_BAR = 24;

/** Running tasks filled, those that are to start shaded, free room up to the maximum dotted. */
export function taskBar(running: number, desired: number, max: number): string {
  const cells = Math.max(1, Math.min(max, WIDEST_BAR));
  const cell = (count: number) => Math.min(cells, Math.ceil((count * cells) / Math.max(1, max)));
  const full = cell(running);
  const coming = Math.max(0, cell(desired) - full);
  return `${'█'.repeat(full)}${'▒'.repeat(coming)}${'·'.repeat(Math.max(0, cells - full - coming))}`;
}

/** Milliseconds for people: "45 ms", "3.2 s", "12 min". */
export function spokenMs(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`;
  return ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
}

function spoken(value: number, unit: 'ms' | 'share' | 'count'): string {
  if (unit === 'ms') return spokenMs(value);
  return unit === 'share' ? `${Math.round(value * 100)} %` : String(Math.round(value * 10) / 10);
}

const count = (value: number | null) => (value === null ? '?' : String(value));

/** One service in one line: tasks within their bounds, and each target's reading against its objective. */
export function statusLine(name: string, status: ServiceStatus): string {
  const { running, pending, desired, min, max } = status;
  const bar = taskBar(running ?? 0, desired ?? 0, max);
  const tasks = `${count(running)} running${pending ? `, ${pending} starting` : ''} of ${count(desired)} wanted (${min}..${max})`;
  const targets = status.targets.map(({ label, reading, objective, unit }) =>
    reading.kind === 'known' ? `${label} ${spoken(reading.value, unit)} (target ${objective})` : `${label} not known yet`,
  );
  return `${name} ${bar}  ${[tasks, ...targets].join('  ')}`;
}
