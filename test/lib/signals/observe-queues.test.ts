import { describe, expect, it } from 'vitest';
import type { Target } from '../../../lib/policy/policy.ts';
import { groupQueues } from '../../../lib/signals/group-queues.ts';
import { observeTargets } from '../../../lib/signals/observe-targets.ts';
import type { ObservedReport } from '../../../lib/signals/observed-report.ts';
import { SILENCE } from '../../../lib/signals/reading.ts';
import { aDepthTarget, aLatencyTarget, aPolicy } from '../../builders/policies.ts';
import { anObservedReport, type WireSample } from '../../builders/reports.ts';
import { seconds, T0 } from '../../builders/times.ts';

const NOW = T0 + seconds(5);
const at = (ago: number) => (NOW - seconds(ago)) / 1000;
const depth = (ago: number, value: number, queue = 'default'): WireSample => [at(ago), value, 'qd', queue];
const latency = (ago: number, ms: number, queue = 'default'): WireSample => [at(ago), ms, 'qt', queue];
const busy = (ago: number, value: number, queue = 'default'): WireSample => [at(ago), value, 'busy', queue];
const report = (ago: number, samples: readonly WireSample[], process = '1', service = 'web') =>
  anObservedReport(service, samples, NOW - seconds(ago), process);
const observe = (reports: readonly ObservedReport[], target: Target = aDepthTarget(), service = 'worker') => {
  const [signals] = observeTargets(aPolicy({ targets: [target] }), service, reports, NOW).targets;
  if (!signals) throw new Error('one target, one signal');
  return signals;
};

describe('the queues of a group', () => {
  it('are read from the reports of every service of it, so that a worker at zero is seen', () => {
    expect(observe([report(1, [depth(1, 40)])]).reading).toEqual({ kind: 'known', value: 40, at: NOW - seconds(1) });
  });

  it('take the newest of what many tasks report, and are never summed over them', () => {
    const tasks = Array.from({ length: 50 }, (_, i) => report(3, [depth(3, 40), busy(3, 2)], `${i}`));
    const newer = report(1, [depth(1, 12), busy(1, 3)], 'x', 'worker');
    expect(observe([newer, ...tasks])).toMatchObject({
      reading: { value: 12 },
      busy: { kind: 'known', value: 3 },
      samples: 1,
      queue: 'default',
    });
    expect(observe(tasks).reading).toMatchObject({ value: 40 });
  });

  it('take the larger of two values of the same second', () => {
    expect(observe([report(1, [depth(1, 12)], 'a'), report(1, [depth(1, 30)], 'b'), report(1, [depth(1, 20)], 'c')]).reading).toMatchObject(
      { value: 30 },
    );
  });

  it('dated in the future count as now', () => {
    const ahead = anObservedReport('web', [depth(-4, 9)], NOW);
    expect(observe([ahead, report(0, [depth(0, 5)])]).reading).toEqual({ kind: 'known', value: 9, at: NOW });
  });
});

describe('job depth', () => {
  it('is the sum over the chosen queues, as old as the oldest of them', () => {
    const reports = [report(1, [depth(1, 10, 'a'), depth(1, 100, 'c')]), report(8, [depth(8, 5, 'b')], '2')];
    const { reading, label, queue, samples } = observe(reports, aDepthTarget({ queues: ['a', 'b'] }));
    expect(reading).toEqual({ kind: 'known', value: 15, at: NOW - seconds(8) });
    expect({ label, queue, samples }).toEqual({ label: 'depth of queues a, b', queue: 'a', samples: 2 });
  });

  it('without chosen queues is that of all queues of the group', () => {
    expect(observe([report(1, [depth(1, 10, 'a'), depth(1, 100, 'c'), latency(1, 5, 'd')])]).reading).toMatchObject({
      kind: 'known',
      value: 110,
    });
  });

  it('is unknown while a chosen queue is not reported, and tells the lower bound', () => {
    const { reading, recent, atLeast } = observe([report(1, [depth(1, 70, 'a')])], aDepthTarget({ queues: ['a', 'imports'] }));
    expect(reading).toEqual({
      kind: 'unknown',
      why: 'nobody in the group reports the depth of queue imports, so that depth of queues a, imports is not known',
    });
    expect({ recent, atLeast }).toEqual({ recent: reading, atLeast: { value: 70, at: NOW - seconds(1) } });
  });

  it('is unknown while a queue is stale that was there a moment ago', () => {
    const reports = [report(1, [depth(1, 10, 'a')]), report(70, [depth(70, 50, 'b')], '2')];
    expect(observe(reports)).toMatchObject({ reading: { kind: 'unknown' }, atLeast: { value: 10 } });
  });

  it('of the newest 10 s is unknown when the newest is older', () => {
    expect(observe([report(12, [depth(12, 10)])])).toMatchObject({
      reading: { kind: 'known', value: 10 },
      recent: { kind: 'unknown', why: 'the newest value is 12 s old' },
    });
    expect(observe([report(9, [depth(9, 10)])]).recent).toMatchObject({ kind: 'known', value: 10 });
  });

  it('points to latency where that is all an adapter sends', () => {
    expect(observe([report(1, [latency(1, 10)])], aDepthTarget({ queues: ['default'] })).reading).toEqual({
      kind: 'unknown',
      why: 'nobody in the group reports the depth of queue default; its adapter sends latency only, so a target on job-latency would work',
    });
  });

  it('is unknown, never 0, when reports come without any queue, or not at all', () => {
    expect(observe([report(1, [])]).reading).toEqual({ kind: 'unknown', why: 'nobody in the group reports the depth of any queue' });
    expect(observe([]).reading).toEqual({ kind: 'unknown', why: `${SILENCE} of any service of the group in the last minutes` });
    expect(observe([report(65, [depth(65, 0)])]).reading).toEqual({
      kind: 'unknown',
      why: `${SILENCE} of any service of the group since 2026-10-01T07:59:00.000Z, 65 s ago`,
    });
  });
});

describe('job latency', () => {
  it('is that of the worst of the chosen queues', () => {
    const signals = observe(
      [report(1, [latency(1, 10, 'a'), latency(1, 9_000, 'b'), latency(1, 99_000, 'c')])],
      aLatencyTarget({ queues: ['a', 'b'] }),
    );
    expect(signals).toMatchObject({ reading: { kind: 'known', value: 9_000 }, queue: 'b', label: 'latency of queue b, the worst of 2' });
  });

  it('comes down as soon as a newer report says so', () => {
    expect(observe([report(1, [latency(1, 0)]), report(11, [latency(11, 60_000)], '2')], aLatencyTarget()).reading).toMatchObject({
      value: 0,
    });
  });

  it('points to depth where that is all an adapter sends', () => {
    expect(observe([report(1, [depth(1, 10)])], aLatencyTarget()).reading).toMatchObject({
      why: expect.stringContaining('a target on job-depth would work'),
    });
  });

  it('knows of running jobs only what adapters say', () => {
    expect(observe([report(1, [latency(1, 0)])], aLatencyTarget()).busy).toEqual({
      kind: 'unknown',
      why: 'no adapter reports running jobs of queue default',
    });
  });
});

describe('the series of a job target', () => {
  it('holds the newest of each slot, and bears a reporter that missed one', () => {
    const { series } = observe(
      [
        report(25, [depth(25, 4, 'a'), depth(25, 6, 'b'), latency(25, 800, 'b')]),
        report(15, [depth(15, 5, 'a'), busy(15, 1, 'a')]),
        report(4, [depth(4, 9, 'a'), depth(4, 1, 'b')]),
        report(2, [], '2'),
      ],
      aDepthTarget({ queues: ['a', 'b'] }),
    );
    expect(series).toEqual([
      { at: T0 - seconds(20), reports: 1, depth: 10, latencyMs: 800 },
      { at: T0 - seconds(10), reports: 1, depth: 11, busy: 1, latencyMs: 800 },
      { at: T0, reports: 2, depth: 10, busy: 1, latencyMs: 800 },
    ]);
  });

  it('says nothing of slots in which the queues were not reported', () => {
    expect(observe([report(25, [depth(25, 4)]), report(2, [])], aDepthTarget({ queues: ['default'] })).series.at(-1)).toEqual({
      at: T0,
      reports: 1,
    });
  });
});

describe('observing several services of a group', () => {
  it('may share what the queues come down to', () => {
    const reports = [report(1, [depth(1, 10)]), report(2, [depth(2, 3, 'b'), latency(2, 7)], '2')];
    const policy = aPolicy({ targets: [aDepthTarget(), aLatencyTarget({ queues: ['default'] })] });
    expect(observeTargets(policy, 'worker', reports, NOW, groupQueues(reports, NOW))).toEqual(
      observeTargets(policy, 'worker', reports, NOW),
    );
  });
});
