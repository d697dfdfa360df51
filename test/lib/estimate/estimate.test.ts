import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ASSUMED, estimate, MEMORY_GB } from '../../../lib/estimate/estimate.ts';
import { costOfReport, type ReportRow } from '../../../lib/estimate/measured.ts';
import { measuredCounts } from '../../../lib/estimate/measured-counts.ts';
import { pricedRegions, pricesOf } from '../../../lib/estimate/prices.ts';
import fc from '../../builders/fast-check.ts';

const root = resolve(import.meta.dirname, '../../..');
const prices = pricesOf('us-east-1');
if (!prices) throw new Error('us-east-1 has prices');
const bill = (services: number, tasks: number, intervalSeconds = 10, busy = 0.05) =>
  estimate({ services, tasks, intervalSeconds, busy }, measuredCounts, prices);
const usd = (lines: readonly { name: string; usd: number }[], name: string) => lines.find((line) => line.name === name)?.usd ?? Number.NaN;

describe('the bill', () => {
  it('of 200 services with 10 tasks that report every 10 s is at most 260 $ a month, a twentieth of the time over target', () => {
    expect(bill(200, 10).total).toBeLessThanOrEqual(260);
    expect(bill(200, 10).total).toBeGreaterThan(150);
  });

  it('adds up, and counts the requests of reports to the cent', () => {
    const { lines, total } = bill(200, 10);
    expect(lines.reduce((sum, line) => sum + line.usd, 0)).toBeCloseTo(total, 9);
    // 2,000 × 360 an hour × 730 hours at 0.20 $ a million.
    expect(usd(lines, 'Lambda requests, ingest')).toBeCloseTo(105.12, 2);
  });

  it('stands beside what CloudWatch asks for the same', () => {
    const { alternatives } = bill(200, 10);
    expect(usd(alternatives, 'target tracking of CPU, each minute')).toBeCloseTo(40, 2);
    expect(usd(alternatives, 'target tracking of CPU, each 20 s')).toBeCloseTo(180, 2);
    expect(usd(alternatives, 'a custom metric of the queue, each minute')).toBeCloseTo(187.6, 2);
    expect(usd(alternatives, 'a custom metric of the queue, each 10 s')).toBeCloseTo(705.6, 2);
    expect(usd(alternatives, 'the same, published by every task')).toBeCloseTo(5_436, 2);
  });

  it('grows with the number of services and with time over target, and falls with the interval', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 100 }), (services, tasks) => {
        const { total } = bill(services, tasks);
        // Twice as many may cost less: only many reports share items.
        expect(bill(services * 10, tasks).total).toBeGreaterThan(total);
        expect(bill(services, tasks, 60).total).toBeLessThan(total);
        expect(bill(services, tasks, 10, 0.5).total).toBeGreaterThan(total);
        for (const line of bill(services, tasks).lines) expect(line.usd).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 50 },
    );
  });

  it('has prices with a date, of the Regions that it names', () => {
    expect(pricedRegions()).toEqual(['us-east-1']);
    expect(prices.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(pricesOf('constructor')).toBeUndefined();
  });
});

describe('what the bill goes by', () => {
  it('is what was counted by a command, on a date', () => {
    expect(measuredCounts.command).toBe('npm run bench:load -- bill --write');
    expect(measuredCounts.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(measuredCounts.reports.length).toBeGreaterThan(20);
  });

  it('has each function with the memory, and as many alarms, that are deployed', () => {
    const { functions } = parse(readFileSync(join(root, 'serverless.yml'), 'utf8')) as {
      functions: Record<string, { memorySize: number }>;
    };
    for (const [name, gb] of Object.entries(MEMORY_GB)) expect([name, functions[name]?.memorySize]).toEqual([name, gb * 1_024]);
    const alarms = readFileSync(join(root, 'infra/alarms.yml'), 'utf8').match(/Type: AWS::CloudWatch::Alarm/g) ?? [];
    expect(alarms.length).toBe(ASSUMED.alarms);
  });
});

describe('the cost of a report', () => {
  const row = (overrides: Partial<ReportRow>): ReportRow => ({
    state: 'calm',
    crowded: true,
    tasks: 1,
    functions: 1,
    intervalSeconds: 10,
    calls: 1,
    writeUnits: 1,
    readUnits: 1,
    logBytes: 1,
    cpuMs: 1,
    ...overrides,
  });
  const rows = [
    row({}),
    row({ tasks: 100, writeUnits: 0.5 }),
    row({ functions: 4, writeUnits: 2 }),
    row({ intervalSeconds: 30, writeUnits: 3 }),
  ];
  const writes = (wanted: Partial<ReportRow>) => costOfReport(rows, row(wanted)).writeUnits;

  it('lies between those measured, by the logarithm of the tasks, and goes on as the nearest beyond them', () => {
    expect([1, 10, 100, 1_000].map((tasks) => writes({ tasks }))).toEqual([1, 0.75, 0.5, 0.5]);
  });

  it('is that of the next larger number of functions, and interval, that was measured', () => {
    expect([1, 2, 4, 9].map((functions) => writes({ functions }))).toEqual([1, 2, 2, 2]);
    expect([5, 10, 11, 60].map((intervalSeconds) => writes({ intervalSeconds }))).toEqual([1, 1, 3, 3]);
  });

  it('of what was never measured is refused', () => {
    expect(() => costOfReport(rows, row({ state: 'breach' }))).toThrow('nothing was measured');
  });
});
