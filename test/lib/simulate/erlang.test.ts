import { describe, expect, test } from 'vitest';
import { erlangC, meanWaitOfWaiting, shareWaitingLonger, tasksNeeded } from '../../../lib/simulate/erlang.ts';

const exponential = { serviceMs: 1_000, cv: 1 };

describe('Erlang C', () => {
  // The closed forms of one and two servers: C(1, a) = a, C(2, a) = a²/(2 + a).
  test.each([
    [1, 0.3, 0.3],
    [1, 0.95, 0.95],
    [2, 1, 1 / 3],
    [2, 1.5, 2.25 / 3.5],
  ])('with %i servers at a load of %f is %f', (servers, load, expected) => {
    expect(erlangC(servers, load)).toBeCloseTo(expected, 12);
  });

  test('everybody waits where the load is not less than the servers', () => {
    expect(erlangC(4, 4)).toBe(1);
    expect(meanWaitOfWaiting(4, 4, exponential)).toBe(Number.POSITIVE_INFINITY);
  });

  test('of M/M/1, the share that waits longer than t is ρ·e^(−(1 − ρ)t/S)', () => {
    expect(shareWaitingLonger(2_000, 1, 0.5, exponential)).toBeCloseTo(0.5 * Math.exp(-1), 12);
  });

  test('of M/D/1 who waits does so half as long as of M/M/1', () => {
    expect(meanWaitOfWaiting(1, 0.5, { serviceMs: 1_000, cv: 0 })).toBe(meanWaitOfWaiting(1, 0.5, exponential) / 2);
  });
});

describe('the demand', () => {
  test('is the least number of tasks that keeps the share', () => {
    for (const load of [0.5, 3, 17, 80]) {
      const tasks = tasksNeeded(load, 4, 200, 0.05, exponential);
      expect(shareWaitingLonger(200, tasks * 4, load, exponential)).toBeLessThanOrEqual(0.05);
      expect(shareWaitingLonger(200, (tasks - 1) * 4, load, exponential)).toBeGreaterThan(0.05);
    }
  });

  test('of no load is no task', () => {
    expect(tasksNeeded(0, 8, 200, 0.05, exponential)).toBe(0);
  });
});
