import type { Scaler } from './scaler.ts';
import type { Workload } from './workload.ts';

const EVERY_S = 10;

function fixed(id: string, count: number): Scaler {
  return { id, everySeconds: EVERY_S, decide: () => count };
}

/** The count that carries the mean load: what a bill-minded person sets. */
export function staticMean(workload: Workload, concurrency: number): Scaler {
  const mean = workload.loads.reduce((a, b) => a + b, 0) / workload.loads.length;
  return fixed('static-mean', Math.ceil(mean / concurrency));
}

/** The count that its busiest bin needs: what a careful person sets who has seen the whole trace. */
export function staticPeak(demand: Float64Array): Scaler {
  return fixed(
    'static-peak',
    demand.reduce((a, b) => Math.max(a, b), 1),
  );
}
