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
  ])('keeps the SLO on %s for about what the clairvoyant pays, or more', (_name, trace) => {
    const setting = aSetting(trace);
    const { report } = simulate({ ...setting, scaler: () => hindsight(setting) });
    expect(report.scaler).toBe('hindsight');
    expect(report.lateShare).toBeLessThanOrEqual(0.01);
    expect(report.taskHours).toBeGreaterThanOrEqual(0.98 * planClairvoyant(setting).taskHours);
  });

  test('is late as seldom as it may be where load jumps, and is cheaper than Sluice where that is, too', () => {
    const setting = aSetting(mmpp(40, 160, 2, 14_400));
    const chosen = simulate({ ...setting, scaler: () => hindsight(setting) }).report;
    const sluice = simulate({ ...setting, scaler: (scenario) => sluiceScaler(scenario) }).report;
    expect(chosen.lateShare).toBeLessThanOrEqual(0.01);
    if (sluice.lateShare <= 0.01) expect(chosen.taskHours).toBeLessThan(sluice.taskHours);
    else expect(chosen.lateShare).toBeLessThan(sluice.lateShare);
  });

  test('takes the same rule each time', () => {
    const setting = aSetting(mmpp(40, 160, 3, 7_200));
    const run = () => simulate({ ...setting, scaler: () => hindsight(setting) }).report;
    expect(run()).toEqual(run());
  });
});
