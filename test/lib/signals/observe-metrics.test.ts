import { describe, expect, it } from 'vitest';
import type { MetricTarget } from '../../../lib/policy/policy.ts';
import { COLLECTOR, type CollectedReading } from '../../../lib/reports/collected.ts';
import type { Digest } from '../../../lib/reports/digest.ts';
import { metricKey } from '../../../lib/signals/metric-key.ts';
import { metricLabel } from '../../../lib/signals/metric-label.ts';
import { metricBreached, metricFreshMs } from '../../../lib/signals/metric-signals.ts';
import { observeTargets } from '../../../lib/signals/observe-targets.ts';
import type { ObservedReport } from '../../../lib/signals/observed-report.ts';
import { aCloudWatchTarget, aDepthTarget, anSqsTarget, aPolicy } from '../../builders/policies.ts';
import { anObservedReport } from '../../builders/reports.ts';
import { minutes, seconds, T0 } from '../../builders/times.ts';

const NOW = T0;
const sqs = anSqsTarget();
const alb = aCloudWatchTarget({ target: 200 });

/** What was collected so many seconds ago, for `service`. */
const collected = (ago: number, readings: readonly (readonly [MetricTarget, CollectedReading])[], service = 'worker'): ObservedReport => {
  const digest: Digest = {
    base: NOW - seconds(ago),
    continued: false,
    web: [],
    queues: new Map(),
    collected: new Map(readings.map(([target, reading]) => [metricKey(service, target.source), reading])),
  };
  return { service: COLLECTOR, reporter: 'r', slotAt: NOW, digest };
};
const value = (ago: number, n: number, busy?: number): CollectedReading => ({
  kind: 'known',
  value: n,
  at: NOW - seconds(ago),
  ...(busy === undefined ? {} : { busy }),
});
const observe = (reports: readonly ObservedReport[], target: MetricTarget = sqs, service = 'worker') => {
  const [signals] = observeTargets(aPolicy({ targets: [target] }), service, reports, NOW).targets;
  if (!signals) throw new Error('one target, one signal');
  return signals;
};

describe('a metric that is collected', () => {
  it('is known with the time that it was so, by the name that people give it', () => {
    expect(observe([collected(5, [[sqs, value(5, 42, 7)]])])).toMatchObject({
      reading: { kind: 'known', value: 42, at: NOW - seconds(5) },
      recent: { kind: 'known', value: 42 },
      label: 'SQS messages visible and in flight in jobs',
      busy: { kind: 'known', value: 7 },
      samples: 1,
    });
  });

  it('is unknown while nothing was collected, and never 0', () => {
    expect(observe([anObservedReport('web', [], NOW)])).toMatchObject({
      reading: { kind: 'unknown', why: 'nothing was collected in the last minutes' },
      busy: { kind: 'unknown' },
      samples: 0,
    });
  });

  it('takes the newest attempt: one that failed leaves it unknown, and says why', () => {
    const before = collected(60, [[sqs, value(60, 42)]]);
    const denied = collected(1, [[sqs, { kind: 'missing', code: 'denied' }]]);
    expect(observe([denied, before]).reading).toEqual({ kind: 'unknown', why: expect.stringContaining('AccessDenied') });
    expect(observe([before, denied]).reading.kind).toBe('unknown');
    expect(observe([denied, before, collected(0, [[sqs, value(0, 9)]])]).reading).toMatchObject({ value: 9 });
  });

  it('of two attempts at one instant is unknown where one of them failed', () => {
    const both = [collected(1, [[sqs, value(1, 0)]]), collected(1, [[sqs, { kind: 'missing', code: 'throttled' }]])];
    expect(observe(both).reading.kind).toBe('unknown');
    expect(observe([...both].reverse()).reading.kind).toBe('unknown');
  });

  it('is not recent once it is ten seconds old', () => {
    expect(observe([collected(30, [[sqs, value(30, 42)]])])).toMatchObject({
      reading: { value: 42 },
      recent: { kind: 'unknown', why: 'the newest value is 30 s old' },
    });
  });

  it('is stale after 2.5 rounds of collecting, or after what the policy says if that is longer', () => {
    expect(observe([collected(150, [[sqs, value(150, 42)]])]).reading.kind).toBe('known');
    expect(observe([collected(151, [[sqs, value(151, 42)]])]).reading).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining('older than 150 s'),
    });
    expect(metricFreshMs(anSqsTarget({ everySeconds: 10 }), seconds(60))).toBe(seconds(60));
    expect(metricFreshMs(sqs, minutes(10))).toBe(minutes(10));
  });

  it('of CloudWatch is given time to be delivered, and a slow one the time of its period', () => {
    expect(metricFreshMs(alb, seconds(60))).toBe(minutes(4));
    const slow = aCloudWatchTarget({ source: { ...alb.source, from: 'cloudwatch', periodSeconds: 300 } as MetricTarget['source'] });
    expect(metricFreshMs(slow, seconds(60))).toBeGreaterThanOrEqual(minutes(12.5));
  });

  it('belongs to one service: the same metric of another one is another number', () => {
    expect(observe([collected(5, [[sqs, value(5, 42)]], 'other')]).reading.kind).toBe('unknown');
  });

  it('dated in the future counts as now', () => {
    expect(observe([collected(0, [[sqs, value(-9, 42)]])]).reading).toEqual({ kind: 'known', value: 42, at: NOW });
  });
});

describe('what is collected for a group', () => {
  it('is no report: silent adapters stay silent, for web and job targets alike', () => {
    const report = collected(1, [[sqs, value(1, 42)]]);
    const observed = observeTargets(aPolicy({ targets: [aDepthTarget()] }), 'worker', [report], NOW);
    expect(observed.lastReportAt).toBeUndefined();
    expect(observed.targets[0]?.reading).toMatchObject({ kind: 'unknown' });
    const web = observeTargets(aPolicy(), 'web', [report], NOW);
    expect(web.targets[0]?.reading.kind).toBe('unknown');
  });
});

describe('what was just collected', () => {
  const breached = (target: MetricTarget, n: number, min = 1) =>
    metricBreached({ name: 'worker', policy: aPolicy({ min, targets: [target] }) }, collected(0, [[target, value(0, n)]]).digest);

  it('asks for a look where it is over the target', () => {
    expect([breached(alb, 201), breached(alb, 200)]).toEqual([true, false]);
  });

  it('asks for a look where one task could not do it, and with anything at all where the service may be at zero', () => {
    expect([breached(sqs, 21), breached(sqs, 20), breached(sqs, 1, 0), breached(sqs, 0, 0)]).toEqual([true, false, true, false]);
  });

  it('asks for none where it could not be had', () => {
    const missing = collected(0, [[sqs, { kind: 'missing', code: 'denied' }]]).digest;
    expect(metricBreached({ name: 'worker', policy: aPolicy({ min: 0, targets: [sqs] }) }, missing)).toBe(false);
  });
});

describe('the name of a metric', () => {
  it.each([
    [sqs.source, 'SQS messages visible and in flight in jobs'],
    [anSqsTarget({}, 'visible').source, 'SQS messages visible in jobs'],
    [anSqsTarget({}, 'age').source, 'age of the oldest SQS message in jobs'],
    [alb.source, 'ALB TargetResponseTime p95'],
    [{ ...alb.source, namespace: 'Shop/App', metric: 'Carts', statistic: 'Sum' } as MetricTarget['source'], 'Shop/App Carts sum'],
  ])('%#: %s', (source, label) => {
    expect(metricLabel(source)).toBe(label);
  });

  it('makes a key in which the order of dimensions does not matter, and their values do', () => {
    const source = (dimensions: Record<string, string>) => ({ ...alb.source, dimensions }) as MetricTarget['source'];
    expect(metricKey('web', source({ a: '1', b: '2' }))).toBe(metricKey('web', source({ b: '2', a: '1' })));
    expect(metricKey('web', source({ a: '1', b: '2' }))).not.toBe(metricKey('web', source({ a: '2', b: '1' })));
    expect(metricKey('web', alb.source)).toMatch(/^[0-9a-f]{16}$/);
  });
});
