import { describe, expect, it } from 'vitest';
import { drawChart } from '../../../lib/cli/chart/draw-chart.ts';
import type { Chart } from '../../../lib/cli/operate-answers.ts';

const T0 = Date.UTC(2026, 0, 1, 12);
const minute = 60_000;
const target = { target: 'request-queue-time p95', unit: 'ms' as const, objective: 50, low: 10, perTask: false };
const point = (at: number, value: number | null, running = 4, desired = running) => ({
  at,
  desired,
  running,
  floor: 2,
  cap: 20,
  values: [value],
});
const chart = (points: Chart['points'], targets: Chart['targets'] = [target]): Chart => ({
  customer: 'acme',
  service: 'web',
  min: 2,
  max: 20,
  targets,
  points,
});
const drawn = (of: Chart, marks: Parameters<typeof drawChart>[1] = []) =>
  drawChart(of, marks, { from: T0, to: T0 + 60 * minute, width: 70, target: 0 }).split('\n');

describe('the picture of a service', () => {
  it('has readings against the target, tasks between the bounds, marks and the time of day', () => {
    const points = Array.from({ length: 60 }, (_, i) => point(T0 + i * minute, i < 30 ? 20 : 200, i < 30 ? 4 : 8));
    const lines = drawn(chart(points), [
      { at: T0 + 30 * minute, kind: 'out' },
      { at: T0 + 50 * minute, kind: 'in' },
      { at: T0 + 50 * minute, kind: 'trouble' },
    ]);
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "request-queue-time p95, target 50 ms (─), last 200 ms
        200 ms │                              ██████████████████████████████
               │                              ██████████████████████████████
               │                              ██████████████████████████████
               │                              ██████████████████████████████
         50 ms │──────────────────────────────██████████████████████████████
             0 │▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅██████████████████████████████

      tasks, 2 to 20 (╌), 8 running, 8 wanted (+)
            20 │╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌
               │
               │
               │                              ▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃
               │▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂██████████████████████████████
             0 │████████████████████████████████████████████████████████████
               │                              ▲                   ✗
           UTC  12:00       12:15          12:30          12:45        13:00"
    `);
  });

  it('is never wider than asked, and has no trailing blanks', () => {
    const lines = drawn(chart(Array.from({ length: 60 }, (_, i) => point(T0 + i * minute, i))));
    for (const line of lines) {
      expect([...line].length).toBeLessThanOrEqual(70 + 1);
      expect(line).toBe(line.trimEnd());
    }
  });

  it('leaves blank what nobody saw: unknown is never zero, and old is not now', () => {
    const lines = drawn(chart([point(T0, 40), point(T0 + minute, null)]));
    const readings = lines.slice(1, 7).map((line) => line.slice(10 + 8));
    expect(readings.join('').replaceAll('─', '').trim()).toBe('');
    expect(lines[0]).toContain('last 40 ms');
    // Counts hold for some minutes, then they are not drawn either.
    expect(
      lines
        .slice(9, 14)
        .map((line) => line.slice(10 + 20))
        .join('')
        .trim(),
    ).toBe('');
  });

  it('of work per task names what is wanted instead of drawing a line, and of nothing at all says so', () => {
    const perTask = { target: 'job-depth imports', unit: 'count' as const, objective: 20, low: null, perTask: true };
    const lines = drawn(chart([point(T0, 400)], [perTask]));
    expect(lines[0]).toBe('job-depth imports, 20 a task wanted, last 400');
    expect(lines.join('')).not.toContain('─');
    expect(drawn(chart([])).join('\n')).toContain('not known yet');
  });

  it('shows tasks that are wanted and do not run yet', () => {
    const lines = drawn(chart(Array.from({ length: 60 }, (_, i) => point(T0 + i * minute, 20, 4, 16))));
    expect(lines.join('\n')).toMatch(/\+{20}/);
    expect(lines.join('\n')).toContain('4 running, 16 wanted');
  });
});
