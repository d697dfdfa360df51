import { describe, expect, it } from 'vitest';
import { costPerReport, idleHour, queueTimesOf } from '../builders/cost.ts';

/** A fifth more; of what costs a fraction of it, a fifth of what it costs to store a report alone. */
const hardlyMoreThan = (cost: number) => Math.max(1.2 * cost, cost + 0.2);

describe('what a report costs', () => {
  for (const [name, queueTimes] of [
    ['in calm', queueTimesOf.calm],
    ['while a target is breached', queueTimesOf.breach],
  ] as const) {
    it(`${name}, calls and capacity per report do not grow from 1 to 10 to 1,000 reporters`, async () => {
      const one = await costPerReport({ reporters: 1, services: 1, queueTimes });
      const ten = await costPerReport({ reporters: 10, services: 1, queueTimes });
      const thousand = await costPerReport({ reporters: 1_000, services: 1, queueTimes, slots: 3 });
      for (const many of [ten, thousand]) {
        expect(many.calls).toBeLessThanOrEqual(hardlyMoreThan(one.calls));
        expect(many.units).toBeLessThanOrEqual(hardlyMoreThan(one.units));
        expect(many.writeUnits).toBeLessThanOrEqual(hardlyMoreThan(one.writeUnits));
      }
    });

    it(`${name}, a group of 50 services costs no more per report than a group of one with as many reporters`, async () => {
      const one = await costPerReport({ reporters: 50, services: 1, queueTimes });
      const fifty = await costPerReport({ reporters: 50, services: 50, queueTimes });
      expect(fifty.calls).toBeLessThanOrEqual(hardlyMoreThan(one.calls));
      expect(fifty.units).toBeLessThanOrEqual(hardlyMoreThan(one.units));
    });
  }
});

describe('what an idle service costs tick in an hour', () => {
  it('is at most 10 calls and 100 capacity units with ten services to a cluster', async () => {
    const { calls, units } = await idleHour(10, 10);
    expect(calls).toBeLessThanOrEqual(10);
    expect(units).toBeLessThanOrEqual(100);
  });

  it('is at most 100 calls and 100 capacity units with a cluster of its own', async () => {
    const { calls, units } = await idleHour(10, 1);
    expect(calls).toBeLessThanOrEqual(100);
    expect(units).toBeLessThanOrEqual(100);
  });
});
