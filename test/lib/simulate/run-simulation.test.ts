import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../lib/simulate/faults.ts';
import { type SimulationOptions, simulate } from '../../../lib/simulate/run-simulation.ts';
import type { ScalerView } from '../../../lib/simulate/scaler.ts';
import { sluiceScaler } from '../../../lib/simulate/sluice-scaler.ts';
import { aSetting, scripted } from '../../builders/simulations.ts';
import { aJobsTrace, aRequestsTrace, batchDump, spike, steady } from '../../builders/traces.ts';

const fixed = (count: number) => () => scripted(() => count);
const report = (options: SimulationOptions) => simulate(options).report;

/** What a scaler saw at a moment. */
function viewAt(at: number, options: Omit<SimulationOptions, 'scaler'>, count = 4) {
  let seen: { desired: number; running: number; deploying: boolean; published: boolean } | undefined;
  const look = ({ now, desired, running, deploying, history }: ScalerView) => {
    if (now === at) seen = { desired, running, deploying, published: history.second(now - 1) !== undefined };
    return count;
  };
  const result = simulate({ ...options, scaler: () => scripted(() => count, { decide: look }) });
  return { seen, ...result };
}

const fault = (kind: Fault['kind'], from: number, to = from): Fault => ({ kind, from, to });

describe('a simulation', () => {
  test('is the same under the same seed, and another under another', () => {
    const setting = (seed: number) => aSetting(spike(50, 8, 600, 120, 1_800), {}, seed);
    const run = (seed: number) => simulate({ ...setting(seed), scaler: sluiceScaler });
    expect(run(3)).toEqual(run(3));
    expect(run(3).report.queueTimeMs).not.toEqual(run(4).report.queueTimeMs);
  });

  test('of enough tasks has no violation and no late request', () => {
    expect(report({ ...aSetting(steady(100, 3_600)), scaler: fixed(10) })).toMatchObject({
      violationMinutes: 0,
      lateShare: 0,
      recoverySeconds: 0,
      maxTasks: 10,
    });
  });

  test('of too few violates in every minute but perhaps the first', () => {
    const { violationMinutes, lateShare, recoverySeconds, spec } = report({ ...aSetting(steady(100, 3_600)), scaler: fixed(2) });
    expect(violationMinutes).toBeGreaterThanOrEqual(58);
    expect(lateShare).toBeGreaterThan(0.9);
    expect(recoverySeconds).toBeGreaterThan(3_400);
    expect(spec.tauU).toBeGreaterThan(95);
  });

  test('pays for each task from its launch to its end', () => {
    // Three tasks serve 100 req/s at 200 ms; the initial count is what that takes.
    const { taskHours } = report({ ...aSetting(steady(100, 3_600)), scaler: fixed(6) });
    expect(taskHours).toBeGreaterThan(5.9);
    expect(taskHours).toBeLessThan(6.01);
  });

  test('counts changes, and those that go back within ten minutes', () => {
    const counts = (now: number) => (now < 600 ? 4 : now < 900 ? 8 : now < 1_200 ? 5 : now < 2_400 ? 3 : 9);
    const { actions, reversals, maxTasks } = report({ ...aSetting(steady(100, 3_600)), scaler: () => scripted(counts) });
    // To 4 (from 3), 8, back to 5 after 5 minutes, 3, and to 9 only after 20 minutes.
    expect({ actions, reversals, maxTasks }).toEqual({ actions: 5, reversals: 1, maxTasks: 9 });
  });

  test('keeps a scaler within the bounds', () => {
    const { series } = simulate({
      ...aSetting(steady(100, 1_800), { min: 2, max: 5 }),
      scaler: () => scripted((now) => (now < 900 ? 1_000 : 0)),
    });
    expect(series.marks.map(({ to }) => to)).toEqual([5, 2]);
  });

  test('takes a change of the desired count two seconds after it was decided', () => {
    const { series } = simulate({ ...aSetting(steady(100, 600)), scaler: () => scripted((now) => (now < 100 ? undefined : 7)) });
    expect(series.marks).toEqual([{ at: 102, from: 3, to: 7 }]);
  });

  test('measures elasticity: twice the demand is 100 % over it, all the time', () => {
    const { spec, overProvisionedTaskHours, violationMinutes } = report({ ...aSetting(steady(100, 3_600)), scaler: fixed(6) });
    expect(spec.thetaO).toBeGreaterThan(98);
    expect(spec.thetaO).toBeLessThanOrEqual(100);
    expect(spec).toMatchObject({ thetaU: 0, tauU: 0 });
    expect(spec.tauO).toBeGreaterThan(98);
    expect(overProvisionedTaskHours).toBeCloseTo(3, 1);
    expect(violationMinutes).toBe(0);
  });

  test('of jobs breaks off those that last longer than the grace when their task has to stop', () => {
    const trace = batchDump(20, 300, 1);
    const setting = aSetting(trace, { min: 0 });
    const { lostJobs } = report({ ...setting, scaler: () => scripted((now) => (now < 1_860 ? 40 : 0)) });
    expect(lostJobs).toBe(20);
    expect(report({ ...setting, scaler: fixed(40) }).lostJobs).toBe(0);
  });

  test('counts a minute in which nothing begins, and something waits, as a violation', () => {
    const trace = aJobsTrace(0.05, 1, 1_800);
    const { violationMinutes, lateShare } = report({ ...aSetting(trace, { min: 0, max: 0 }), scaler: fixed(0) });
    expect(violationMinutes).toBeGreaterThan(25);
    expect(lateShare).toBeGreaterThan(0.9);
  });

  test('keeps its memory flat: a chart of a month has no more points than one of a day', () => {
    const points = (days: number) =>
      simulate({ ...aSetting(aRequestsTrace(() => 1, days * 86_400, 3_600)), scaler: fixed(1) }).series.rate.length;
    expect(points(3)).toBeLessThanOrEqual(1_500);
    expect(points(1)).toBeLessThanOrEqual(1_500);
  });
});

describe('a fault', () => {
  const setting = (...faults: Fault[]) => ({ ...aSetting(steady(100, 1_800)), faults });

  test('of measurements keeps them from the scaler', () => {
    expect(viewAt(700, setting(fault('metric-outage', 600, 900))).seen?.published).toBe(false);
    expect(viewAt(1_000, setting(fault('metric-outage', 600, 900))).seen?.published).toBe(true);
  });

  test('of UpdateService keeps the count as it was', () => {
    const { series } = simulate({ ...setting(fault('throttle', 100, 400)), scaler: () => scripted((now) => (now < 200 ? undefined : 7)) });
    expect(series.marks.map(({ at }) => at)).toEqual([402]);
  });

  test('of launches keeps tasks from becoming ready', () => {
    expect(viewAt(600, setting(fault('launch-failures', 0, 700)), 8).seen).toMatchObject({ desired: 8, running: 3 });
    expect(viewAt(1_000, setting(fault('launch-failures', 0, 700)), 8).seen).toMatchObject({ desired: 8, running: 8 });
  });

  test('of a deployment is seen as one in progress', () => {
    expect(viewAt(700, setting(fault('deployment', 600, 900))).seen?.deploying).toBe(true);
    expect(viewAt(1_000, setting(fault('deployment', 600, 900))).seen?.deploying).toBe(false);
  });

  test('of somebody else sets the count to one, which is no action of the scaler', () => {
    const { series, report: found } = simulate({ ...setting(fault('reset', 600)), scaler: () => scripted(() => undefined) });
    expect(series.marks).toEqual([{ at: 600, from: 3, to: 1, why: 'somebody else set the desired count to 1' }]);
    expect(found.actions).toBe(0);
  });

  test('of a cold start makes the scaler forget', () => {
    const restarts: number[] = [];
    simulate({ ...setting(fault('cold-restart', 600)), scaler: () => scripted(() => 4, { restart: () => restarts.push(1) }) });
    expect(restarts).toHaveLength(1);
  });
});
