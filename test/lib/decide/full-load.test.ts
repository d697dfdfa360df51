import { describe, expect, it } from 'vitest';
import { fullLoad } from '../../../lib/decide/wants/full-load.ts';
import { T0 } from '../../builders/times.ts';

const TOP_MS = 200;

/** Slots of ten seconds of requests of 100 ms, each with its requests per second and its queue time. */
const slots = (reports: number, ...points: readonly (readonly [rate: number, valueMs: number])[]) =>
  points.map(([rate, valueMs], i) => ({ at: T0 + i * 10_000, reports, requests: rate * 10, serviceMs: 100, valueMs, samples: rate * 10 }));

/**
 * What `reports` tasks that can do 100 requests a second together tell of 40 a second and, from `began` seconds before the end of the second
 * slot on, of twice what they can do: each task reports once a slot, the last ten seconds, at times spread evenly.
 */
function leap(reports: number, began: number) {
  const at = (slot: number) => {
    let served = 0;
    let last = 0;
    for (let task = 1; task <= reports; task++) {
      const end = slot * 10 + (task * 10) / reports;
      const full = Math.min(10, Math.max(0, end - (20 - began)));
      served += (40 * (10 - full) + 100 * full) / reports;
      last = Math.max(0, end - (20 - began)) / 2;
    }
    return [served / 10, last * 1_000] as const;
  };
  return slots(reports, at(0), at(1), at(2));
}

describe('what tasks do when all of them have all the work that they can do', () => {
  it.each([2, 4, 6, 9])('is found behind what is told of the time before, where the queue began %d s before the slot', (began) => {
    const full = fullLoad(leap(10, began), TOP_MS) as number;
    const told = fullLoad(leap(10, began).slice(-1), TOP_MS) as number;
    expect(told).toBeLessThanOrEqual(10);
    expect(Math.abs(full - 10)).toBeLessThanOrEqual(0.6);
    expect(Math.abs(full - 10)).toBeLessThanOrEqual(Math.abs(told - 10) + 0.2);
  });

  it('is what a single task tells of itself', () => {
    expect(fullLoad(slots(1, [40, 0], [70, 600], [100, 5_600]), TOP_MS)).toBeCloseTo(10);
  });

  it('is what the slot tells where requests queued before, or where nothing is known of before', () => {
    expect(fullLoad(slots(10, [80, 900], [100, 2_000], [100, 7_000]), TOP_MS)).toBeCloseTo(10);
    expect(fullLoad(slots(10, [90, 600], [95, 5_600]), TOP_MS)).toBeCloseTo(9.5);
    expect(fullLoad([], TOP_MS)).toBeUndefined();
  });
});
