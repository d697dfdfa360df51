import { describe, expect, test } from 'vitest';
import { planClairvoyant } from '../../../lib/simulate/clairvoyant.ts';
import { hindsight } from '../../../lib/simulate/hindsight.ts';
import { simulate } from '../../../lib/simulate/run-simulation.ts';
import { sluiceScaler } from '../../../lib/simulate/sluice-scaler.ts';
import { aSetting } from '../../builders/simulations.ts';
import { aJobsTrace, mmpp, stepUp } from '../../builders/traces.ts';

describe('reacting with hindsight', () => {
  test.each([
    ['a step', stepUp(40, 3, 7_200, 14_400)],
    ['load that changes at random', mmpp(40, 160, 1, 14_400)],
    ['jobs', aJobsTrace(0.5, 15, 3_600)],
  ])('keeps the SLO on %s where that can be had, for no less than the clairvoyant', (_name, trace) => {
    const setting = aSetting(trace);
    const { report } = simulate({ ...setting, scaler: () => hindsight(setting) });
    expect(report.scaler).toBe('hindsight');
    expect(report.lateShare).toBeLessThanOrEqual(0.01);
    expect(report.taskHours).toBeGreaterThanOrEqual(planClairvoyant(setting).lowerBoundTaskHours);
  });

  test('pays less than Sluice, or is less late, where load jumps', () => {
    const setting = aSetting(mmpp(40, 160, 2, 14_400));
    const chosen = simulate({ ...setting, scaler: () => hindsight(setting) }).report;
    const sluice = simulate({ ...setting, scaler: (scenario) => sluiceScaler(scenario) }).report;
    expect(chosen.lateShare < sluice.lateShare || chosen.taskHours < sluice.taskHours).toBe(true);
  });

  test('takes the same rule each time', () => {
    const setting = aSetting(mmpp(40, 160, 3, 7_200));
    const run = () => simulate({ ...setting, scaler: () => hindsight(setting) }).report;
    expect(run()).toEqual(run());
  });
});
