import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CompareOptions, runCompare } from '../../../../lib/simulate/compare/run-compare.ts';
import type { TraceSource } from '../../../../lib/simulate/compare/run-order.ts';

let folder: string;
let sources: TraceSource[];

/** Twenty minutes at one minute with a step in the middle: enough for every scaler to act. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-compare-'));
  sources = ['low', 'high', 'third'].map((name, i) => {
    const path = join(folder, `${name}.csv`);
    const rows = Array.from({ length: 20 }, (_, minute) => `${minute * 60},${minute < 8 ? 20 : 40 + 20 * i}`);
    writeFileSync(path, `t_seconds,rate_rps\n${rows.join('\n')}\n`);
    return { from: 'file', path, name };
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = (over: Partial<CompareOptions>): CompareOptions => ({
  traces: sources.slice(0, 2),
  model: { scale: 'auto', serviceMs: 200, serviceCv: 1, startUpMs: 23_000, faults: [] },
  scalers: ['sluice', 'keda-hpa', 'static-peak', 'sluice-no-panic'],
  seeds: 2,
  league: 'defaults',
  trials: 3,
  threads: 1,
  withCourses: false,
  ...over,
});

describe('a comparison', () => {
  test('has a run for each trace, scaler and seed, and a pair for each trace and peer', async () => {
    const done: number[] = [];
    const { runs, pairs, courses } = await runCompare(options({ onDone: (count) => done.push(count) }));
    expect(runs.map(({ trace, scaler, seed }) => `${trace} ${scaler} ${seed}`)).toEqual(
      ['low', 'high'].flatMap((trace) =>
        ['sluice', 'keda-hpa', 'static-peak', 'sluice-no-panic'].flatMap((scaler) => [1, 2].map((seed) => `${trace} ${scaler} ${seed}`)),
      ),
    );
    expect(pairs.map(({ trace, peer }) => `${trace} ${peer}`)).toEqual(['low keda-hpa', 'high keda-hpa']);
    expect(courses).toEqual([]);
    // The clairvoyant runs for the verdicts, and is not shown where nobody asked for it.
    expect(done.at(-1)).toBe(20);
  });

  test('is the same again', async () => {
    const once = await runCompare(options({ scalers: ['sluice', 'knative'], seeds: 1 }));
    expect(await runCompare(options({ scalers: ['sluice', 'knative'], seeds: 1 }))).toEqual(once);
  });

  test('gives every scaler the same arrivals under one seed, and others under another', async () => {
    const { courses } = await runCompare(options({ scalers: ['sluice', 'nomad'], withCourses: true }));
    const rates = (scaler: string) => courses.find((course) => course.scaler === scaler && course.trace === 'low')?.series.rate;
    expect(rates('sluice')).toEqual(rates('nomad'));
    expect(courses).toHaveLength(4);
  });

  test('forms no pairs without Sluice, and none of references and variants', async () => {
    expect((await runCompare(options({ scalers: ['keda-hpa', 'clairvoyant'], seeds: 1 }))).pairs).toEqual([]);
    expect((await runCompare(options({ scalers: ['sluice', 'static-mean', 'sluice-no-delay'], seeds: 1 }))).pairs).toEqual([]);
  });
});

describe('the tuned league', () => {
  test('tunes on every other trace with equal budgets and is judged on the rest', async () => {
    const totals: number[] = [];
    const { runs, pairs, tuning } = await runCompare(
      options({
        traces: sources,
        league: 'tuned',
        scalers: ['sluice', 'nomad', 'static-mean'],
        seeds: 1,
        onDone: (_, total) => totals.push(total),
      }),
    );
    expect(tuning).toMatchObject({ train: ['low', 'third'], test: ['high'], trials: 3 });
    expect(tuning?.chosen.map(({ scaler }) => scaler)).toEqual(['sluice', 'nomad']);
    expect(new Set(runs.map(({ trace }) => trace))).toEqual(new Set(['high']));
    expect(pairs).toHaveLength(1);
    // Two traces × (the clairvoyant and two scalers of three trials), then one trace × (three scalers and the clairvoyant).
    expect([totals[0], totals.at(-1)]).toEqual([14, 4]);
  });

  test('never chooses worse than the defaults on the traces that it was tuned on', async () => {
    const { tuning } = await runCompare(options({ traces: sources, league: 'tuned', scalers: ['nomad'], seeds: 1, trials: 1 }));
    const { tuning: more } = await runCompare(options({ traces: sources, league: 'tuned', scalers: ['nomad'], seeds: 1, trials: 4 }));
    expect(tuning?.chosen[0]?.factors).toEqual({});
    expect(more?.chosen[0]?.objective).toBeLessThanOrEqual(tuning?.chosen[0]?.objective ?? 0);
  });
});
