import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { CustomerAws } from '../accounts/customer-aws.ts';
import { serviceArn } from '../accounts/service-arn.ts';
import { createAdmin } from '../admin/create-admin.ts';
import { listServices } from '../admin/list-services.ts';
import type { Clock } from '../clock.ts';
import { createCollect } from '../collect/create-collect.ts';
import type { MetricsAws } from '../collect/metrics-aws.ts';
import type { AccountAws } from '../discover/account-aws.ts';
import { createDiscover } from '../discover/create-discover.ts';
import { createIngest } from '../ingest/create-ingest.ts';
import type { Journal } from '../journal.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { Random } from '../random.ts';
import { createScale } from '../scale/create-scale.ts';
import { createConfigStore } from '../stores/config-store.ts';
import { createControlStore } from '../stores/control-store.ts';
import type { TableChange } from '../stores/memory-table.ts';
import { createReportStore } from '../stores/report-store.ts';
import type { Table } from '../stores/table.ts';
import { createWatchStore } from '../stores/watch-store.ts';
import { createTick } from '../tick/create-tick.ts';
import type { EventPattern } from './event-pattern.ts';
import { type LambdaHandler, lambdaContext } from './lambda-context.ts';
import type { ServiceStatus } from './output.ts';
import { serviceStatuses, type TaskCounts } from './service-status.ts';
import { LOCAL_STAGE } from './stand-in/stacks.ts';
import { createStreamPump } from './stream-pump.ts';
import { streamRecord } from './stream-record.ts';

/** The functions that reach customers' accounts, each with keys and a role of its own. */
export type CustomerFacing = 'tick' | 'scale' | 'discover' | 'admin';

export interface LocalSystemOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  /** The table, which tells `onChange` of each write, in commit order. */
  readonly makeTable: (onChange: (change: TableChange) => void) => Table;
  readonly customerAws: (as: CustomerFacing) => CustomerAws;
  readonly accountAws: () => AccountAws;
  /** Absent: nothing is collected. */
  readonly metricsAws?: () => MetricsAws;
  readonly operatorAccountId: string;
  readonly foreignStsOnLoopback?: boolean;
}

export interface LocalSystem {
  readonly ingest: LambdaHandler<LambdaFunctionURLEvent>;
  readonly admin: LambdaHandler<LambdaFunctionURLEvent>;
  /** One tick at which every cluster is due. */
  look(): Promise<void>;
  /** One round of collecting, in which everything is due. */
  collect(): Promise<void>;
  /** One round of discovery through all connected accounts. */
  discover(): Promise<void>;
  /** All services under care. */
  services(): Promise<ServiceConfig[]>;
  /** What each of these looks like now. */
  status(services: readonly ServiceConfig[], tasksOf: (service: ServiceConfig) => TaskCounts): Promise<ServiceStatus[]>;
  /** Tasks of all services by ARN, as they were last seen. */
  lastSeen(): Promise<Map<string, TaskCounts>>;
  /** Lets what the stream woke come to its end, and starts nothing new. */
  stop(): Promise<void>;
}

/** As in serverless.yml; a test holds the two together. */
export const scaleStream = {
  filter: { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { act: { S: [{ exists: true }] } } } } satisfies EventPattern,
  batchSize: 10,
  lanes: 10,
  retries: 3,
  maxAgeMs: 60_000,
  timeoutMs: 30_000,
};
const TICK_TIMEOUT_MS = 55_000;
const COLLECT_TIMEOUT_MS = 59_000;
const DISCOVER_TIMEOUT_MS = 300_000;
const LOCAL_REGION = 'us-east-1';
const HISTORY_DAYS = 1;
const DUE_SHARDS = 1;
/** Somebody watches: a chart should show something after a minute. */
const POINT_MS = 5_000;

/**
 * All functions in one process: the very handlers that are deployed, with a stream between table and `scale`, and `tick`
 * called instead of scheduled. Runs under a virtual clock as well as under the real one.
 */
export function createLocalSystem(options: LocalSystemOptions): LocalSystem {
  const { clock, random, journal, operatorAccountId, foreignStsOnLoopback } = options;
  let sequence = 0;
  let invocation = 0;
  const context = (name: string, timeoutMs: number) =>
    lambdaContext(`sluice-local-${name}`, `local-${++invocation}`, timeoutMs, () => clock.now());

  const table = options.makeTable((change) => {
    const record = streamRecord(change, ++sequence, clock.now());
    if (record !== undefined) pump.push(record);
  });
  const base = { table, clock, random, journal, historyDays: HISTORY_DAYS, dueShards: DUE_SHARDS, pointMs: POINT_MS };
  const scale = createScale({ ...base, customerAws: options.customerAws('scale') });
  const pump = createStreamPump({
    ...scaleStream,
    clock,
    handler: (event) => scale(event, context('scale', scaleStream.timeoutMs)),
    onDeadLetter: (record, why) =>
      journal.warn('A decision was given up: it goes to the dead-letter queue', { item: record.dynamodb?.Keys?.['sk']?.S ?? '', why }),
  });
  const tick = createTick({
    ...base,
    customerAws: options.customerAws('tick'),
    // Lambda would invoke it asynchronously: nobody waits, and a failure is the log's.
    fanOut: async (event) => {
      void tick(event, context('tick', TICK_TIMEOUT_MS)).catch((error: unknown) =>
        journal.warn('A shard of tick failed', { error: String(error) }),
      );
    },
  });
  const metricsAws = options.metricsAws?.();
  // What is deployed does so once a minute; somebody is watching this one, and calls it more often.
  const collect: LambdaHandler<unknown, void> | undefined =
    metricsAws &&
    createCollect({
      ...base,
      metricsAws,
      wholeMinute: false,
      fanOut: async (event) => collect?.(event, context('collect', COLLECT_TIMEOUT_MS)),
    });
  const ingest = createIngest(base);
  const own = { operatorAccountId, homeRegion: LOCAL_REGION, ...(foreignStsOnLoopback === undefined ? {} : { foreignStsOnLoopback }) };
  const discover = createDiscover({
    ...base,
    ...own,
    customerAws: options.customerAws('discover'),
    accountAws: options.accountAws(),
    fanOut: async (event) => {
      await discover(event, context('discover', DISCOVER_TIMEOUT_MS));
    },
  });
  const admin = createAdmin({
    ...base,
    ...own,
    customerAws: options.customerAws('admin'),
    examine: (event) => discover(event, context('discover', DISCOVER_TIMEOUT_MS)),
    stage: LOCAL_STAGE,
    unsignedCaller: 'local',
  });

  const configs = createConfigStore(table);
  const reports = createReportStore(table, { clock });
  const controls = createControlStore(table);
  const watches = createWatchStore(table, { shards: DUE_SHARDS });
  const services = async () => (await Promise.all((await configs.customers()).map((customer) => configs.ofCustomer(customer)))).flat();

  return {
    ingest: (event, lambda) => ingest(event, lambda),
    admin: (event, lambda) => admin(event, lambda),
    look: async () => {
      const now = clock.now();
      const keys = new Map(
        (await services()).map(({ customer, arn }) => {
          const { accountId, region, cluster } = serviceArn(arn);
          return [[customer, accountId, region, cluster].join('#'), { customer, accountId, region, cluster }] as const;
        }),
      );
      // What is deployed looks at services at rest every few minutes; somebody is watching this one.
      for (const key of keys.values()) await watches.hasten(key, now);
      await tick({}, context('tick', TICK_TIMEOUT_MS));
    },
    collect: async () => collect?.({}, context('collect', COLLECT_TIMEOUT_MS)),
    discover: async () => {
      await discover({}, context('discover', DISCOVER_TIMEOUT_MS));
    },
    services,
    status: (asked, tasksOf) =>
      serviceStatuses(asked, reports, async (customer, group) => (await configs.group(customer, group)).shards, tasksOf, clock.now()),
    lastSeen: async () => {
      const listed = await listServices({ configs, controls }, undefined);
      return new Map(listed.map(({ arn, running, pending, desired }) => [arn, { running, pending, desired }]));
    },
    stop: () => pump.stop(),
  };
}
