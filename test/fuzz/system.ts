import type { DynamoDBRecord, LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { createAdmin } from '../../lib/admin/create-admin.ts';
import { createCollect } from '../../lib/collect/create-collect.ts';
import { createDiscover } from '../../lib/discover/create-discover.ts';
import { createIngest } from '../../lib/ingest/create-ingest.ts';
import type { Journal } from '../../lib/journal.ts';
import { lambdaContext } from '../../lib/local/lambda-context.ts';
import { streamRecord } from '../../lib/local/stream-record.ts';
import { createScale } from '../../lib/scale/create-scale.ts';
import { createMemoryTable } from '../../lib/stores/memory-table.ts';
import type { Item } from '../../lib/stores/table.ts';
import { createTick } from '../../lib/tick/create-tick.ts';
import { createVirtualClock } from '../../lib/virtual-clock.ts';
import { JOBS_QUEUE } from '../builders/policies.ts';
import { T0 } from '../builders/times.ts';
import { fakeAccountAws } from '../fakes/fake-account-aws.ts';
import { fakeCustomerAws } from '../fakes/fake-customer-aws.ts';
import { fakeMetricsAws } from '../fakes/fake-metrics-aws.ts';
import { functionUrlEvent, seededRandom } from '../fakes/whole-system.ts';

export type FuzzSystem = Awaited<ReturnType<typeof createFuzzSystem>>;

/** A role that exists at a customer's, with the external ID that it asks for. */
export interface KnownRole {
  readonly customer: string;
  readonly accountId: string;
  readonly externalId: string;
  readonly roleArn: string;
}

/** Every deployed handler over one table in memory that begins with `items`; whatever any of them says is kept. */
export async function createFuzzSystem(
  given: { readonly items?: readonly Item[]; readonly roles?: readonly KnownRole[]; readonly at?: number } = {},
) {
  const clock = createVirtualClock(given.at ?? T0);
  const random = seededRandom(given.items?.length ?? 1);
  const said: string[] = [];
  const warnings: string[] = [];
  const decided: string[] = [];
  const say = (what: string, fields: object) => void said.push(`${what} ${JSON.stringify(fields)}`);
  const journal: Journal = {
    decision: ({ customer, service }, decision) => {
      decided.push(`${customer}/${service}`);
      say('decision', decision);
    },
    outcome: (_, outcome) => say('outcome', outcome),
    problem: (_, problem) => say('problem', problem),
    warn: (message, fields) => {
      warnings.push(`${message} ${JSON.stringify(fields)}`);
      say(message, fields);
    },
  };
  const stream: DynamoDBRecord[] = [];
  let writes = 0;
  let sequence = 0;
  const table = createMemoryTable({
    clock,
    random,
    // Thousands of cases stand in one second of the virtual clock: capacity is what other tests are about.
    throttle: false,
    onChange: (change) => {
      writes += 1;
      if (typeof change.new?.act !== 'string') return;
      sequence += 1;
      const record = streamRecord(change, sequence, clock.now());
      if (record) stream.push(record);
    },
  });
  if (given.items) await table.putMany(given.items);
  stream.length = 0;
  const aws = fakeCustomerAws();
  for (const role of given.roles ?? []) aws.addRole(role);
  const accountAws = fakeAccountAws(() => clock.now());
  const metricsAws = fakeMetricsAws();
  metricsAws.setQueue(JOBS_QUEUE, { visible: 40, inFlight: 2 });
  const base = { table, clock, random, journal, historyDays: 30, dueShards: 1, customerAws: aws };
  const context = () => lambdaContext('test', 'test', 60_000, () => clock.now());
  const own = { operatorAccountId: '000000000000', homeRegion: 'us-east-1', accountAws };
  const tick = createTick({ ...base, fanOut: async (event) => tick(event, context()) });
  const collect = createCollect({ ...base, metricsAws, wholeMinute: false, fanOut: async (event) => collect(event, context()) });
  const discover = createDiscover({ ...base, ...own, fanOut: async (event) => void (await discover(event, context())) });
  const ingest = createIngest(base);
  const scale = createScale(base);
  const admin = createAdmin({
    ...base,
    operatorAccountId: own.operatorAccountId,
    stage: 'test',
    examine: (event) => discover(event, context()),
  });
  /** Lets the clock run on where a handler waits for it; one that waits for ever is told. */
  const ended = async <T>(work: Promise<T>): Promise<T> => {
    let done = false;
    const end = () => {
      done = true;
    };
    work.then(end, end);
    for (let turn = 0; turn < 10 && !done; turn++) await new Promise((resolve) => setImmediate(resolve));
    for (let moves = 0, waits = 0; !done; ) {
      if (moves === 5_000 || waits === 5_000) throw new Error('a handler waits for something that never comes');
      if (clock.pending > 0) {
        moves += 1;
        await clock.advance(100);
      } else {
        // A module that is loaded for the first time: no time of ours passes by that.
        waits += 1;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    return work;
  };
  return {
    clock,
    table,
    aws,
    accountAws,
    stream,
    said,
    warnings,
    decided,
    writes: () => writes,
    ingest: async (event: LambdaFunctionURLEvent) => answerOf(await ended(ingest(event, context()))),
    admin: async (event: LambdaFunctionURLEvent) => answerOf(await ended(admin(event, context()))),
    tick: (event: unknown = {}) => ended(tick(event, context())),
    collect: (event: unknown = {}) => ended(collect(event, context())),
    discover: (event: unknown = {}) => ended(discover(event, context())),
    scale: (event: Parameters<typeof scale>[0]) => ended(scale(event, context())),
  };
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: unknown;
}

/** An answer of a function URL; throws where it is none, or its body is no JSON. */
function answerOf(result: LambdaFunctionURLResult): Answer {
  if (typeof result !== 'object' || typeof result.statusCode !== 'number' || typeof result.body !== 'string')
    throw new TypeError(`a function URL is answered with status and body, not ${JSON.stringify(result)}`);
  return { status: result.statusCode, text: result.body, json: JSON.parse(result.body) };
}

/** A request of somebody who signed with IAM. */
export function signedEvent(
  userArn: string,
  method: string,
  path: string,
  body: string,
  query: Record<string, string> = {},
): LambdaFunctionURLEvent {
  const event = functionUrlEvent(method, path, body, query);
  const iam = { accessKey: 'ASIAX', accountId: '000000000000', callerId: 'AROAX:s', userArn, userId: 'AROAX:s' };
  const requestContext: object = { ...event.requestContext, authorizer: { iam } };
  return { ...event, requestContext: requestContext as LambdaFunctionURLEvent['requestContext'] };
}
