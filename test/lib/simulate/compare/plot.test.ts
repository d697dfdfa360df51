import { describe, expect, test } from 'vitest';
import {
  areaPath,
  downSample,
  duration,
  figure,
  linear,
  linePath,
  logarithmic,
  roundTicks,
} from '../../../../lib/simulate/compare/plot.ts';

describe('plotting', () => {
  test('keeps peaks where the largest counts, and means where the mean does', () => {
    expect(downSample([1, 9, 3, 5], 2, 'max')).toEqual([9, 5]);
    expect(downSample([1, 9, 3, 5], 2, 'mean')).toEqual([5, 4]);
    expect(downSample([null, null, 3, null], 2, 'max')).toEqual([null, 3]);
    expect(downSample([1, 2], 5, 'max')).toEqual([1, 2]);
  });

  test('draws relative steps, a gap where nothing is known, and a dot for a value alone', () => {
    expect(linePath([0, 1, 0.5], linear(0, 1), 100)).toBe('M0 100l1 -100 1 50');
    expect(linePath([1, null, 0, 1], linear(0, 1), 100)).toBe('M0 0h0M2 100l1 -100');
    expect(linePath([null, 0.5], linear(0, 1), 100)).toBe('M1 50h0');
    expect(areaPath([0, 1], linear(0, 1), 100)).toBe('M0 100l1 -100V100H0Z');
  });

  test('keeps values within the axis', () => {
    expect(linear(0, 10)(20)).toBe(1);
    expect(logarithmic(1, 100)(10)).toBeCloseTo(0.5);
    expect(logarithmic(1, 100)(0)).toBe(0);
  });

  test.each([
    [100, 4, [0, 50, 100]],
    [7, 3, [0, 5]],
    [0, 3, [0]],
  ])('ticks up to %d in about %d steps are %j', (high, count, ticks) => expect(roundTicks(high, count)).toEqual(ticks));

  test('says figures and times as people do', () => {
    expect([figure(12_345.6), figure(0.012345), figure(3)]).toEqual(['12,346', '0.0123', '3']);
    expect([duration(5), duration(1_500), duration(300_000), duration(9_000_000)]).toEqual(['5 ms', '1.5 s', '5 min', '2.5 h']);
  });
});
