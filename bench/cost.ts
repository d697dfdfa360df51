import { costPerReport, idleHour, queueTimesOf } from '../test/builders/cost.ts';
import type { Table } from './table.ts';

/** Counted, not timed: DynamoDB calls and capacity units of one report, by number of reporters and size of the group. */
export async function reportCost(): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const [state, queueTimes] of Object.entries(queueTimesOf)) {
    for (const [reporters, services, slots] of [
      [1, 1, 12],
      [10, 1, 12],
      [1_000, 1, 3],
      [50, 1, 12],
      [50, 50, 12],
    ] as const) {
      const { calls, units, writeUnits } = await costPerReport({ reporters, services, queueTimes, slots });
      rows.push([state, reporters, services, calls, writeUnits, units]);
    }
  }
  return { columns: ['group', 'reporters', 'services', 'calls', 'write units', 'units in all'], rows };
}

/** Counted: what an idle service costs tick in an hour. */
export async function tickCost(): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const perCluster of [10, 1]) {
    const { calls, units } = await idleHour(10, perCluster);
    rows.push([perCluster, calls, units]);
  }
  return { columns: ['services to a cluster', 'calls an hour', 'units an hour'], rows };
}
