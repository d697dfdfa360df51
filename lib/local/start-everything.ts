import { randomBytes } from 'node:crypto';
import { createAdminClient } from '../cli/admin-client.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { Clock } from '../clock.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import { systemRandom } from '../random.ts';
import type { AwsEndpoints } from './aws-endpoints.ts';
import { foreignSide, startStandInSide } from './aws-side.ts';
import type { Closers } from './closers.ts';
import { every } from './every.ts';
import { startExampleTraffic } from './example-traffic.ts';
import { startHttpServer } from './http-server.ts';
import { startLocalTable } from './local-table.ts';
import type { Output } from './output.ts';
import { putUnderCare } from './put-under-care.ts';
import { announce, runningFolder } from './running-file.ts';
import { createLocalSystem } from './system.ts';
import { watchTasks } from './watch-tasks.ts';

export interface StartOptions {
  readonly services: readonly ServiceConfig[];
  readonly endpoints: AwsEndpoints;
  readonly port: number;
  readonly awsPort: number;
  readonly traffic: boolean;
  readonly json: boolean;
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly output: Output;
  /** Takes everything that was started. */
  readonly closers: Closers;
  /** Ends what goes on and on. */
  readonly signal: AbortSignal;
}

/** EventBridge's minute is long for somebody who watches and where tasks start in three seconds, and a look costs nothing here. */
export const TICK_MS = 5_000;
/** A minute when deployed, or what the policy says. */
const COLLECT_MS = 10_000;
/** An hour when deployed. */
const DISCOVER_MS = 30_000;
const STATUS_MS = 5_000;
const TASKS_MS = 500;
/** As in serverless.yml. */
const INGEST_TIMEOUT_MS = 10_000;
const ADMIN_TIMEOUT_MS = 30_000;

/** Starts the parts in the order in which they need each other, puts the services under care, and keeps time. */
export async function startEverything(options: StartOptions): Promise<void> {
  const { services, endpoints, clock, output, closers, signal } = options;
  const { ecs, sts } = endpoints;
  const aws =
    ecs !== undefined && sts !== undefined
      ? foreignSide({ ...endpoints, ecs, sts }, clock)
      : await startStandInSide({ port: options.awsPort, clock, random: systemRandom, services, endpoints });
  closers.add(() => aws.close());
  const table = await startLocalTable(endpoints.dynamodb, clock);
  closers.add(() => table.close());

  const system = createLocalSystem({
    clock,
    random: systemRandom,
    journal: output,
    makeTable: (onChange) => table.open(onChange),
    customerAws: aws.customerAws,
    accountAws: aws.accountAws,
    metricsAws: aws.metricsAws,
    operatorAccountId: aws.operatorAccountId,
    foreignStsOnLoopback: aws.foreignStsOnLoopback,
  });
  closers.add(() => system.stop());

  // In AWS the admin API is guarded by IAM; here by a path that only this user's commands find.
  const adminPath = `/admin/${randomBytes(18).toString('base64url')}`;
  const server = await startHttpServer({
    port: options.port,
    clock,
    mounts: [
      { prefix: adminPath, name: 'admin', handler: system.admin, timeoutMs: ADMIN_TIMEOUT_MS },
      { prefix: '', name: 'ingest', handler: system.ingest, timeoutMs: INGEST_TIMEOUT_MS },
    ],
    onFailure: (name, error) => output.warn('A function failed', { function: name, error: String(error) }),
  });
  closers.add(() => server.close(300));
  const admin = `${server.url}${adminPath}`;

  const ready = await putUnderCare(
    { admin: createAdminClient(admin), makeRole: aws.makeRole, journal: output, now: () => clock.now(), reportBase: server.url },
    services,
  );
  /** Goes on until the end, which waits for the round under way: nobody may use the table once it is closed. */
  const repeat = (ms: number, what: string, work: () => void | Promise<void>) => {
    const rounds = every(clock, ms, signal, work, (error) => output.warn(`${what} failed`, { error: String(error) }));
    closers.add(() => rounds);
  };
  const tasks = watchTasks(aws, system);
  closers.add(announce(runningFolder(options.terminal.env), { admin, pid: process.pid, startedAt: new Date(clock.now()).toISOString() }));
  output.ready({ services: ready, aws: aws.url, standIn: aws.standIn, admin });

  if (options.traffic) {
    const traffic = startExampleTraffic({ services, ready, tasksOf: tasks.of, output });
    closers.add(() => traffic.stop());
    repeat(TASKS_MS, 'the load', () => traffic.update());
  }
  repeat(TICK_MS, 'tick', () => system.look());
  repeat(COLLECT_MS, 'collecting', () => system.collect());
  // The stand-in's Regions are those in use; a server of the user's own might be asked for all of AWS's.
  if (aws.standIn) repeat(DISCOVER_MS, 'discovery', () => system.discover());
  repeat(TASKS_MS * 4, 'a look at the tasks', () => tasks.refresh());
  if (!options.json) {
    repeat(STATUS_MS, 'the status', async () => output.status(clock.now(), await system.status(await system.services(), tasks.of)));
  }
}
