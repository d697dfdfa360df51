import { describe, expect, test } from 'vitest';
import { aboutScaler, allScalers, isPeer, scalerFor, usualScalers } from '../../../../lib/simulate/compare/scalers.ts';
import { ablations, sluiceAsPeer } from '../../../../lib/simulate/compare/sluice-variants.ts';
import { scenarioOf, simulate } from '../../../../lib/simulate/run-simulation.ts';
import { defaultService } from '../../../../lib/simulate/sluice-scaler.ts';
import { lookAlikes } from '../../../../lib/simulate/synthetic.ts';
import { workloadOf } from '../../../../lib/simulate/workload.ts';

const hour = lookAlikes[3]?.(1);
if (hour?.kind !== 'requests') throw new Error('the fourth look-alike is no traffic of requests');
const trace = { ...hour, rates: hour.rates.subarray(0, 1_500), durationSeconds: 1_500 };
const setting = {
  workload: workloadOf(trace, { scale: 'auto', serviceMs: 200, serviceCv: 1, concurrency: 8 }),
  concurrency: 8,
  sloMs: 200,
  min: 1,
  max: 200,
  startUpMs: 23_000,
  seed: 1,
};
const run = (id: string, parameters?: Record<string, number>) =>
  simulate({ ...setting, scaler: scalerFor(id, setting, parameters) }).report;

describe('scalers by their ids', () => {
  test('each that there is can be made, says what it is, and scales', () => {
    for (const id of allScalers) {
      expect(aboutScaler(id)).not.toBe('');
      const { taskHours } = run(id);
      expect(taskHours).toBeGreaterThan(0);
    }
  });

  test('the documented ones are run where none are named', () => {
    expect(usualScalers).toEqual(
      expect.arrayContaining([
        ...['sluice', 'static-mean', 'static-peak', 'clairvoyant', 'aas-cpu-60', 'aas-cpu-20', 'aas-backlog', 'cdk-queue-steps'],
        ...['keda-hpa', 'knative', 'nomad', 'buildkite', 'judoscale-like'],
      ]),
    );
  });

  test('an unknown one is refused by name', () => expect(() => scalerFor('hope', setting)).toThrow(/no scaler "hope"/));

  test('references and variants of Sluice are no peers', () => {
    for (const id of ['sluice', 'clairvoyant', 'static-mean', 'static-peak', ...Object.keys(ablations)]) expect(isPeer(id)).toBe(false);
  });
});

describe('Sluice in the tuned league', () => {
  test('is Sluice itself under its default parameters', () => {
    const defaults = sluiceAsPeer.parameters(scenarioOf(setting));
    expect(run('sluice', { ...defaults })).toEqual(run('sluice'));
  });

  test('changes with its parameters', () => {
    const defaults = sluiceAsPeer.parameters(scenarioOf(setting));
    expect(run('sluice', { ...defaults, topMs: 60, stabilizeMinutes: 1 }).taskHours).not.toBe(run('sluice').taskHours);
  });
});

describe('ablations', () => {
  const scenario = scenarioOf(setting);

  test('each lacks one part of the engine, and nothing else', () => {
    const whole = defaultService(scenario).policy.behavior;
    const { panic: _panic, ...noPanic } = whole;
    const behavior = (id: string) => ablations[id]?.config(scenario).policy.behavior;
    expect(behavior('sluice-no-delay')).toEqual({ ...whole, startUpMs: 0 });
    expect(behavior('sluice-no-stabilization')).toEqual({ ...whole, scaleIn: { ...whole.scaleIn, stabilizeMs: 0 } });
    expect(behavior('sluice-no-panic')).toEqual(noPanic);
    expect(behavior('sluice-no-pending')).toEqual(whole);
  });

  test('without pending, every task that was ordered seems to run', () => {
    const history = { second: () => undefined, queueTimes: () => undefined, longestMs: () => 0 };
    const seen = ablations['sluice-no-pending']?.sees?.({ now: 0, desired: 9, running: 4, pending: 5, deploying: false, history });
    expect(seen).toMatchObject({ desired: 9, running: 9, pending: 0 });
  });

  test.each(['sluice-no-delay', 'sluice-no-pending', 'sluice-no-stabilization'])('%s decides otherwise than Sluice', (id) => {
    expect({ ...run(id), scaler: 'sluice' }).not.toEqual(run('sluice'));
  });
});
