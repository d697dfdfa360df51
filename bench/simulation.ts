import { scenarioOf, simulate } from '../lib/simulate/run-simulation.ts';
import { sluiceScaler } from '../lib/simulate/sluice-scaler.ts';
import { firstDays, lookAlikes } from '../lib/simulate/synthetic.ts';
import { workloadOf } from '../lib/simulate/workload.ts';
import { bareDecisions } from './decide.ts';
import { median } from './median.ts';
import type { Table } from './table.ts';

const ROUNDS = 3;

/** A simulated week of one-minute traffic, looked at as often as in production, beside as many bare calls of `decide`; medians of interleaved rounds. */
export function simulation(): Table {
  const trace = lookAlikes[1]?.(1);
  if (trace === undefined) throw new Error('There is no made-up workload.');
  const workload = workloadOf(firstDays(trace, 7), { scale: 'auto', serviceMs: 200, serviceCv: 1, concurrency: 8 });
  const setting = { workload, min: 1, max: 200, concurrency: 8, sloMs: 200, startUpMs: 23_000, seed: 1 };
  let decisions = 0;
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = process.hrtime.bigint();
    decisions = 0;
    simulate({ ...setting, scaler: () => sluiceScaler(scenarioOf(setting), undefined, () => decisions++) });
    const simulated = Number(process.hrtime.bigint() - before) / 1e9;
    return { simulated, bare: bareDecisions(decisions).seconds };
  });
  const of = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick));
  const ratio = of(({ simulated, bare }) => simulated / bare);
  return {
    columns: ['decisions', 'simulated week s', 'bare decide calls s', 'ratio'],
    rows: [
      [
        decisions,
        Number(of((round) => round.simulated).toFixed(2)),
        Number(of((round) => round.bare).toFixed(2)),
        Number(ratio.toFixed(2)),
      ],
    ],
  };
}
