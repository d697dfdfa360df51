import { describe, expect, test } from 'vitest';
import { lookAlikes } from '../../../lib/simulate/synthetic.ts';

const traces = lookAlikes.map((make) => make(1));
const named = (name: string) => {
  const found = traces.find((trace) => trace.name === name);
  if (found === undefined) throw new Error(`there is no look-alike ${name}`);
  return found;
};
const ratesOf = (name: string): number[] => {
  const trace = named(name);
  return trace.kind === 'requests' ? [...trace.rates] : [];
};
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

describe('made-up workloads', () => {
  test('are the same under one seed and others under another', () => {
    for (const [i, make] of lookAlikes.entries()) {
      expect(make(1)).toEqual(traces[i]);
      expect(make(2)).not.toEqual(traces[i]);
    }
  });

  test('hold nothing but finite loads of some work', () => {
    for (const trace of traces) {
      const values = trace.kind === 'requests' ? trace.rates : trace.services;
      expect(values.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
      expect(values.some((value) => value > 0)).toBe(true);
    }
  });

  test('match days have spikes of many times the usual traffic', () => {
    const rates = ratesOf('match-days');
    expect(Math.max(...rates) / median(rates)).toBeGreaterThan(6);
  });

  test('the daily rhythm repeats', () => {
    const rates = ratesOf('daily-rhythm').slice(0, 2 * 1_440);
    const hour = (at: number) => mean(rates.slice(at * 60, at * 60 + 60));
    for (const day of [0, 24]) expect(hour(day + 16)).toBeGreaterThan(2 * hour(day + 4));
  });

  test('square bursts multiply the traffic within two minutes', () => {
    const rates = ratesOf('square-bursts');
    expect(rates.filter((rate, i) => rate > 1.8 * (rates[i - 2] ?? rate)).length).toBeGreaterThan(5);
  });

  test('near Poisson has about the variance of its mean', () => {
    const counts = ratesOf('near-poisson');
    const average = mean(counts);
    const variance = mean(counts.map((count) => (count - average) ** 2));
    expect(variance / average).toBeGreaterThan(0.9);
    expect(variance / average).toBeLessThan(3);
  });

  test('the tiny one is far under a request a second, with spikes', () => {
    const rates = ratesOf('tiny-spiky');
    expect(mean(rates)).toBeLessThan(1);
    expect(Math.max(...rates)).toBeGreaterThan(5 * mean(rates));
  });

  test('grid jobs arrive in order and in clumps, and run for times with a heavy tail', () => {
    const trace = named('grid-jobs');
    if (trace.kind !== 'jobs') throw new Error('these are no jobs');
    const arrivals = [...trace.arrivals];
    expect(arrivals.every((at, i) => at >= (arrivals[i - 1] ?? 0))).toBe(true);
    const gaps = arrivals.slice(1).map((at, i) => at - (arrivals[i] ?? 0));
    const deviation = (values: readonly number[]) => {
      const middle = mean(values);
      return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
    };
    expect(deviation(gaps) / mean(gaps)).toBeGreaterThan(1.3);
    expect(deviation([...trace.services]) / mean([...trace.services])).toBeGreaterThan(1.5);
  });
});
