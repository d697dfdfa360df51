import type { Context, LambdaFunctionURLEvent } from 'aws-lambda';
import type { CustomerAws } from '../accounts/customer-aws.ts';
import { createAdmin } from '../admin/create-admin.ts';
import type { Clock } from '../clock.ts';
import { createCollect } from '../collect/create-collect.ts';
import type { MetricsAws } from '../collect/metrics-aws.ts';
import type { AccountAws } from '../discover/account-aws.ts';
import { createDiscover } from '../discover/create-discover.ts';
import type { Check } from '../doctor/check.ts';
import { createIngest } from '../ingest/create-ingest.ts';
import { createHeldReports } from '../ingest/held-reports.ts';
import { type LambdaHandler, lambdaContext } from '../local/lambda-context.ts';
import { createStreamPump } from '../local/stream-pump.ts';
import { streamRecord } from '../local/stream-record.ts';
import { scaleStream } from '../local/system.ts';
import type { Random } from '../random.ts';
import { createScale } from '../scale/create-scale.ts';
import { createReportStore } from '../stores/report-store.ts';
import type { Table } from '../stores/table.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { createTick } from '../tick/create-tick.ts';
import { atMost } from './at-most.ts';
import { handingOver } from './hand-over.ts';
import { createRoundLeases, type Round } from './rounds.ts';

export type PartName = 'ingest' | 'tick' | 'collect' | 'discover';
export const PARTS: readonly PartName[] = ['ingest', 'tick', 'collect', 'discover'];

export interface EngineOptions {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: Random;
  /** Log lines, figures and notices of one part, under the name that its function has. */
  readonly telemetry: (name: PartName | 'scale' | 'admin') => Telemetry;
  readonly customerAws: CustomerAws;
  readonly accountAws: AccountAws;
  readonly metricsAws: MetricsAws;
  readonly operatorAccountId: string;
  readonly region: string;
  readonly stage: string;
  readonly historyDays: number;
  readonly changeDays: number;
  readonly dueShards: number;
  /** Tells this process from every other that works on the same table. */
  readonly instance: string;
  /** Who asks the admin API; it is open to whoever reaches it. */
  readonly adminCaller: string;
  /** What report URLs begin with; asked once the admin API is, when the port is known. */
  readonly reportsUrl?: () => string | undefined;
  /** What the doctor is to say of this process beside what any Sluice says of itself. */
  readonly ownChecks?: () => Promise<readonly Check[]>;
}

export interface Engine {
  readonly ingest: LambdaHandler<LambdaFunctionURLEvent>;
  readonly admin: LambdaHandler<LambdaFunctionURLEvent>;
  /** What time brings about, each once. */
  readonly rounds: Readonly<Record<Exclude<PartName, 'ingest'>, () => Promise<void>>>;
  /** Resolves once every decision that was handed over has come to its end, and reports that waited for company are stored. */
  idle(): Promise<void>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** As in serverless.yml. */
const TIMEOUT_MS = { ingest: 10_000, admin: 30_000, tick: 55_000, collect: 59_000, discover: 300_000 } as const;
/** Shards of tick at once; within one, accounts and Regions go side by side already. */
const SHARDS_AT_ONCE = 8;
const ACCOUNTS_AT_ONCE = 4;
/** A lease ends before the next round of the one who has it, and soon after it has crashed another takes its place. */
const LEASE_SHARE = 0.9;
/** So that the heartbeat counts it: one sign of life for each round of tick, as with EventBridge's own event. */
const SCHEDULED = { 'detail-type': 'Scheduled Event' } as const;

/**
 * The functions in one process: the same use cases on the same table. A decision is handed to `scale` by the process that wrote
 * it; whatever it is told by a stream elsewhere, or by another replica, one of them claims the decision and acts. Collecting and
 * discovery are done by one of several processes at a time; clusters are claimed one by one by tick anyway.
 */
export function createEngine(options: EngineOptions): Engine {
  const { clock, random, customerAws, operatorAccountId, region, stage, instance } = options;
  let invocation = 0;
  const context = (name: keyof typeof TIMEOUT_MS | 'scale') =>
    lambdaContext(
      `sluice-${stage}-${name}`,
      `${instance}-${++invocation}`,
      name === 'scale' ? scaleStream.timeoutMs : TIMEOUT_MS[name],
      () => clock.now(),
    );

  let sequence = 0;
  const table = handingOver(options.table, (control) => {
    const record = streamRecord({ new: control }, ++sequence, clock.now());
    if (record !== undefined) pump.push(record);
  });
  const base = (name: PartName | 'scale' | 'admin') => {
    const { journal, around } = options.telemetry(name);
    const { historyDays, dueShards } = options;
    return { around, system: { table, clock, random, journal, historyDays, dueShards } };
  };

  const forScale = base('scale');
  const scale = createScale({ ...forScale.system, customerAws, actor: instance });
  const pump = createStreamPump({
    ...scaleStream,
    clock,
    handler: (event) => told(forScale.around, scale)(event, context('scale')),
    onDeadLetter: (record, why) =>
      forScale.system.journal.warn('A decision was given up: tick decides anew', { item: record.dynamodb?.Keys?.['sk']?.S ?? '', why }),
  });

  const forTick = base('tick');
  const someShards = atMost(SHARDS_AT_ONCE);
  const tick: LambdaHandler<unknown, void> = createTick({
    ...forTick.system,
    customerAws,
    fanOut: (event) => someShards(() => tick(event, context('tick'))),
  });
  const forCollect = base('collect');
  const collect: LambdaHandler<unknown, void> = createCollect({
    ...forCollect.system,
    metricsAws: options.metricsAws,
    fanOut: (event) => collect(event, context('collect')),
  });
  const forDiscover = base('discover');
  const someAccounts = atMost(ACCOUNTS_AT_ONCE);
  const discover: LambdaHandler<unknown, { readonly checks: readonly Check[] } | undefined> = createDiscover({
    ...forDiscover.system,
    operatorAccountId,
    homeRegion: region,
    customerAws,
    accountAws: options.accountAws,
    fanOut: async (event) => {
      await someAccounts(() => discover(event, context('discover')));
    },
  });
  const forIngest = base('ingest');
  const held = createHeldReports({ reports: createReportStore(table, { clock }), clock, journal: forIngest.system.journal });
  const ingest = createIngest({ ...forIngest.system, held });
  const forAdmin = base('admin');
  const makeAdmin = (): LambdaHandler<LambdaFunctionURLEvent> => {
    const reportsUrl = options.reportsUrl?.();
    return createAdmin({
      ...forAdmin.system,
      operatorAccountId,
      customerAws,
      stage,
      changeDays: options.changeDays,
      unsignedCaller: options.adminCaller,
      ...(reportsUrl === undefined ? {} : { reportsUrl }),
      examine: async (event) => {
        const examined = await discover(event, context('discover'));
        const aboutUs = event.examine.accountId === undefined ? ((await options.ownChecks?.()) ?? []) : [];
        return { checks: [...(examined?.checks ?? []), ...aboutUs] };
      },
    });
  };
  let made: LambdaHandler<LambdaFunctionURLEvent> | undefined;
  const admin: LambdaHandler<LambdaFunctionURLEvent> = (event, context) => {
    made ??= makeAdmin();
    return made(event, context);
  };

  const leases = createRoundLeases(options.table, clock);
  const alone = async (name: string, everyMs: number, work: () => Promise<unknown>) => {
    if (await leases.take(name, clock.now() + Math.floor(everyMs * LEASE_SHARE))) await work();
  };

  return {
    ingest: told(forIngest.around, ingest),
    admin: told(forAdmin.around, admin),
    rounds: {
      tick: () => told(forTick.around, tick)(SCHEDULED, context('tick')),
      collect: () => alone('collect', MINUTE_MS, () => told(forCollect.around, collect)({}, context('collect'))),
      discover: () => alone('discover', HOUR_MS, () => told(forDiscover.around, discover)({}, context('discover'))),
    },
    async idle() {
      await Promise.all([held.releaseAll(), pump.idle()]);
    },
  };
}

/** Requests overlap here as they never do in a function: none of them is named in the lines, or it would be the wrong one. */
function told<E, R>(around: Telemetry['around'], handler: (event: E, context: Context) => Promise<R>): LambdaHandler<E, R> {
  const wrapped = around((event: E, { context }: { readonly context: Context; readonly awsRequestId?: string }) => handler(event, context));
  return (event, context) => wrapped(event, { context });
}

/** When each round comes; `chance` (0 to 1) spreads the first ones of replicas that start together. */
export const roundsOf = (engine: Pick<Engine, 'rounds'>, parts: ReadonlySet<PartName>, chance: () => number): Round[] =>
  (['tick', 'collect', 'discover'] as const)
    .filter((name) => parts.has(name))
    .map((name) => {
      const everyMs = name === 'discover' ? HOUR_MS : MINUTE_MS;
      // Tick first of all: it says whether table and credentials are there.
      const firstAfterMs = name === 'tick' ? 0 : Math.round(1_000 + chance() * (name === 'discover' ? MINUTE_MS : 9_000));
      return { name, everyMs, firstAfterMs, work: engine.rounds[name] };
    });
