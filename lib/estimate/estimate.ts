import { alternatives } from './alternatives.ts';
import { type Fleet, HOURS, type Line } from './fleet.ts';
import { costOfReport, type MeasuredCounts } from './measured.ts';
import type { Prices } from './prices.ts';

export interface Estimate {
  readonly lines: readonly Line[];
  readonly total: number;
  /** Warm ingest functions that the counts are of. */
  readonly functions: number;
  readonly alternatives: readonly Line[];
  /** What the customers' accounts pay. */
  readonly customer: readonly Line[];
}

/** Memory of each function in serverless.yml, GB; a test compares. */
export const MEMORY_GB = { ingest: 0.75, tick: 0.5, collect: 0.25, scale: 0.5, discover: 0.5 } as const;

/** What cannot be counted on one machine, and is taken to be so. */
export const ASSUMED = {
  /** Of one call of DynamoDB from a function in the same Region, ms. */
  databaseMs: 4,
  /** Of one call of ECS or STS, ms. */
  customerMs: 100,
  /** A function has a CPU of its own from 1,769 MB on, and less by its memory. */
  memoryOfOneCpuGb: 1.769,
  /** Scale decisions of a service in a day. */
  decisionsADay: 24,
  /** Bytes that a decision, its outcome and what goes with them write to the logs. */
  decisionLogBytes: 4_000,
  /** Metrics in use: counts by code, outcome and reason, and times. */
  metrics: 24,
  alarms: 14,
  /** Metrics that these look at, each of which is paid for. */
  alarmMetrics: 22,
  dashboards: 1,
  /** What is stored for a service: control, policy, a month's history and points for charts. */
  storedKb: 600,
} as const;

/** Functions that are warm where reports arrive at random: their load and three standard deviations of it. */
const warmFunctions = (load: number) => Math.max(1, Math.ceil(load + 3 * Math.sqrt(load)));

/** A month's bill, by line: counted work at list prices. */
export function estimate(fleet: Fleet, counts: MeasuredCounts, prices: Prices): Estimate {
  const { services, tasks, intervalSeconds, busy } = fleet;
  const perSecond = (services * tasks) / intervalSeconds;
  const reports = perSecond * HOURS * 3_600;
  const shares = { calm: 1 - busy, breach: busy } as const;
  const at = (functions: number) => {
    const crowded = perSecond >= 3 * functions;
    const of = (state: 'calm' | 'breach') => costOfReport(counts.reports, { state, crowded, tasks, functions, intervalSeconds });
    const [calm, breach] = [of('calm'), of('breach')];
    const mean = (key: keyof typeof calm) => shares.calm * calm[key] + shares.breach * breach[key];
    const ms = (mean('cpuMs') * ASSUMED.memoryOfOneCpuGb) / MEMORY_GB.ingest + mean('calls') * ASSUMED.databaseMs;
    return { ms, writeUnits: mean('writeUnits'), readUnits: mean('readUnits'), logBytes: mean('logBytes') };
  };
  // More functions make a report dearer, and a dearer report keeps more functions busy: twice is enough.
  const functions = warmFunctions((perSecond * at(warmFunctions((perSecond * at(1).ms) / 1_000)).ms) / 1_000);
  const report = at(functions);

  const minutes = HOURS * 60;
  const { tickPerServiceHour, scalePerDecision } = counts;
  const decisions = services * ASSUMED.decisionsADay * (HOURS / 24);
  const serviceHours = services * HOURS;
  const looks = (serviceHours * 10) / 10;
  const tickCalls = minutes + looks / 20;
  const tickMs = tickPerServiceHour.calls * serviceHours * ASSUMED.databaseMs + looks * ASSUMED.customerMs + minutes * ASSUMED.databaseMs;
  const scaleMs = decisions * (scalePerDecision.calls * ASSUMED.databaseMs + 2 * ASSUMED.customerMs);
  const writes = reports * report.writeUnits + serviceHours * tickPerServiceHour.writeUnits + decisions * scalePerDecision.writeUnits;
  const reads = reports * report.readUnits + serviceHours * tickPerServiceHour.readUnits + decisions * scalePerDecision.readUnits;
  const logBytes = reports * report.logBytes + decisions * ASSUMED.decisionLogBytes;
  const requests = (name: string, count: number): Line => ({
    name: `Lambda requests, ${name}`,
    usd: (count / 1e6) * prices.lambdaMillionRequests,
    how: `${millions(count)} requests`,
  });
  // A started millisecond counts whole.
  const time = (name: keyof typeof MEMORY_GB, count: number, ms: number): Line => {
    const billed = ms + count / 2;
    return {
      name: `Lambda time, ${name}`,
      usd: (billed / 1_000) * MEMORY_GB[name] * prices.lambdaGbSecond,
      how: `${count === 0 ? 0 : (billed / count).toFixed(1)} ms each of ${MEMORY_GB[name] * 1_024} MB`,
    };
  };
  const others = minutes + decisions + HOURS;
  const lines: Line[] = [
    requests('ingest', reports),
    requests('tick, collect, scale, discover', tickCalls + others),
    time('ingest', reports, reports * report.ms),
    time('tick', tickCalls, tickMs),
    time('collect', minutes, minutes * 3 * ASSUMED.databaseMs),
    time('scale', decisions, scaleMs),
    time('discover', HOURS, HOURS * 10 * ASSUMED.customerMs),
    {
      name: 'DynamoDB writes',
      usd: (writes / 1e6) * prices.dynamoMillionWrites,
      how: `${millions(writes)} units, ${report.writeUnits.toFixed(2)} a report`,
    },
    {
      name: 'DynamoDB reads',
      usd: (reads / 1e6) * prices.dynamoMillionReads,
      how: `${millions(reads)} units, ${report.readUnits.toFixed(2)} a report`,
    },
    {
      name: 'DynamoDB storage',
      usd: ((services * ASSUMED.storedKb) / 1e6) * prices.dynamoGbMonth,
      how: `${ASSUMED.storedKb} kB a service`,
    },
    { name: 'DynamoDB stream', usd: 0, how: 'reads by a Lambda trigger have no price' },
    { name: 'logs', usd: (logBytes / 1e9) * prices.logsGb, how: `${(logBytes / 1e9).toFixed(2)} GB` },
    { name: 'metrics', usd: ASSUMED.metrics * prices.metricMonth, how: `${ASSUMED.metrics} metrics, by Embedded Metric Format` },
    {
      name: 'alarms and dashboard',
      usd: ASSUMED.alarmMetrics * prices.alarmMonth + ASSUMED.dashboards * prices.dashboardMonth,
      how: `${ASSUMED.alarms} alarms on ${ASSUMED.alarmMetrics} metrics`,
    },
    { name: 'EventBridge', usd: 0, how: 'schedules by the minute have no price' },
    { name: 'STS', usd: 0, how: 'has no price' },
    { name: 'data transfer', usd: 0, how: 'tasks in the Region of the report endpoint' },
  ];
  return {
    lines,
    total: lines.reduce((sum, { usd }) => sum + usd, 0),
    functions,
    alternatives: alternatives(fleet, prices),
    customer: [
      {
        name: 'GetMetricData, each CloudWatch target of a policy',
        usd: (minutes * prices.thousandMetricsRead) / 1_000,
        how: 'once a minute; targets on reports and on depths of SQS queues cost customers none of it',
      },
    ],
  };
}

const millions = (count: number) => `${(count / 1e6).toFixed(count >= 1e7 ? 0 : 2)} million`;
