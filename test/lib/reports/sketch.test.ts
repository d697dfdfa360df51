import { describe, expect, it } from 'vitest';
import { EMPTY_SKETCH, quantileOf, type Sketch, SketchSum } from '../../../lib/reports/sketch.ts';
import fc from '../../builders/fast-check.ts';

const sketchOf = (values: readonly number[]): Sketch => {
  const sum = new SketchSum();
  for (const value of values) sum.add(value);
  return sum.toSketch();
};
const merged = (...sketches: readonly Sketch[]): Sketch => {
  const sum = new SketchSum();
  for (const sketch of sketches) sum.addSketch(sketch);
  return sum.toSketch();
};
/** Nearest rank, by the definition. */
const exact = (values: readonly number[], q: number) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length - 1e-9)) - 1] as number;
};

const ms = fc.oneof(
  fc.nat(600_000),
  fc.nat(300),
  fc.double({ min: 0, max: 600_000, noNaN: true }),
  fc.double({ min: 0, max: 5, noNaN: true }),
);
const samples = fc.array(ms, { maxLength: 200 });
const share = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0.5, 0.9, 0.95, 0.99, 0.999, 1));

describe('a sketch', () => {
  it('answers any quantile within 2 % of the exact one, or the 5 µs that a maximum is rounded by', () => {
    fc.assert(
      fc.property(fc.array(ms, { minLength: 1, maxLength: 300 }), share, (values, q) => {
        const truth = exact(values, q);
        const answer = quantileOf(sketchOf(values), q) as number;
        expect(Math.abs(answer - truth)).toBeLessThanOrEqual(truth < 0.01 ? 0.01 : Math.max(0.005, 0.02 * truth) * (1 + 1e-8));
      }),
      { numRuns: 1_000 },
    );
  });

  it('answers every whole millisecond up to ten minutes within 2 %', () => {
    let worst = 0;
    for (let value = 1; value <= 600_000; value += value < 10_000 ? 1 : 97) {
      const sum = new SketchSum();
      sum.add(value);
      // A second, larger sample keeps the maximum from standing in for the answer.
      sum.add(value * 2);
      worst = Math.max(worst, Math.abs((sum.quantile(0.5) as number) / value - 1));
    }
    expect(worst).toBeGreaterThan(0.015);
    expect(worst).toBeLessThanOrEqual(0.02);
  });

  it('merges in any order and grouping to the same', () => {
    fc.assert(
      fc.property(samples, samples, samples, (a, b, c) => {
        const [x, y, z] = [sketchOf(a), sketchOf(b), sketchOf(c)];
        const whole = merged(x, y, z);
        expect(merged(merged(x, y), z)).toEqual(whole);
        expect(merged(x, merged(y, z))).toEqual(whole);
        expect(merged(z, y, x)).toEqual(whole);
      }),
    );
  });

  it('merged from parts is the sketch of the whole', () => {
    fc.assert(fc.property(samples, samples, (a, b) => void expect(merged(sketchOf(a), sketchOf(b))).toEqual(sketchOf([...a, ...b]))));
  });

  it('keeps count, sum and maximum', () => {
    expect(sketchOf([0, 0, 1.25, 10, 700])).toMatchObject({ count: 5, zero: 2, sum: 711.25, max: 700 });
  });

  it('never answers more than the largest sample', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(600_000), { minLength: 1, maxLength: 20 }),
        share,
        (values, q) => void expect(quantileOf(sketchOf(values), q)).toBeLessThanOrEqual(Math.max(...values)),
      ),
    );
  });

  it('takes 999 of 1,000 for p99.9, not all', () => {
    const values = Array.from({ length: 1_000 }, (_, i) => (i === 999 ? 5_000 : 100));
    expect(quantileOf(sketchOf(values), 0.999)).toBeLessThan(103);
  });

  it('without samples has no quantile', () => {
    expect(quantileOf(EMPTY_SKETCH, 0.95)).toBeUndefined();
    expect(sketchOf([])).toEqual(EMPTY_SKETCH);
  });
});
