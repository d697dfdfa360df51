import { describe, expect, test } from 'vitest';
import { LATE_SHARE_ALLOWED } from '../../../lib/simulate/cheapest-plan.ts';
import { clairvoyant, planClairvoyant } from '../../../lib/simulate/clairvoyant.ts';
import { scalerFor, usualScalers } from '../../../lib/simulate/compare/scalers.ts';
import { simulate } from '../../../lib/simulate/run-simulation.ts';
import type { Trace } from '../../../lib/simulate/trace.ts';
import { aSetting, scripted } from '../../builders/simulations.ts';
import { aJobsTrace, aRequestsTrace, batchDump, mmpp, spike, steady, stepUp } from '../../builders/traces.ts';

const HOUR = 3_600;
const traces: readonly (readonly [string, Trace])[] = [
  ['a steady load', steady(400, HOUR / 2)],
  ['a day and a night in short', aRequestsTrace((t) => 300 * (1 - 0.7 * Math.cos((2 * Math.PI * t) / (2 * HOUR))), 2 * HOUR)],
  ['a step', stepUp(40, 10, HOUR / 2, HOUR)],
  ['a spike', spike(100, 6, HOUR / 2, 300, HOUR)],
  ['two rates at random', mmpp(100, 400, 2, HOUR)],
  ['jobs', aJobsTrace(0.5, 15, HOUR)],
  ['batches', batchDump(200, 20, 1)],
];

describe('the clairvoyant', () => {
  test.each(traces)('is beaten by no scaler that keeps the SLO, nor by a fixed count: %s', (_name, trace) => {
    const setting = aSetting(trace);
    const plan = planClairvoyant(setting);
    expect(plan.lateShare).toBeLessThanOrEqual(LATE_SHARE_ALLOWED);
    expect(plan.taskHours).toBeGreaterThanOrEqual(plan.lowerBoundTaskHours);
    // The plan is what its run says.
    const own = simulate({ ...setting, scaler: () => clairvoyant(plan) }).report;
    expect(own).toMatchObject({ scaler: 'clairvoyant', lateShare: plan.lateShare, taskHours: plan.taskHours });
    expect(own.parameters.lowerBoundTaskHours).toBeLessThanOrEqual(own.taskHours);

    const others = ['hindsight', ...usualScalers.filter((id) => id !== 'clairvoyant')].map((id) => [id, scalerFor(id, setting)] as const);
    const counts = Array.from({ length: 30 }, (_, i) => [`fixed ${i + 1}`, () => scripted(() => i + 1)] as const);
    const better = [...others, ...counts].flatMap(([id, scaler]) => {
      const { lateShare, taskHours } = simulate({ ...setting, scaler }).report;
      return lateShare <= LATE_SHARE_ALLOWED && taskHours < plan.taskHours * 0.99 ? [`${id}: ${taskHours} h, not ${plan.taskHours} h`] : [];
    });
    expect(better).toEqual([]);
  });
});
