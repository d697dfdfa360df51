import { performance } from 'node:perf_hooks';
import { type Clock, systemClock } from '../lib/clock.ts';
import { usageBetween } from '../lib/stores/usage.ts';
import { webReport } from '../test/fakes/whole-system.ts';
import { told } from './load-fleet.ts';
import { loadSystem } from './load-system.ts';
import type { Table } from './table.ts';

/** Reports under way at once. */
const AT_ONCE = 4;
const INTERVAL_MS = 10_000;

/** Reports that a CPU second of the handler takes, of 500 tasks in 50 services, and of a thousand tasks in one. */
export async function reportsPerCore(): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const [about, services, tasks, state, warmUp] of [
    ['50 services × 10 tasks, calm', 50, 10, 'calm', 3_200],
    ['20 services × 10 tasks, every report a breach', 20, 10, 'breach', 800],
    ['1 service × 1,000 tasks, calm', 1, 1_000, 'calm', 6_500],
    ['1 service × 1,000 tasks, every report a breach', 1, 1_000, 'breach', 1_000],
  ] as const) {
    rows.push([about, ...(await measure(services, tasks, told[state], warmUp))]);
  }
  return {
    columns: ['load', 'reports', 'reports/CPU second', 'write units a report', 'read units a report', 'ms, median', 'failed'],
    rows,
  };
}

/** Time goes on with the reports, each task telling every 10 s of it, however fast they are taken. */
async function measure(services: number, tasks: number, queueTimes: readonly number[], warmUp: number): Promise<number[]> {
  const names = Array.from({ length: services }, (_, i) => ({ customer: 'acme', name: `web-${i}` }));
  const started = Date.now();
  let sent = 0;
  const clock: Clock = { now: () => started + Math.floor((sent * INTERVAL_MS) / (services * tasks)), sleep: systemClock.sleep };
  const system = await loadSystem(names, clock);
  const times: number[] = [];
  let failed = 0;
  const send = async (until: number) => {
    while (sent < until) {
      const reporter = sent++ % (services * tasks);
      const began = performance.now();
      const body = webReport(clock.now(), queueTimes, { container: `task-${reporter}` });
      if (!(await system.report('acme', `web-${reporter % services}`, body))) failed++;
      times.push(performance.now() - began);
    }
  };
  const all = (count: number) => {
    const until = sent + count;
    return Promise.all(Array.from({ length: AT_ONCE }, () => send(until)));
  };
  try {
    await all(warmUp);
    times.length = 0;
    failed = 0;
    const [cpu, usage] = [process.cpuUsage(), system.usage()];
    await all(2_000);
    const { user, system: kernel } = process.cpuUsage(cpu);
    const used = usageBetween(usage, system.usage());
    const reports = times.length;
    return [
      reports,
      reports / ((user + kernel) / 1e6),
      used.writeUnits / reports,
      (used.consistentReadUnits + used.eventualReadUnits) / reports,
      times.toSorted((a, b) => a - b)[reports >> 1] ?? Number.NaN,
      failed,
    ];
  } finally {
    await system.close();
  }
}
