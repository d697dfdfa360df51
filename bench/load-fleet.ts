import { createIngest } from '../lib/ingest/create-ingest.ts';
import { lambdaContext } from '../lib/local/lambda-context.ts';
import { type Usage, usageBetween } from '../lib/stores/usage.ts';
import { createTelemetry } from '../lib/telemetry/telemetry.ts';
import { aPolicy } from '../test/builders/policies.ts';
import { minutes } from '../test/builders/times.ts';
import { functionUrlEvent, seededRandom, webReport, wholeSystem } from '../test/fakes/whole-system.ts';

export interface FleetSetting {
  readonly services: number;
  /** Of each service. */
  readonly tasks: number;
  readonly intervalMs: number;
  /** Warm functions that reports spread over evenly: what Lambda promises nothing about, so the dearest way. */
  readonly functions: number;
  /** ms, of the requests that a task tells of in one report. */
  readonly queueTimes: readonly number[];
  /** Rounds of reports that are counted. */
  readonly rounds: number;
}

/** Means per report. */
export interface FleetCost {
  readonly calls: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Read units of strongly consistent reads among them. */
  readonly consistentReadUnits: number;
  /** What a function writes to its log, figures included. */
  readonly logBytes: number;
  /** CPU of this machine in the handler, store in memory. */
  readonly cpuMs: number;
}

const arn = (i: number) => `arn:aws:ecs:us-east-1:111122223333:service/cluster-${i % 10}/web-${i}`;

/** What one report of a fleet costs ingest, counted over the deployed handler and a table that bills as DynamoDB does; each service is a group. */
export async function fleetCost(setting: FleetSetting): Promise<FleetCost> {
  const { services, tasks, intervalMs, functions, queueTimes, rounds } = setting;
  const system = wholeSystem();
  const { clock, table } = system;
  await system.connect();
  const all = Array.from({ length: services }, (_, i) => i);
  for (const i of all) system.aws.put({ arn: arn(i), desired: tasks, running: tasks });
  const { tokens } = await system.apply(
    all.map((i) => ({ customer: 'acme', name: `web-${i}`, group: `group-${i}`, arn: arn(i), policy: aPolicy({ min: tasks, max: tasks }) })),
  );
  await system.tick();
  let logBytes = 0;
  const context = lambdaContext('ingest', 'test', 10_000, clock.now);
  const warm = Array.from({ length: functions }, () => {
    const telemetry = createTelemetry({
      name: 'ingest',
      stage: 'dev',
      deployment: 'sluice',
      clock,
      // CloudWatch counts 26 bytes for each event besides (Amazon CloudWatch Logs user guide, "quotas").
      write: (line) => {
        logBytes += Buffer.byteLength(line) + 26;
      },
    });
    const ingest = createIngest({ table, clock, random: seededRandom(), journal: telemetry.journal, historyDays: 30, dueShards: 1 });
    return telemetry.around(ingest);
  });
  const random = seededRandom(7);
  // Adapters begin whenever they begin, and keep their pace.
  const reporters = all
    .flatMap((service) => Array.from({ length: tasks }, (_, task) => ({ service, task })))
    .map((reporter) => ({ ...reporter, phase: ((random.bytes(1)[0] ?? 0) * 256 + (random.bytes(1)[0] ?? 0)) / 65_536 }))
    .sort((a, b) => a.phase - b.phase);
  let cpuMs = 0;
  const round = async () => {
    const start = clock.now();
    for (const { service, task, phase } of reporters) {
      await clock.runUntil(start + Math.round(phase * intervalMs));
      const body = JSON.stringify(webReport(clock.now(), queueTimes, { container: `a8880ee042bc4db3ba878dce65b769b6-${service}-${task}` }));
      const event = functionUrlEvent('POST', `/${tokens.get(`web-${service}`) ?? ''}/v3/reports`, body, {});
      const before = process.cpuUsage();
      await warm[(random.bytes(1)[0] ?? 0) % functions]?.(event, context);
      const { user, system: kernel } = process.cpuUsage(before);
      cpuMs += (user + kernel) / 1_000;
    }
    await clock.runUntil(start + intervalMs);
  };
  // The window of an evaluation fills first.
  for (let i = 0; i * intervalMs < minutes(5); i++) await round();
  const before = table.usage();
  [logBytes, cpuMs] = [0, 0];
  for (let i = 0; i < rounds; i++) await round();
  return perReport(usageBetween(before, table.usage()), rounds * reporters.length, logBytes, cpuMs);
}

function perReport(used: Usage, reports: number, logBytes: number, cpuMs: number): FleetCost {
  const calls = Object.values(used.calls).reduce((sum, n) => sum + n, 0);
  return {
    calls: calls / reports,
    writeUnits: (used.writeUnits + used.indexWriteUnits) / reports,
    readUnits: (used.consistentReadUnits + used.eventualReadUnits) / reports,
    consistentReadUnits: used.consistentReadUnits / reports,
    logBytes: logBytes / reports,
    cpuMs: cpuMs / reports,
  };
}

/** Queue times as adapters send them: of a service that is well, of one that breaches its target of 50 ms, and of one with few requests. */
export const told = {
  calm: Array.from({ length: 40 }, (_, i) => (i % 7) + (i % 13 === 0 ? 9 : 0)),
  breach: Array.from({ length: 40 }, (_, i) => 200 + 10 * i),
  few: [1, 2],
  none: [],
} as const;
