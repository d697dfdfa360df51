import { describe, expect, it } from 'vitest';
import type { Policy, Target } from '../../../lib/policy/policy.ts';
import { breachesTarget } from '../../../lib/signals/breaches.ts';
import { observeTargets } from '../../../lib/signals/observe-targets.ts';
import fc from '../../builders/fast-check.ts';
import { aDepthTarget, aLatencyTarget, aPolicy, aQueueTimeTarget, aUtilizationTarget } from '../../builders/policies.ts';
import { anObservedReport, type WireSample } from '../../builders/reports.ts';
import { T0 } from '../../builders/times.ts';

const S = T0 / 1000;
const breaches = (target: Target, samples: readonly WireSample[], { own = true, ...policy }: Partial<Policy> & { own?: boolean } = {}) =>
  breachesTarget(aPolicy({ targets: [target], ...policy }), own, anObservedReport('web', samples, T0).digest);
const times = (count: number, ms: number, id = 'qt'): WireSample[] => Array.from({ length: count }, () => [S, ms, id, null]);

describe('breachesTarget', () => {
  it.each<[string, boolean, Target, WireSample[]]>([
    ['queue time over its top', true, aQueueTimeTarget({ topMs: 50 }), times(20, 60)],
    ['queue time under its top', false, aQueueTimeTarget({ topMs: 50 }), times(20, 40)],
    ['one slow request in a hundred, at p95', false, aQueueTimeTarget({ topMs: 50 }), [...times(99, 5), ...times(1, 900)]],
    [
      'one slow request in a hundred, at p99.9',
      true,
      aQueueTimeTarget({ topMs: 50, percentile: 99.9 }),
      [...times(99, 5), ...times(1, 900)],
    ],
    ['no requests', false, aQueueTimeTarget(), []],
    ['app time, for a target on queue time', false, aQueueTimeTarget(), times(20, 900, 'at')],
    ['app time over the top of response time', true, { ...aQueueTimeTarget(), kind: 'response-time' }, times(20, 900, 'at')],
    ['utilisation over target', true, aUtilizationTarget({ target: 0.7 }), [[S, 71, 'up', null]]],
    ['utilisation under target', false, aUtilizationTarget({ target: 0.7 }), [[S, 60, 'up', null]]],
    ['latency over its top', true, aLatencyTarget({ topMs: 30_000 }), [[S, 30_001, 'qt', 'a']]],
    ['latency under its top', false, aLatencyTarget({ topMs: 30_000 }), [[S, 29_000, 'qt', 'a']]],
    ['latency of a queue that is not chosen', false, aLatencyTarget({ queues: ['b'] }), [[S, 90_000, 'qt', 'a']]],
    [
      'more jobs than one task is to have',
      true,
      aDepthTarget({ perTask: 20 }),
      [
        [S, 11, 'qd', 'a'],
        [S, 10, 'qd', 'b'],
      ],
    ],
    ['no more jobs than one task is to have', false, aDepthTarget({ perTask: 20 }), [[S, 20, 'qd', 'a']]],
    [
      'running jobs, where they count',
      true,
      aDepthTarget({ perTask: 20, includeBusy: true }),
      [
        [S, 15, 'qd', 'a'],
        [S, 6, 'busy', 'a'],
      ],
    ],
    [
      'running jobs, where they do not',
      false,
      aDepthTarget({ perTask: 20 }),
      [
        [S, 15, 'qd', 'a'],
        [S, 6, 'busy', 'a'],
      ],
    ],
  ])('of %s is %s', (_, expected, target, samples) => {
    expect(breaches(target, samples)).toBe(expected);
  });

  it('of a service that may be at zero is true as soon as jobs wait', () => {
    expect(breaches(aDepthTarget({ perTask: 20 }), [[S, 1, 'qd', 'a']], { min: 0 })).toBe(true);
    expect(breaches(aDepthTarget({ perTask: 20, activation: 5 }), [[S, 5, 'qd', 'a']], { min: 0 })).toBe(false);
    expect(breaches(aLatencyTarget({ topMs: 30_000, lowMs: 7_500 }), [[S, 8_000, 'qt', 'a']], { min: 0 })).toBe(true);
  });

  it('takes web metrics from the service’s own reports only, and queues from all', () => {
    expect(breaches(aQueueTimeTarget(), times(20, 900), { own: false })).toBe(false);
    expect(breaches(aUtilizationTarget(), [[S, 100, 'up', null]], { own: false })).toBe(false);
    expect(breaches(aDepthTarget(), [[S, 100, 'qd', 'a']], { own: false })).toBe(true);
  });

  it('misses no breach that all reports together show', () => {
    const process = fc.array(fc.nat(120), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(process, { minLength: 1, maxLength: 6 }), (processes) => {
        const policy = aPolicy({ targets: [aQueueTimeTarget({ topMs: 100 })] });
        const reports = processes.map((values, i) =>
          anObservedReport(
            'web',
            values.map((ms) => [S, ms, 'qt', null] as const),
            T0,
            `${i}`,
          ),
        );
        const reading = observeTargets(policy, 'web', reports, T0).targets[0]?.reading;
        if (reading?.kind === 'known' && reading.value > 100)
          expect(reports.some(({ digest }) => breachesTarget(policy, true, digest))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
