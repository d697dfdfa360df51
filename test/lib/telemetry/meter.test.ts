import { describe, expect, test } from 'vitest';
import { createMeter } from '../../../lib/telemetry/meter.ts';
import { T0 } from '../../builders/times.ts';

const read = (lines: readonly string[]): Record<string, unknown>[] => lines.map((line) => JSON.parse(line));

describe('figures in the embedded metric format', () => {
  test('a count is one line that CloudWatch takes for a metric of the stage', () => {
    const meter = createMeter('prod');
    meter.count('TrustBroken', 1);
    meter.count('TrustBroken', 2);
    expect(read(meter.lines(T0))).toEqual([
      {
        _aws: {
          Timestamp: T0,
          CloudWatchMetrics: [{ Namespace: 'Sluice', Dimensions: [['Stage']], Metrics: [{ Name: 'TrustBroken', Unit: 'Count' }] }],
        },
        type: 'metrics',
        Stage: 'prod',
        TrustBroken: 3,
      },
    ]);
  });

  test('each set of dimensions has a line of its own', () => {
    const meter = createMeter('prod');
    meter.count('Decisions', 1, { Code: 'AtFloor' });
    meter.count('Decisions', 1, { Code: 'AtCap' });
    meter.time('ReportToUpdate', 420);
    meter.time('ReportToUpdate', 380);
    const lines = read(meter.lines(T0));
    expect(lines.map(({ Code, Decisions, ReportToUpdate }) => ({ Code, Decisions, ReportToUpdate }))).toEqual([
      { Code: 'AtFloor', Decisions: 1 },
      { Code: 'AtCap', Decisions: 1 },
      { ReportToUpdate: [420, 380] },
    ]);
  });

  test('a thousand reports in a minute are one line, written when the minute is over', () => {
    const meter = createMeter('prod');
    const lines: string[] = [];
    for (let second = 0; second <= 60; second++) {
      for (let i = 0; i < 16; i++) meter.count('Reports', 1, {}, false);
      lines.push(...meter.lines(T0 + second * 1_000));
    }
    expect(read(lines).map(({ Reports }) => Reports)).toEqual([61 * 16]);
  });

  test('what is worth a line at once takes along what waits', () => {
    const meter = createMeter('prod');
    meter.count('Reports', 5, {}, false);
    expect(meter.lines(T0)).toEqual([]);
    meter.count('TrustBroken', 1);
    expect(read(meter.lines(T0 + 1_000))[0]).toMatchObject({ Reports: 5, TrustBroken: 1 });
    expect(meter.lines(T0 + 90_000)).toEqual([]);
  });

  test('a line never holds more values than CloudWatch takes', () => {
    const meter = createMeter('prod');
    for (let i = 0; i < 250; i++) meter.time('ReportToUpdate', i);
    expect(read(meter.lines(T0))[0]?.['ReportToUpdate']).toHaveLength(100);
  });
});
