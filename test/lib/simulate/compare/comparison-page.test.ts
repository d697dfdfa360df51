import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../../../lib/simulate/compare/comparison.ts';
import { comparisonPage } from '../../../../lib/simulate/compare/comparison-page.ts';
import { pairsOf } from '../../../../lib/simulate/compare/pairs.ts';
import type { Series } from '../../../../lib/simulate/series.ts';
import { madeReport } from './made-report.ts';

const series: Series = {
  stepSeconds: 10,
  rate: [10, 20, 30, 20],
  running: [1, 2, 3, 3],
  desired: [1, 3, 3, 3],
  demand: [1, 2, 3, 2],
  queueTimeMs: [0, 900, null, 20],
  marks: [
    { at: 10, from: 1, to: 3, why: 'because' },
    { at: 30, from: 3, to: 2 },
  ],
};
const runs = [
  madeReport({}),
  madeReport({ scaler: 'clairvoyant', taskHours: 900 }),
  madeReport({ scaler: 'keda-hpa', taskHours: 1_500 }),
  madeReport({ scaler: 'nomad', taskHours: 800, violationMinutes: 3 }),
];
const comparison: Comparison = {
  runs,
  pairs: pairsOf(runs, (id) => id === 'keda-hpa' || id === 'nomad'),
  courses: runs.map(({ trace, scaler }) => ({ trace, scaler, series })),
};
const page = comparisonPage(comparison, (id) => `about ${id}`);

describe('the page of a comparison', () => {
  test('needs nothing but itself', () => {
    expect(page).not.toMatch(/https?:|<script|<link|<img|@import|url\(|src=/);
    expect(page).toContain("default-src 'none'");
  });

  test('shows traffic, tasks and queue time of every scaler, decisions as marks, and its figures', () => {
    for (const kind of ['traffic', 'tasks', 'queue']) expect(page.split(`class="chart ${kind}"`)).toHaveLength(1 + runs.length);
    expect(page.split('class="mark out"')).toHaveLength(1 + runs.length);
    expect(page).toContain('00:00: 1 → 3');
    expect(page).toContain('<td>1,500</td><td>1.67×</td>');
  });

  test('shows the verdicts, losses as well', () => {
    expect(page).toContain('<span class="won">won</span>');
    expect(page).toContain('<span class="lost">lost</span>, dominated');
  });

  test('has a dot in the picture for every scaler', () => {
    expect(page.match(/class="dot (sluice|reference|won|lost|tied)"/g)).toEqual([
      'class="dot sluice"',
      'class="dot reference"',
      'class="dot won"',
      'class="dot lost"',
    ]);
  });

  test('escapes what it did not make', () => {
    const evil = '<script>alert("x")</script>';
    const other = comparisonPage({ ...comparison, runs: runs.map((run) => ({ ...run, trace: evil })), pairs: [], courses: [] }, () => '');
    expect(other).not.toContain('<script');
    expect(other).toContain('&lt;script&gt;');
  });

  test('has no figure that is none', () => {
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
    const empty: Series = { ...series, rate: [0], running: [0], desired: [0], demand: [0], queueTimeMs: [null], marks: [] };
    const calm = comparisonPage({ ...comparison, courses: [{ trace: 'week', scaler: 'sluice', series: empty }] }, () => '');
    expect(calm).not.toMatch(/NaN|undefined|Infinity/);
  });
});
