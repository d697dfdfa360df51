import { describe, expect, it } from 'vitest';
import type { Load } from '../../../../lib/local/example/load-model.ts';
import { arrivalTimes, loadFor, waveShape } from '../../../../lib/local/example/load-model.ts';

function arrivalsUntil(load: Load, endMs: number): number[] {
  const times: number[] = [];
  for (const at of arrivalTimes(load)) {
    if (at >= endMs) return times;
    times.push(at);
  }
  return times;
}
const between = (times: readonly number[], from: number, to: number) => times.filter((at) => at >= from && at < to).length;

describe('the example load', () => {
  const web = loadFor('web', { min: 2, max: 12 }, 1);

  it('is the same for the same seed, and another for another', () => {
    expect(arrivalsUntil(web, 20_000)).toEqual(arrivalsUntil(web, 20_000));
    expect(arrivalsUntil({ ...web, seed: 2 }, 20_000)).not.toEqual(arrivalsUntil(web, 20_000));
  });

  it('comes in waves that repeat: base, rise, peak, fall', () => {
    const shape = waveShape({ periodMs: 100, rise: [10, 20], fall: [50, 60], base: 0.2 });
    expect([0, 15, 30, 55, 70].map(shape)).toEqual([0.2, expect.closeTo(0.6), 1, expect.closeTo(0.6), 0.2]);
    expect(shape(130)).toBe(shape(30));
  });

  it('arrives at the rate that the wave has', () => {
    const times = arrivalsUntil(web, 90_000);
    expect(between(times, 14_000, 26_000) / 12).toBeGreaterThan(web.peakPerSecond * 0.85);
    expect(between(times, 14_000, 26_000) / 12).toBeLessThan(web.peakPerSecond * 1.15);
    expect(between(times, 35_000, 90_000) / 55).toBeLessThan(web.peakPerSecond * web.wave.base * 1.3);
    expect(times.every((at, i) => i === 0 || at > (times[i - 1] ?? 0))).toBe(true);
  });

  it.each([
    ['web', { min: 2, max: 12 }],
    ['web', { min: 1, max: 3 }],
    ['web', { min: 0, max: 40 }],
    ['jobs', { min: 1, max: 10 }],
    ['jobs', { min: 0, max: 100 }],
  ] as const)('for %s with %j: the fewest tasks bear the base, the peak needs more of them but not all', (kind, tasks) => {
    const load = loadFor(kind, tasks, 1);
    const busyTasks = (share: number) => (load.peakPerSecond * share * load.serviceMs) / 1_000 / load.concurrency;
    const least = Math.max(1, tasks.min);
    expect(busyTasks(load.wave.base)).toBeLessThan(least * 0.75);
    expect(busyTasks(1)).toBeGreaterThan(least);
    expect(busyTasks(1)).toBeLessThan(tasks.max);
  });
});
