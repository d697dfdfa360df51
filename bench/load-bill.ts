import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { KeptRow, MeasuredCounts, ReportRow } from '../lib/estimate/measured.ts';
import { idleHourUsage, scaleUsage } from '../test/builders/cost.ts';
import { fleetCost, told } from './load-fleet.ts';
import type { Table } from './table.ts';

const COMMAND = 'npm run bench:load -- bill --write';

interface Row extends Pick<ReportRow, 'state' | 'crowded' | 'tasks' | 'functions' | 'intervalSeconds'> {
  /** Of all services together in 10 s. */
  readonly reports: number;
}

/** What is measured: fleets that are well, and such in which every report breaches its target; many reports to a function, and few. */
const rows = (): Row[] => {
  const row = (state: Row['state'], tasks: number, functions: number, intervalSeconds = 10, reports = functions > 4 ? 320 : 200): Row => ({
    state,
    crowded: reports > 20,
    tasks,
    functions,
    intervalSeconds,
    reports,
  });
  return [
    ...[1, 3, 10, 50].flatMap((tasks) => [1, 2, 4, 8].map((functions) => row('calm', tasks, functions))),
    ...[1, 10, 50].flatMap((tasks) => [1, 4].map((functions) => row('breach', tasks, functions, 10, 100))),
    ...[1, 10, 50].flatMap((tasks) => [30, 60].map((seconds) => row('calm', tasks, 4, seconds))),
    ...[1, 10].flatMap((tasks) => (['calm', 'breach'] as const).map((state) => row(state, tasks, 1, 10, 10))),
  ];
};

/** Counts for `sluice estimate`; with `write` they are stored where it reads them. */
export async function bill(write: boolean, log: (line: string) => void): Promise<Table> {
  const reports: ReportRow[] = [];
  for (const { reports: perSlot, ...row } of rows()) {
    const { tasks, functions, intervalSeconds, state } = row;
    const services = Math.max(1, Math.round(perSlot / tasks));
    const rounds = Math.max(2, Math.ceil(1_000 / (services * tasks)), Math.ceil(60 / intervalSeconds));
    const cost = await fleetCost({ services, tasks, functions, intervalMs: intervalSeconds * 1_000, queueTimes: told[state], rounds });
    const digits = (value: number) => Number(value.toPrecision(3));
    const { calls, writeUnits, readUnits, logBytes, cpuMs } = cost;
    reports.push({
      ...row,
      calls: digits(calls),
      writeUnits: digits(writeUnits),
      readUnits: digits(readUnits),
      logBytes: digits(logBytes),
      cpuMs: digits(cpuMs),
    });
    log(
      `${state}, ${services} services of ${tasks}, every ${intervalSeconds} s, ${functions} functions: ${digits(writeUnits)} write units a report`,
    );
  }
  const idle = await idleHourUsage(10, 10);
  const counts: MeasuredCounts = {
    date: new Date().toISOString().slice(0, 10),
    command: COMMAND,
    reports,
    tickPerServiceHour: { writeUnits: idle.writeUnits, readUnits: idle.readUnits, calls: idle.calls },
    scalePerDecision: await scaleUsage(),
  };
  if (write) {
    const path = join(resolve(import.meta.dirname, '..'), 'lib/estimate/measured-counts.ts');
    writeFileSync(path, sourceOf(counts));
    execFileSync('npx', ['biome', 'check', '--write', path], { stdio: 'ignore' });
  }
  return {
    columns: [
      'state',
      'tasks of a service',
      'interval s',
      'warm functions',
      'many reports',
      'write units',
      'read units',
      'calls',
      'CPU ms',
    ],
    rows: reports.map((r) => [
      r.state,
      r.tasks,
      r.intervalSeconds,
      r.functions,
      r.crowded ? 'yes' : 'no',
      r.writeUnits,
      r.readUnits,
      r.calls,
      r.cpuMs,
    ]),
  };
}

function sourceOf({ reports, ...rest }: MeasuredCounts): string {
  const { date, command, ...others } = rest;
  const rows = reports.map((r) => {
    const kept: KeptRow = [
      r.state,
      r.crowded,
      r.tasks,
      r.functions,
      r.intervalSeconds,
      r.calls,
      r.writeUnits,
      r.readUnits,
      r.logBytes,
      r.cpuMs,
    ];
    return `reportRow(${kept.map((value) => JSON.stringify(value)).join(', ')}),`;
  });
  return `import { type MeasuredCounts, reportRow } from './measured.ts';

/** Written by \`${command}\`: calls, write units, read units, bytes of log and ms of CPU of a report. */
export const measuredCounts: MeasuredCounts = {
  date: ${JSON.stringify(date)},
  command: ${JSON.stringify(command)},
  reports: [${rows.join('\n')}],
  ${JSON.stringify(others).slice(1, -1)},
};
`;
}
