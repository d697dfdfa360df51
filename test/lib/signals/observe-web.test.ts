import { describe, expect, it } from 'vitest';
import type { Target } from '../../../lib/policy/policy.ts';
import { packDigest, unpackDigest } from '../../../lib/reports/pack-digest.ts';
import { observeTargets } from '../../../lib/signals/observe-targets.ts';
import type { ObservedReport } from '../../../lib/signals/observed-report.ts';
import { NO_REQUEST_START, SILENCE } from '../../../lib/signals/reading.ts';
import fc from '../../builders/fast-check.ts';
import { aPolicy, aQueueTimeTarget, aUtilizationTarget } from '../../builders/policies.ts';
import { anObservedReport, type WireSample } from '../../builders/reports.ts';
import { minutes, seconds, T0 } from '../../builders/times.ts';

const NOW = T0 + seconds(5);
const at = (ago: number) => (NOW - seconds(ago)) / 1000;
/** `count` requests that ended `ago` seconds before now. */
const requests = (ago: number, count: number, queueMs: number, appMs = 10): WireSample[] =>
  Array.from(
    { length: count },
    () =>
      [
        [at(ago), queueMs, 'qt', null],
        [at(ago), appMs, 'at', null],
      ] as WireSample[],
  ).flat();
const report = (ago: number, samples: readonly WireSample[], process = '1', service = 'web') =>
  anObservedReport(service, samples, NOW - seconds(ago), process);
const observe = (reports: readonly ObservedReport[], target: Target = aQueueTimeTarget(), now = NOW) => {
  const { targets, lastReportAt } = observeTargets(aPolicy({ targets: [target] }), 'web', reports, now);
  const [signals] = targets;
  if (!signals) throw new Error('one target, one signal');
  return { ...signals, lastReportAt };
};
/** Sketches are right within 2 %. */
const close = (value: number) => expect.toSatisfy((actual: number) => Math.abs(actual - value) <= 0.02 * value, `within 2 % of ${value}`);
const up = (ago: number, percent: number): WireSample => [at(ago), percent, 'up', null];

describe('request queue time', () => {
  it('is the percentile over the last 30 s of all processes together', () => {
    const slow = report(1, requests(1, 10, 500), '1');
    const quick = report(2, requests(2, 90, 5), '2');
    const { reading, samples, label } = observe([slow, quick]);
    expect(reading).toEqual({ kind: 'known', value: close(500), at: NOW - seconds(1) });
    expect({ samples, label }).toEqual({ samples: 100, label: 'p95 queue time of the last 30 s' });
    expect(observe([slow, quick], aQueueTimeTarget({ percentile: 50 })).reading).toMatchObject({ value: close(5) });
  });

  it('is the service’s own: what others of the group report is theirs', () => {
    expect(observe([report(1, requests(1, 50, 500), '1', 'api'), report(1, requests(1, 50, 5))]).reading).toMatchObject({
      value: close(5),
    });
  });

  it('does not look further back than 30 s where samples are enough', () => {
    expect(observe([report(35, requests(35, 500, 900)), report(1, requests(1, 20, 5))]).reading).toMatchObject({ value: close(5) });
  });

  it('with few samples looks back until there are 20, so that one slow request is not the percentile', () => {
    const { reading, samples, label } = observe([
      report(1, [...requests(1, 1, 800), ...requests(1, 3, 5)]),
      ...[45, 55, 65].map((ago) => report(ago, requests(ago, 20, 5))),
    ]);
    expect(reading).toEqual({ kind: 'known', value: close(5), at: NOW - seconds(1) });
    expect({ samples, label }).toEqual({ samples: 24, label: 'p95 queue time of the last 50 s' });
  });

  it('with few samples does not bring back what was slow minutes ago', () => {
    expect(observe([report(1, requests(1, 3, 5)), report(120, requests(120, 200, 900))]).reading).toMatchObject({ value: close(5) });
  });

  it('with few samples in five minutes is what they say, and says how few', () => {
    expect(observe([report(1, requests(1, 2, 70))])).toMatchObject({
      reading: { value: close(70) },
      samples: 2,
      label: 'p95 queue time of the last 5 min',
    });
  });

  it('is known to be 0 when a fresh report tells of no request', () => {
    expect(observe([report(3, [])])).toMatchObject({
      reading: { kind: 'known', value: 0, at: NOW - seconds(3) },
      recent: { kind: 'known', value: 0 },
    });
    expect(observe([report(3, [up(3, 0)]), report(90, requests(90, 100, 900))]).reading).toMatchObject({ kind: 'known', value: 0 });
  });

  it('is unknown, with the remedy, when requests come without X-Request-Start', () => {
    const { reading, recent } = observe([
      report(1, [
        [at(1), 20, 'at', null],
        [at(1), 90, 'up', null],
      ]),
    ]);
    expect(reading).toEqual({
      kind: 'unknown',
      why: expect.stringMatching(`^${NO_REQUEST_START}: none of 1 reported requests had a queue time`),
    });
    expect(recent.kind).toBe('unknown');
  });

  it('is unknown, never 0, when the header vanishes and only older requests had it', () => {
    const { reading } = observe([report(1, [[at(1), 20, 'at', null]]), report(50, requests(50, 30, 40))]);
    expect(reading).toEqual({ kind: 'known', value: close(40), at: NOW - seconds(50) });
  });

  it('is unknown in silence, with since when', () => {
    const { reading, recent, lastReportAt, samples } = observe([report(61, requests(61, 100, 5))]);
    expect(reading).toEqual({ kind: 'unknown', why: `${SILENCE} of web since 2026-10-01T07:59:04.000Z, 61 s ago` });
    expect(recent).toEqual(reading);
    expect({ lastReportAt, samples }).toEqual({ lastReportAt: NOW - seconds(61), samples: 0 });
    expect(observe([])).toMatchObject({
      reading: { kind: 'unknown', why: `${SILENCE} of web in the last minutes` },
      lastReportAt: undefined,
      series: [],
    });
  });

  it('is unknown when only the service’s siblings report', () => {
    expect(observe([report(1, requests(1, 50, 5), '1', 'api')])).toMatchObject({
      reading: { kind: 'unknown' },
      lastReportAt: NOW - seconds(1),
    });
  });

  it('of the newest 10 s stands apart, and is unknown where that has too few samples', () => {
    expect(observe([report(1, requests(1, 25, 300)), report(14, requests(14, 500, 5))])).toMatchObject({
      reading: { value: close(5) },
      recent: { kind: 'known', value: close(300) },
    });
    expect(observe([report(1, requests(1, 5, 300)), report(14, requests(14, 500, 5))]).recent).toEqual({
      kind: 'unknown',
      why: 'only 5 samples in the last 10 s, fewer than 20',
    });
  });

  it('dated in the future counts as now', () => {
    const ahead = anObservedReport('web', [...requests(-4, 30, 200), [at(-4), 50, 'up', null]], NOW);
    const { reading, recent, lastReportAt, series } = observe([ahead]);
    expect(reading).toEqual({ kind: 'known', value: close(200), at: NOW });
    expect({ recent, lastReportAt }).toEqual({ recent: reading, lastReportAt: NOW });
    expect(series.map((point) => point.at)).toEqual([T0]);
  });

  it('is the same from a packed report, and one of several parts counts as one report', () => {
    const wide = report(
      1,
      Array.from({ length: 40_000 }, (_, i): WireSample => [at(1), Math.exp((i / 40_000) * 18 - 5), i % 2 ? 'qt' : 'at', null]),
    );
    const parts = packDigest(wide.digest).map((part) => ({ ...wide, digest: unpackDigest(part) as ObservedReport['digest'] }));
    expect(parts.length).toBeGreaterThan(1);
    expect(observe(parts)).toEqual(observe([wide]));
    expect(observe(parts).series).toMatchObject([{ reports: 1, requests: 20_000 }]);
  });
});

describe('response time', () => {
  it('is the percentile of app time', () => {
    expect(observe([report(1, requests(1, 30, 5, 400))], { ...aQueueTimeTarget(), kind: 'response-time' })).toMatchObject({
      reading: { value: close(400) },
      label: 'p95 response time of the last 30 s',
    });
  });
});

describe('utilisation', () => {
  const target = aUtilizationTarget();
  it('is the median of what each process last said', () => {
    const processes = [80, 20, 90].map((percent, i) => report(3, [up(3, percent), ...requests(3, 1, 5)], `${i}`));
    const older = report(13, [up(13, 0)], '0');
    expect(observe([...processes, older], target)).toMatchObject({
      reading: { kind: 'known', value: 0.8, at: NOW - seconds(3) },
      samples: 3,
    });
    expect(observe(processes.slice(0, 2), target).reading).toMatchObject({ value: 0.5 });
  });

  it('leaves out processes that were not heard of for a minute', () => {
    expect(observe([report(61, [up(61, 95)], 'gone'), report(1, [up(1, 30)])], target)).toMatchObject({
      reading: { value: 0.3 },
      samples: 1,
    });
  });

  it('leaves out a process that says 100 % for ever and ends no request', () => {
    const stuck = report(1, [up(1, 100)], 'stuck');
    expect(observe([stuck, report(2, [up(2, 30)], 'well')], target)).toMatchObject({ reading: { value: 0.3 }, samples: 1 });
    expect(observe([stuck], target).reading).toEqual({ kind: 'unknown', why: expect.stringContaining('stuck') });
    expect(observe([stuck, report(31, requests(31, 1, 5), 'stuck')], target).reading).toMatchObject({ kind: 'known', value: 1 });
  });

  it('is 0 when nobody served a request yet, and unknown when requests come without it', () => {
    expect(observe([report(4, [])], target).reading).toEqual({ kind: 'known', value: 0, at: NOW - seconds(4) });
    expect(observe([report(4, requests(4, 3, 5))], target).reading).toEqual({
      kind: 'unknown',
      why: 'requests were reported (3), but no utilisation: update the adapter',
    });
  });

  it('is unknown in silence', () => {
    expect(observe([report(70, [up(70, 10)])], target).reading).toMatchObject({ kind: 'unknown', why: expect.stringContaining(SILENCE) });
  });
});

describe('the series of a web target', () => {
  it('has a point for each slot of 10 s, without holes, oldest first', () => {
    const { series } = observe([
      report(35, requests(35, 2, 100, 40)),
      report(5, [...requests(5, 4, 20, 60), up(5, 75)], '2'),
      report(4, [up(4, 25)], '3'),
    ]);
    expect(series).toEqual([
      { at: T0 - seconds(30), reports: 1, requests: 2, serviceMs: 40, valueMs: close(100), samples: 2 },
      { at: T0 - seconds(20), reports: 0 },
      { at: T0 - seconds(10), reports: 0 },
      { at: T0, reports: 2, requests: 4, serviceMs: 60, valueMs: close(20), samples: 4, utilization: 0.5 },
    ]);
  });

  it('tells no load from nothing reported', () => {
    expect(observe([report(3, [])]).series).toEqual([{ at: T0, reports: 1, requests: 0 }]);
  });

  it('ends 30 slots back', () => {
    const old = anObservedReport(
      'web',
      [
        [at(299), 5, 'at', null],
        [at(250), 5, 'at', null],
        [at(2), 5, 'at', null],
      ],
      NOW,
    );
    const { series } = observe([old]);
    expect(series.length).toBeLessThanOrEqual(30);
    expect(series[0]?.at).toBeGreaterThan(NOW - minutes(5));
  });
});

describe('the order of arrival', () => {
  it('makes no difference', () => {
    const anyReport = fc.record({
      ago: fc.integer({ min: 0, max: 200 }),
      count: fc.nat(8),
      ms: fc.nat(900),
      process: fc.constantFrom('1', '2', '3'),
      busy: fc.nat(100),
    });
    const shuffled = fc
      .array(anyReport, { maxLength: 20 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })));
    fc.assert(
      fc.property(shuffled, ([a, b]) => {
        const targets = [aQueueTimeTarget(), aUtilizationTarget()];
        const toReports = (all: typeof a) =>
          all.map(({ ago, count, ms, process, busy }) => report(ago, [...requests(ago, count, ms), up(ago, busy)], process));
        const [first, second] = [a, b].map((all) => observeTargets(aPolicy({ targets }), 'web', toReports(all), NOW));
        expect(second).toEqual(first);
      }),
    );
  });
});
