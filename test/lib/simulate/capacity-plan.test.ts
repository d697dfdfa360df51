import { describe, expect, test } from 'vitest';
import { planCapacity } from '../../../lib/simulate/capacity-plan.ts';
import { randomStream } from '../../../lib/simulate/random-stream.ts';

const cost = (late: number[]) => ({ first: 0, late: Float64Array.from(late) });

describe('a capacity plan', () => {
  test('costs no more than any other, tried one by one', () => {
    const random = randomStream(1, 'plan');
    const steps = Array.from({ length: 6 }, () => {
      const peak = random.uniform() * 4;
      return cost([0, 1, 2, 3].map((count) => Math.max(0, peak - count) * 10));
    });
    const [stepSeconds, worth, startCost] = [60, 4, 30];
    const total = (plan: readonly number[]) =>
      plan.reduce((sum, count, i) => {
        const started = i === 0 ? 0 : Math.max(0, count - (plan[i - 1] as number));
        return sum + count * stepSeconds + started * startCost + worth * (steps[i]?.late[count] ?? 0);
      }, 0);
    const all = Array.from({ length: 4 ** 6 }, (_, n) => Array.from({ length: 6 }, (_, i) => Math.floor(n / 4 ** i) % 4));
    const least = Math.min(...all.map(total));
    const plan = planCapacity({ steps, min: 0, max: 3, stepSeconds, worth, startCost });
    expect(total([...plan])).toBeCloseTo(least, 9);
  });

  test('keeps a task over a short lull, since starting one costs as well', () => {
    const busy = cost([1_000, 0]);
    const quiet = cost([0, 0]);
    const plan = (lull: number) => [
      ...planCapacity({
        steps: [busy, ...Array.from({ length: lull }, () => quiet), busy],
        min: 0,
        max: 1,
        stepSeconds: 10,
        worth: 1,
        startCost: 25,
      }),
    ];
    expect(plan(2)).toEqual([1, 1, 1, 1]);
    expect(plan(3)).toEqual([1, 0, 0, 0, 1]);
  });

  test('stays within the bounds', () => {
    const plan = planCapacity({ steps: [cost([9, 8, 7]), cost([])], min: 1, max: 2, stepSeconds: 10, worth: 1_000, startCost: 0 });
    expect([...plan]).toEqual([2, 1]);
  });
});
