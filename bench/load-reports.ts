import { performance } from 'node:perf_hooks';
import { usageBetween } from '../lib/stores/usage.ts';
import { webReport } from '../test/fakes/whole-system.ts';
import { told } from './load-fleet.ts';
import { loadSystem } from './load-system.ts';
import type { Table } from './table.ts';

const SECONDS = 12;
const WARM_UP_SECONDS = 21;
/** Reports under way at once. */
const AT_ONCE = 8;

/** As many reports as one core's worth of handler takes, of 2,000 tasks in 200 services, and of a thousand tasks in one. */
export async function reportsPerCore(): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const [about, services, tasks, state] of [
    ['200 services × 10 tasks, calm', 200, 10, 'calm'],
    ['200 services × 10 tasks, every report a breach', 200, 10, 'breach'],
    ['1 service × 1,000 tasks, calm', 1, 1_000, 'calm'],
    ['1 service × 1,000 tasks, every report a breach', 1, 1_000, 'breach'],
  ] as const) {
    rows.push([about, ...(await measure(services, tasks, told[state]))]);
  }
  return {
    columns: ['load', 'reports/s', 'reports/s and core', 'write units a report', 'read units a report', 'ms, median', 'ms, p99'],
    rows,
  };
}

async function measure(services: number, tasks: number, queueTimes: readonly number[]): Promise<number[]> {
  const names = Array.from({ length: services }, (_, i) => ({ customer: 'acme', name: `web-${i}` }));
  const system = await loadSystem(names);
  let next = 0;
  const times: number[] = [];
  const send = async (until: number) => {
    while (performance.now() < until) {
      const reporter = next++ % (services * tasks);
      const began = performance.now();
      const body = webReport(Date.now(), queueTimes, { container: `task-${reporter}`, pid: 1 + Math.floor(next / (services * tasks)) });
      await system.report('acme', `web-${reporter % services}`, body);
      times.push(performance.now() - began);
    }
  };
  const all = (seconds: number) => {
    const until = performance.now() + seconds * 1_000;
    return Promise.all(Array.from({ length: AT_ONCE }, () => send(until)));
  };
  try {
    await all(WARM_UP_SECONDS);
    times.length = 0;
    const [began, loop, usage] = [performance.now(), performance.eventLoopUtilization(), system.usage()];
    await all(SECONDS);
    const seconds = (performance.now() - began) / 1_000;
    const busy = performance.eventLoopUtilization(loop).utilization;
    const used = usageBetween(usage, system.usage());
    const sorted = times.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
    const reports = times.length;
    return [
      reports / seconds,
      reports / seconds / busy,
      used.writeUnits / reports,
      (used.consistentReadUnits + used.eventualReadUnits) / reports,
      at(0.5),
      at(0.99),
    ];
  } finally {
    await system.close();
  }
}
