import type { CustomerAws } from '../lib/accounts/customer-aws.ts';
import { createStreamTap } from '../lib/aws/stream-tap.ts';
import { createAdminClient } from '../lib/cli/admin-client.ts';
import { systemClock } from '../lib/clock.ts';
import type { Journal } from '../lib/journal.ts';
import { startStandInSide } from '../lib/local/aws-side.ts';
import { startDatabase } from '../lib/local/database.ts';
import { startHttpServer } from '../lib/local/http-server.ts';
import { putUnderCare } from '../lib/local/put-under-care.ts';
import { createLocalSystem } from '../lib/local/system.ts';
import { parsePolicyFile } from '../lib/policy/parse-policy-file.ts';
import type { ServiceConfig } from '../lib/policy/policy.ts';
import { systemRandom } from '../lib/random.ts';
import { usageBetween } from '../lib/stores/usage.ts';
import { benchTable } from './bench-table.ts';
import type { Table } from './table.ts';

const SERVICES = 150;
/** Connections, code and caches are warm by then. */
const WARM_UP = 30;

/**
 * From a report that reaches ingest to UpdateService leaving scale: the local run's parts, over HTTP, with the embedded
 * database and the stand-in, warm. AWS's own stream poll (up to a quarter of a second) and network are not in it.
 */
export async function reaction(): Promise<Table> {
  const services = configs();
  const arrived = new Map<string, number>();
  const reactions: number[] = [];
  const side = await startStandInSide({ port: 0, clock: systemClock, random: systemRandom, services });
  const database = await startDatabase();
  const { name: tableName, client, meter, table } = await benchTable(database.endpoint);
  const system = createLocalSystem({
    clock: systemClock,
    random: systemRandom,
    journal: silent,
    makeTable: (onChange) => {
      createStreamTap({ tableName, onChange }).attach(client);
      return table;
    },
    customerAws: (as) => (as === 'scale' ? timed(side.customerAws(as), arrived, reactions) : side.customerAws(as)),
    accountAws: side.accountAws,
    operatorAccountId: side.operatorAccountId,
  });
  const server = await startHttpServer({
    port: 0,
    clock: systemClock,
    mounts: [
      { prefix: '/admin', name: 'admin', handler: system.admin, timeoutMs: 60_000 },
      {
        prefix: '',
        name: 'ingest',
        handler: (event, context) => {
          arrived.set(/\.(s\d+)\./.exec(event.rawPath)?.[1] ?? '', performance.now());
          return system.ingest(event, context);
        },
        timeoutMs: 10_000,
      },
    ],
    onFailure: (name, error) => console.error(name, error),
  });
  try {
    const ready = await putUnderCare(
      {
        admin: createAdminClient(`${server.url}/admin`),
        makeRole: side.makeRole,
        journal: silent,
        now: () => Date.now(),
        reportBase: server.url,
      },
      services,
    );
    await system.look();
    let before = meter.total();
    let callsBefore = 0;
    for (const [i, { reportUrl }] of ready.entries()) {
      if (i === WARM_UP) {
        before = meter.total();
        callsBefore = await customerCalls(side.url);
        reactions.length = 0;
      }
      await fetch(`${reportUrl}/v3/reports`, { method: 'POST', body: slowReport() });
      const expected = (i < WARM_UP ? i : i - WARM_UP) + 1;
      for (let waited = 0; reactions.length < expected && waited < 2_000; waited += 1) await systemClock.sleep(1);
    }
    const measured = ready.length - WARM_UP;
    const used = usageBetween(before, meter.total());
    const calls = Object.values(used.calls).reduce((sum, n) => sum + n, 0) / measured;
    const atCustomer = ((await customerCalls(side.url)) - callsBefore) / measured;
    const sorted = reactions.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
    return {
      columns: ['reactions', 'p50 ms', 'p99 ms', 'DynamoDB calls', 'calls at the customer (STS, ECS)'],
      rows: [[reactions.length, at(0.5), at(0.99), calls, atCustomer]],
    };
  } finally {
    await server.close(100);
    await system.stop();
    client.destroy();
    await database.close();
    await side.close();
  }
}

function configs(): readonly ServiceConfig[] {
  const lines = Array.from(
    { length: SERVICES },
    (_, i) =>
      `  s${i}: { arn: "arn:aws:ecs:us-east-1:111122223333:service/shop/s${i}", group: g${i}, mode: on, tasks: { min: 2, max: 40 }, scale: [{ request-queue-time: { p95: 50ms } }] }`,
  );
  const parsed = parsePolicyFile(`customer: bench\nservices:\n${lines.join('\n')}\n`, { source: 'bench', defaultMode: 'on' });
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join('\n'));
  return parsed.file.services;
}

function timed(aws: CustomerAws, arrived: ReadonlyMap<string, number>, reactions: number[]): CustomerAws {
  return {
    ...aws,
    writer: async (account, arn, decision) => {
      const writer = await aws.writer(account, arn, decision);
      return {
        describe: () => writer.describe(),
        setDesiredCount: (count) => {
          reactions.push(performance.now() - (arrived.get(arn.split('/').at(-1) ?? '') ?? Number.NaN));
          return writer.setDesiredCount(count);
        },
      };
    },
  };
}

async function customerCalls(url: string): Promise<number> {
  const answer: unknown = await (await fetch(`${url}/_calls`)).json();
  return typeof answer === 'object' && answer !== null && 'calls' in answer && Array.isArray(answer.calls)
    ? answer.calls.length
    : Number.NaN;
}

function slowReport(): string {
  const now = Math.floor(Date.now() / 1000);
  const metrics = Array.from({ length: 50 }, (_, i) => [now, 300 + i, 'qt', null]);
  return JSON.stringify({ container: 'bench', pid: 1, adapters: {}, metrics });
}

const silent: Journal = {
  decision: () => undefined,
  outcome: () => undefined,
  problem: (_about, problem) => console.error(problem),
  warn: (message, fields) => console.error(message, fields),
};
