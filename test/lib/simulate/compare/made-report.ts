import type { SimulationReport } from '../../../../lib/simulate/simulation-report.ts';

/** A whole report; what a test is about is given. */
export const madeReport = (over: Partial<SimulationReport>): SimulationReport => ({
  trace: 'week',
  scaler: 'sluice',
  seed: 1,
  parameters: {
    kind: 'requests',
    scale: 1,
    serviceTimeMs: 200,
    serviceTimeCv: 1,
    concurrency: 8,
    startUpMs: 23_000,
    sloMs: 200,
    min: 1,
    max: 200,
    graceSeconds: 30,
    faults: [],
  },
  violationMinutes: 10,
  lateShare: 0.005,
  queueTimeMs: { p50: 0, p95: 20, p99: 90, max: 4_000 },
  taskHours: 1_000,
  overProvisionedTaskHours: 100,
  actions: 50,
  reversals: 3,
  maxTasks: 40,
  lostJobs: 0,
  recoverySeconds: 120,
  spec: { thetaU: 1, thetaO: 10, tauU: 2, tauO: 60, upsilon: 1 },
  ...over,
});
