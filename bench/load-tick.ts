import { serviceArn } from '../lib/accounts/service-arn.ts';
import { lambdaContext } from '../lib/local/lambda-context.ts';
import type { ServiceConfig } from '../lib/policy/policy.ts';
import { createConfigStore } from '../lib/stores/config-store.ts';
import { usageBetween } from '../lib/stores/usage.ts';
import { createWatchStore } from '../lib/stores/watch-store.ts';
import { createTick } from '../lib/tick/create-tick.ts';
import { idleHour } from '../test/builders/cost.ts';
import { aPolicy } from '../test/builders/policies.ts';
import { seededRandom, wholeSystem } from '../test/fakes/whole-system.ts';
import { median } from './median.ts';
import type { Table } from './table.ts';

const PER_CLUSTER = 10;

/** One pass of tick in which every cluster is due, its most expensive one. Shards run one after the other here; at AWS side by side. */
export async function tickGrowth(): Promise<Table> {
  const rows: (string | number)[][] = [];
  let first = Number.NaN;
  for (const services of [100, 1_000, 10_000, 100_000]) {
    const { shards, dynamoCalls, awsCalls, units, msPerShard, msOfFirst } = await onePass(services);
    if (services === 100) first = units / services;
    rows.push([
      services,
      shards,
      dynamoCalls / services,
      awsCalls / services,
      units / services,
      units / services / first,
      msPerShard,
      msOfFirst,
    ]);
  }
  return {
    columns: [
      'services',
      'shards',
      'DynamoDB calls each',
      'AWS calls each',
      'units each',
      'units ÷ those at 100',
      'ms CPU a shard',
      'ms CPU of the first',
    ],
    rows,
  };
}

async function onePass(services: number) {
  const system = wholeSystem();
  await system.connect();
  const [configs, watches] = [createConfigStore(system.table), createWatchStore(system.table)];
  for (let i = 0; i < services; i++) {
    const arn = `arn:aws:ecs:us-east-1:111122223333:service/cluster-${Math.floor(i / PER_CLUSTER)}/web-${i}`;
    const config: ServiceConfig = {
      customer: 'acme',
      name: `web-${i}`,
      group: `group-${Math.floor(i / PER_CLUSTER)}`,
      arn,
      policy: aPolicy({ min: 2 }),
    };
    system.aws.put({ arn });
    await configs.put(config);
    const { accountId, region, cluster } = serviceArn(arn);
    await watches.add({ customer: 'acme', accountId, region, cluster }, { service: config.name, group: config.group }, system.clock.now());
    // DynamoDB's pace of a partition is not what is measured here.
    if (i % 20 === 0) await system.clock.advance(1_000);
  }
  const { clock, table, aws } = system;
  const shards: unknown[] = [{}];
  const tick = createTick({
    table,
    clock,
    random: seededRandom(),
    journal: { decision: () => {}, outcome: () => {}, problem: () => {}, warn: () => {} },
    historyDays: 30,
    dueShards: 1,
    customerAws: aws,
    fanOut: async (event) => void shards.push(event),
  });
  const context = lambdaContext('tick', 'bench', 55_000, clock.now);
  const before = table.usage();
  const callsBefore = aws.calls.length;
  const times: number[] = [];
  for (let shard = 0; shard < shards.length; shard++) {
    const cpu = process.cpuUsage();
    await tick(shards[shard], context);
    const { user, system: kernel } = process.cpuUsage(cpu);
    times.push((user + kernel) / 1_000);
    await clock.advance(100);
  }
  const used = usageBetween(before, table.usage());
  return {
    shards: shards.length,
    dynamoCalls: Object.values(used.calls).reduce((sum, n) => sum + n, 0),
    awsCalls: aws.calls.length - callsBefore,
    units: used.writeUnits + used.indexWriteUnits + used.consistentReadUnits + used.eventualReadUnits,
    msPerShard: median(times),
    // The first finds what is due, and looks at a shard's worth itself.
    msOfFirst: times[0] ?? Number.NaN,
  };
}

/** What an idle service costs tick in an hour: at most 10 calls and 100 units with ten services to a cluster. */
export async function idle(): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const perCluster of [10, 1]) {
    const { calls, units } = await idleHour(10, perCluster);
    rows.push([perCluster, calls, units]);
  }
  return { columns: ['services to a cluster', 'calls an hour', 'units an hour'], rows };
}
