/** What one report costs ingest, counted; means. */
export interface ReportRow {
  /** `breach`: every report is over its target. */
  readonly state: 'calm' | 'breach';
  /** Each warm function receives at least two reports a second, so that calm ones share items. */
  readonly crowded: boolean;
  /** Of each service. */
  readonly tasks: number;
  /** Warm functions that the reports spread over evenly. */
  readonly functions: number;
  readonly intervalSeconds: number;
  readonly calls: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly logBytes: number;
  /** CPU of the measuring machine, without the database. */
  readonly cpuMs: number;
}

/** A row as it is kept: in the order of `ReportRow`. */
export type KeptRow = readonly [
  state: ReportRow['state'],
  crowded: boolean,
  tasks: number,
  functions: number,
  intervalSeconds: number,
  calls: number,
  writeUnits: number,
  readUnits: number,
  logBytes: number,
  cpuMs: number,
];

export const reportRow = (
  ...[state, crowded, tasks, functions, intervalSeconds, calls, writeUnits, readUnits, logBytes, cpuMs]: KeptRow
): ReportRow => ({
  state,
  crowded,
  tasks,
  functions,
  intervalSeconds,
  calls,
  writeUnits,
  readUnits,
  logBytes,
  cpuMs,
});

export interface MeasuredCounts {
  readonly date: string;
  /** What counted them. */
  readonly command: string;
  readonly reports: readonly ReportRow[];
  /** An idle service, ten to a cluster; calls of DynamoDB and at the customer's. */
  readonly tickPerServiceHour: { readonly writeUnits: number; readonly readUnits: number; readonly calls: number };
  /** From the stream's record to the stored outcome. */
  readonly scalePerDecision: { readonly writeUnits: number; readonly readUnits: number; readonly calls: number };
}

/**
 * Cost of a report of a service with so many tasks: between the measured numbers of tasks by their logarithm, beyond them that of the
 * nearest. Of functions and intervals the next larger one that was measured counts.
 */
export function costOfReport(
  rows: readonly ReportRow[],
  wanted: Pick<ReportRow, 'state' | 'crowded' | 'tasks' | 'functions' | 'intervalSeconds'>,
): Pick<ReportRow, 'calls' | 'writeUnits' | 'readUnits' | 'logBytes' | 'cpuMs'> {
  const atLeast = (all: readonly ReportRow[], key: 'functions' | 'intervalSeconds') => {
    const values = [...new Set(all.map((row) => row[key]))].sort((a, b) => a - b);
    const chosen = values.find((value) => value >= wanted[key]) ?? values.at(-1);
    return all.filter((row) => row[key] === chosen);
  };
  const crowd = rows.filter((row) => row.state === wanted.state && row.crowded === wanted.crowded);
  const fitting = atLeast(atLeast(crowd, 'intervalSeconds'), 'functions').toSorted((a, b) => a.tasks - b.tasks);
  const below = fitting.findLast(({ tasks }) => tasks <= wanted.tasks) ?? fitting[0];
  const above = fitting.find(({ tasks }) => tasks >= wanted.tasks) ?? below;
  if (!below || !above) throw new RangeError(`nothing was measured for ${JSON.stringify(wanted)}`);
  const share = above.tasks > below.tasks ? Math.log(wanted.tasks / below.tasks) / Math.log(above.tasks / below.tasks) : 0;
  const between = (key: 'calls' | 'writeUnits' | 'readUnits' | 'logBytes' | 'cpuMs') => below[key] + share * (above[key] - below[key]);
  return {
    calls: between('calls'),
    writeUnits: between('writeUnits'),
    readUnits: between('readUnits'),
    logBytes: between('logBytes'),
    cpuMs: between('cpuMs'),
  };
}
