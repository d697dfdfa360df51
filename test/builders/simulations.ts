import type { SimulationOptions } from '../../lib/simulate/run-simulation.ts';
import type { Scaler } from '../../lib/simulate/scaler.ts';
import type { SettingOptions } from '../../lib/simulate/setting.ts';
import { MODEL_DEFAULTS, settingOf } from '../../lib/simulate/setting.ts';
import type { Trace } from '../../lib/simulate/trace.ts';

/** A setting with the usual model and the trace as it is, unscaled. */
export function aSetting(trace: Trace, overrides: Partial<SettingOptions> = {}, seed = 1): Omit<SimulationOptions, 'scaler'> {
  const { serviceMs, serviceCv, startUpMs } = MODEL_DEFAULTS;
  return settingOf(trace, { scale: 1, serviceMs, serviceCv, startUpMs, faults: [], ...overrides }, seed);
}

/** Wants what it is told for each look. */
export const scripted = (countAt: (now: number) => number | undefined, overrides: Partial<Scaler> = {}): Scaler => ({
  id: 'scripted',
  everySeconds: 10,
  decide: ({ now }) => countAt(now),
  ...overrides,
});
