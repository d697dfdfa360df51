import type { DynamoDBRecord, LambdaFunctionURLEvent } from 'aws-lambda';
import { createAdmin } from '../../lib/admin/create-admin.ts';
import { createCollect } from '../../lib/collect/create-collect.ts';
import { createDiscover } from '../../lib/discover/create-discover.ts';
import { createIngest } from '../../lib/ingest/create-ingest.ts';
import type { Journal } from '../../lib/journal.ts';
import { lambdaContext } from '../../lib/local/lambda-context.ts';
import { streamRecord } from '../../lib/local/stream-record.ts';
import type { ServiceConfig } from '../../lib/policy/policy.ts';
import { storeServiceConfig } from '../../lib/policy/store-policy.ts';
import type { Random } from '../../lib/random.ts';
import { createScale } from '../../lib/scale/create-scale.ts';
import { createMemoryTable } from '../../lib/stores/memory-table.ts';
import type { OutcomeRecord, Problem, StoredDecision } from '../../lib/stores/records.ts';
import type { Table } from '../../lib/stores/table.ts';
import { allJournals } from '../../lib/telemetry/all-journals.ts';
import { createTick } from '../../lib/tick/create-tick.ts';
import { createVirtualClock } from '../../lib/virtual-clock.ts';
import { T0 } from '../builders/times.ts';
import { fakeAccountAws } from './fake-account-aws.ts';
import { fakeCustomerAws } from './fake-customer-aws.ts';
import { fakeMetricsAws } from './fake-metrics-aws.ts';

/** Bytes that differ from call to call and are the same in every run. */
export function seededRandom(seed = 1): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  return { bytes: (count) => Uint8Array.from({ length: count }, next) };
}

export type FunctionName = 'ingest' | 'tick' | 'collect' | 'scale' | 'discover' | 'admin';

export interface Told {
  readonly decisions: { service: string; decision: StoredDecision }[];
  readonly outcomes: { service: string; outcome: OutcomeRecord }[];
  readonly problems: { service: string; problem: Problem }[];
  readonly warnings: { message: string; fields: Readonly<Record<string, unknown>> }[];
}

/**
 * The deployed handlers, unchanged, over a table and a customer's AWS in memory, under a virtual clock. The
 * stream is in the test's hands: `stream` holds what was written, `deliver()` hands it to `scale`.
 */
export function wholeSystem(
  options: {
    readonly accountId?: string;
    readonly journal?: (now: () => number) => Journal;
    readonly reportsUrl?: string;
    /** What stands between a function and the table, such as faults or a record of its calls. */
    readonly tableOf?: (name: FunctionName, table: Table) => Table;
    /** What each invocation is told that it has left; half a minute unless said. */
    readonly remainingMs?: number;
  } = {},
) {
  const clock = createVirtualClock(T0);
  const random = seededRandom();
  const told: Told = { decisions: [], outcomes: [], problems: [], warnings: [] };
  const recorder: Journal = {
    decision: ({ service }, decision) => void told.decisions.push({ service, decision }),
    outcome: ({ service }, outcome) => void told.outcomes.push({ service, outcome }),
    problem: ({ service }, problem) => void told.problems.push({ service, problem }),
    warn: (message, fields) => void told.warnings.push({ message, fields }),
  };
  const journal = options.journal ? allJournals([recorder, options.journal(clock.now)]) : recorder;
  const stream: DynamoDBRecord[] = [];
  let sequence = 0;
  const table = createMemoryTable({
    clock,
    random,
    onChange: (change) => {
      // As the filter of the event source mapping in serverless.yml.
      if (typeof change.new?.act !== 'string') return;
      sequence += 1;
      const record = streamRecord(change, sequence, clock.now());
      if (record) stream.push(record);
    },
  });
  const aws = fakeCustomerAws();
  const accountAws = fakeAccountAws(() => clock.now());
  const base = { table, clock, random, journal, historyDays: 30, dueShards: 1, customerAws: aws };
  const context = lambdaContext('test', 'test', options.remainingMs ?? 30_000, () => clock.now());
  const tableOf = (name: FunctionName): Table => options.tableOf?.(name, table) ?? table;
  const ingest = createIngest({ ...base, table: tableOf('ingest') });
  const scale = createScale({ ...base, table: tableOf('scale') });
  const fanned: unknown[] = [];
  const tick = createTick({
    ...base,
    table: tableOf('tick'),
    fanOut: async (event) => {
      fanned.push(event);
      await tick(event, context);
    },
  });
  const metricsAws = fakeMetricsAws();
  const collected: unknown[] = [];
  const collect = createCollect({
    ...base,
    table: tableOf('collect'),
    metricsAws,
    fanOut: async (event) => {
      collected.push(event);
      await collect(event, context);
    },
  });
  const own = { operatorAccountId: '000000000000', homeRegion: 'us-east-1', accountAws };
  // Of its own each time: Lambda gives an invocation its time when it begins.
  const hourly = () => lambdaContext('test', 'test', 300_000, () => clock.now());
  const discovered: unknown[] = [];
  const discover = createDiscover({
    ...base,
    table: tableOf('discover'),
    ...own,
    fanOut: async (event) => {
      discovered.push(event);
      await discover(event, hourly());
    },
  });
  const admin = createAdmin({
    ...base,
    table: tableOf('admin'),
    operatorAccountId: own.operatorAccountId,
    stage: 'test',
    ...(options.reportsUrl === undefined ? {} : { reportsUrl: options.reportsUrl }),
    unsignedCaller: 'test',
    examine: (event) => discover(event, hourly()),
  });
  const accountId = options.accountId ?? '111122223333';

  const call = async (handler: typeof ingest, method: string, rawPath: string, body: string, query: Record<string, string> = {}) => {
    const answer = await handler(functionUrlEvent(method, rawPath, body, query), context);
    if (typeof answer === 'string') throw new Error('a function answers with a status');
    return { status: answer.statusCode ?? 200, body: JSON.parse(answer.body ?? '{}') as unknown };
  };

  return {
    clock,
    table,
    aws,
    accountAws,
    metricsAws,
    collected,
    told,
    stream,
    fanned,
    /** Connects the account of a customer through the API, with a role as the template makes it. */
    async connect(customer = 'acme', account = accountId) {
      const prepared = await call(admin, 'POST', '/v1/accounts', JSON.stringify({ customer, accountId: account }));
      const externalId = (prepared.body as { externalId: string }).externalId;
      const roleArn = `arn:aws:iam::${account}:role/sluice/${customer}`;
      aws.addRole({ customer, accountId: account, externalId, roleArn });
      return call(admin, 'POST', '/v1/accounts/connect', JSON.stringify({ customer, accountId: account, roleArn }));
    },
    /** Applies services through the API and returns the tokens of their report URLs. */
    async apply(configs: readonly ServiceConfig[]) {
      const answer = await call(admin, 'POST', '/v1/apply', JSON.stringify({ services: configs.map(storeServiceConfig) }));
      const services = (answer.body as { services: { name: string; token?: string; problem?: Problem }[] }).services;
      return { answer, tokens: new Map(services.flatMap((s) => (s.token ? [[s.name, s.token] as const] : []))), services };
    },
    report: (token: string, body: unknown) =>
      call(ingest, 'POST', `/${token}/v3/reports`, typeof body === 'string' ? body : JSON.stringify(body)),
    raw: (method: string, path: string, body: string) => call(ingest, method, path, body),
    api: (method: string, path: string, body: unknown = {}, query: Record<string, string> = {}) =>
      call(admin, method, path, JSON.stringify(body), query),
    /** The same as somebody who signed with IAM. */
    async apiAs(userArn: string, method: string, path: string, body: unknown = {}, query: Record<string, string> = {}) {
      const event = functionUrlEvent(method, path, JSON.stringify(body), query);
      const iam = { accessKey: 'ASIAX', accountId: '000000000000', callerId: 'AROAX:s', userArn, userId: 'AROAX:s' };
      const answer = await admin({ ...event, requestContext: { ...event.requestContext, authorizer: { iam } } } as typeof event, context);
      if (typeof answer === 'string') throw new Error('a function answers with a status');
      return { status: answer.statusCode ?? 200, body: JSON.parse(answer.body ?? '{}') as unknown };
    },
    tick: () => tick({}, context),
    /** One minute's collecting, or of one shard of groups. */
    collect: (event: unknown = {}) => collect(event, context),
    /** One hour's round of discovery, or of one account. */
    discover: (event: unknown = {}) => discover(event, hourly()),
    /** The accounts that discovery handed to invocations of their own. */
    discovered,
    /** Hands `scale` what waits in the stream, or the records given, in one batch. */
    deliver: (records: readonly DynamoDBRecord[] = stream.splice(0)) => scale({ Records: [...records] }, context),
  };
}

export function functionUrlEvent(method: string, rawPath: string, body: string, query: Record<string, string>): LambdaFunctionURLEvent {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { 'content-type': 'application/json' },
    queryStringParameters: query,
    requestContext: {
      accountId: 'anonymous',
      apiId: 'test',
      domainName: 'test.lambda-url.us-east-1.on.aws',
      domainPrefix: 'test',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'test',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    isBase64Encoded: false,
    body,
  };
}

/** A report of one process with these queue times (ms), as the Node adapter sends it. */
export function webReport(
  at: number,
  queueTimes: readonly number[],
  overrides: { container?: string; pid?: number; appTime?: number } = {},
) {
  const time = Math.floor(at / 1000);
  return {
    container: overrides.container ?? 'a8880ee042bc4db3ba878dce65b769b6-2750272591',
    pid: overrides.pid ?? 1,
    adapters: { 'judoscale-node': { adapter_version: '2.5.5', runtime_version: 'v20.20.2' } },
    config: { log_level: 'info' },
    metrics: queueTimes.flatMap((qt) => [
      [time, overrides.appTime ?? 100, 'at', null],
      [time, qt, 'qt', null],
    ]),
  };
}

/** A report of one process about job queues. */
export function queueReport(
  at: number,
  queues: Readonly<Record<string, { qt?: number; qd?: number; busy?: number }>>,
  container = 'worker-1',
) {
  const time = Math.floor(at / 1000);
  return {
    container,
    pid: 1,
    adapters: {},
    metrics: Object.entries(queues).flatMap(([name, values]) => Object.entries(values).map(([id, value]) => [time, value, id, name])),
  };
}
