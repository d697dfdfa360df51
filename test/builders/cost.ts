import { type Usage, usageBetween } from '../../lib/stores/usage.ts';
import { webReport, wholeSystem } from '../fakes/whole-system.ts';
import { aPolicy } from './policies.ts';
import { minutes, seconds } from './times.ts';

const arn = (name: string, cluster = 'shop') => `arn:aws:ecs:us-east-1:111122223333:service/${cluster}/${name}`;

const unitsOf = (used: Usage) => used.consistentReadUnits + used.eventualReadUnits + used.writeUnits + used.indexWriteUnits;

export interface Cost {
  readonly calls: number;
  readonly units: number;
  readonly writeUnits: number;
}

/** Reports every 10 s of each of `reporters`, spread over the services of one group, for `slots` slots; the cost of one report. */
export async function costPerReport(options: {
  reporters: number;
  services: number;
  queueTimes: readonly number[];
  slots?: number;
}): Promise<Cost> {
  const { reporters, services, queueTimes, slots = 12 } = options;
  const system = wholeSystem();
  await system.connect();
  const names = Array.from({ length: services }, (_, i) => `web-${i}`);
  for (const name of names) system.aws.put({ arn: arn(name) });
  const { tokens } = await system.apply(
    names.map((name) => ({ customer: 'acme', name, group: 'shop', arn: arn(name), policy: aPolicy({ min: 2, max: 2 }) })),
  );
  await system.tick();
  const tokenOf = (reporter: number) => tokens.get(names[reporter % services] ?? '') ?? '';
  const slot = async () => {
    const gap = seconds(10) / reporters;
    for (let reporter = 0; reporter < reporters; reporter++) {
      await system.report(tokenOf(reporter), webReport(system.clock.now(), queueTimes, { container: `task-${reporter}` }));
      await system.clock.advance(gap);
    }
  };
  // The wide window fills before anything is counted.
  for (let i = 0; i < 6; i++) await slot();
  const before = system.table.usage();
  for (let i = 0; i < slots; i++) await slot();
  const used = usageBetween(before, system.table.usage());
  const reports = slots * reporters;
  const calls = Object.values(used.calls).reduce((sum, n) => sum + n, 0);
  return { calls: calls / reports, units: unitsOf(used) / reports, writeUnits: (used.writeUnits + used.indexWriteUnits) / reports };
}

/** Calls (of DynamoDB and at customers) and capacity units that an idle service costs tick in an hour. */
export async function idleHour(clusters: number, perCluster: number): Promise<{ readonly calls: number; readonly units: number }> {
  const { calls, writeUnits, readUnits } = await idleHourUsage(clusters, perCluster);
  return { calls, units: writeUnits + readUnits };
}

interface Spent {
  readonly calls: number;
  readonly writeUnits: number;
  readonly readUnits: number;
}

/** The same, with writes and reads apart. */
export async function idleHourUsage(clusters: number, perCluster: number): Promise<Spent> {
  const system = wholeSystem();
  await system.connect();
  const configs = Array.from({ length: clusters }, (_, c) =>
    Array.from({ length: perCluster }, (_unused, s) => ({
      customer: 'acme',
      name: `web-${c}-${s}`,
      group: `shop-${c}`,
      arn: arn(`web-${c}-${s}`, `cluster-${c}`),
      policy: aPolicy({ min: 2 }),
    })),
  ).flat();
  for (const config of configs) system.aws.put({ arn: config.arn });
  await system.apply(configs);
  const pass = async (howMany: number) => {
    for (let minute = 0; minute < howMany; minute++) {
      await system.tick();
      await system.clock.advance(minutes(1));
    }
  };
  await pass(10);
  const before = system.table.usage();
  const callsBefore = system.aws.calls.length;
  await pass(60);
  const used = usageBetween(before, system.table.usage());
  // A warm function assumes a role once an hour; the fake keeps no sessions, so one is counted for each cluster.
  const atCustomers = system.aws.calls.slice(callsBefore).filter((call) => call.action !== 'sts:AssumeRole').length + clusters;
  const calls = Object.values(used.calls).reduce((sum, n) => sum + n, 0) + atCustomers;
  return {
    calls: calls / configs.length,
    writeUnits: (used.writeUnits + used.indexWriteUnits) / configs.length,
    readUnits: (used.consistentReadUnits + used.eventualReadUnits) / configs.length,
  };
}

/** What a decision costs from the record of the stream to the stored outcome. */
export async function scaleUsage(): Promise<Spent> {
  const system = wholeSystem();
  await system.connect();
  system.aws.put({ arn: arn('web') });
  const { tokens } = await system.apply([{ customer: 'acme', name: 'web', group: 'shop', arn: arn('web'), policy: aPolicy({ min: 2 }) }]);
  await system.tick();
  await system.deliver();
  for (let i = 0; i < 6; i++) {
    await system.report(tokens.get('web') ?? '', webReport(system.clock.now(), queueTimesOf.breach));
    await system.clock.advance(seconds(1));
  }
  const records = system.stream.length;
  if (records === 0) throw new Error('a breach leads to a decision');
  const before = system.table.usage();
  const callsBefore = system.aws.calls.length;
  await system.deliver();
  const used = usageBetween(before, system.table.usage());
  const calls = Object.values(used.calls).reduce((sum, n) => sum + n, 0) + system.aws.calls.length - callsBefore;
  return {
    calls: calls / records,
    writeUnits: (used.writeUnits + used.indexWriteUnits) / records,
    readUnits: (used.consistentReadUnits + used.eventualReadUnits) / records,
  };
}

/** A group in calm, and one that breaches its target in every report. */
export const queueTimesOf = { calm: [1, 2, 1, 2, 1, 1, 3, 1, 2, 1, 1, 2], breach: Array.from({ length: 30 }, () => 400) } as const;
