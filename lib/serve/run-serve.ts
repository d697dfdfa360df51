import { createAccountAws } from '../aws/account-aws.ts';
import { createCustomerAws } from '../aws/customer-aws.ts';
import { createDynamoTable } from '../aws/dynamodb-table.ts';
import { createMetricsAws } from '../aws/metrics-aws.ts';
import { type Keys, ownCredentials } from '../aws/own-credentials.ts';
import { createOwnRole } from '../aws/own-role.ts';
import { sessionName } from '../aws/session-name.ts';
import type { Clock } from '../clock.ts';
import { sayingSource } from '../credentials/credential-source.ts';
import { examineSelf } from '../credentials/examine-self.ts';
import type { Outside } from '../credentials/outside.ts';
import type { Check } from '../doctor/check.ts';
import { jsonJournal, type LogSink } from '../journal.ts';
import { isLoopback } from '../local/aws-endpoints.ts';
import { type Mount, startHttpServer } from '../local/http-server.ts';
import type { Random } from '../random.ts';
import { createEngine, roundsOf } from './engine.ts';
import { createHealth } from './health.ts';
import { loopbackOnly } from './loopback-only.ts';
import { mayBegin } from './may-begin.ts';
import { partTelemetry } from './part-telemetry.ts';
import { goRound } from './rounds.ts';
import type { ServeSettings } from './settings.ts';

export interface RunServeOptions {
  readonly settings: ServeSettings;
  /** Environment and files as they are now: the doctor looks again. */
  readonly outside: () => Outside;
  /** Tells this process from every other. */
  readonly instance: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Takes log lines, each one JSON object. */
  readonly write: LogSink;
  /** Aborts at SIGTERM. */
  readonly signal: AbortSignal;
  /** Told once everything runs: where it listens. */
  readonly onReady?: (running: Running) => void | Promise<void>;
}

export interface Running {
  readonly url: string;
  readonly admin?: string;
  /** A round of tick at once, for whoever does not want to wait for the minute. */
  tick(): Promise<void>;
}

const INGEST_TIMEOUT_MS = 10_000;
const ADMIN_TIMEOUT_MS = 30_000;
/** Longer than load balancers keep a connection: the side that closes first must not be this one. */
const IDLE_MS = 75_000;
/** What is under way has so long to end: an action at a customer's takes ten seconds at worst. */
const END_MS = 12_000;

/** Runs until it is told to end, and resolves with what to exit with: 0, or 1 where it could not begin. */
export async function runServe(options: RunServeOptions): Promise<0 | 1> {
  const { settings, clock, random, write, signal, instance } = options;
  const { config, source, parts } = settings;
  const { region, deployment, stage } = config;
  const log = jsonJournal(write, clock.now, () => ({ function: 'serve', instance }));
  for (const { result, check, what } of settings.checks) if (result === 'note') log.warn(what, { check });
  const credentials = ownCredentials({
    source,
    region,
    clock,
    sessionName: sessionName(deployment, 'serve'),
    onTrouble: (why) => log.warn('Our own credentials could not be renewed; those at hand are still good', { why }),
  });
  const table = createDynamoTable({ name: config.tableName, region, clock, credentials });
  if (!(await mayBegin(settings, { credentials, table, warn: log.warn }))) return 1;

  const aws = { deployment, region, clock, credentials };
  let listensAt: string | undefined;
  const engine = createEngine({
    table,
    clock,
    random,
    telemetry: (name) => partTelemetry(name, config, { credentials, clock, write }),
    customerAws: createCustomerAws(aws),
    accountAws: createAccountAws({ ...aws, credentialSource: sayingSource(source) }),
    metricsAws: createMetricsAws(aws),
    ...config,
    instance,
    adminCaller: 'loopback',
    reportsUrl: () => config.reportsUrl ?? listensAt,
    ownChecks: () => ownChecks(options, credentials),
  });
  const health = createHealth(clock, parts);
  const onFailure = (name: string, error: unknown) => log.warn('A request failed', { part: name, error: String(error) });
  const mounts: Mount[] = [{ prefix: '/health', name: 'health', handler: (event) => health.handler(event), timeoutMs: 1_000 }];
  if (parts.has('ingest')) mounts.push({ prefix: '', name: 'ingest', handler: engine.ingest, timeoutMs: INGEST_TIMEOUT_MS });
  const server = await startHttpServer({ port: settings.port, host: settings.host, idleMs: IDLE_MS, clock, mounts, onFailure });
  listensAt = server.url;
  const admin =
    settings.adminPort === undefined
      ? undefined
      : await startHttpServer({
          port: settings.adminPort,
          clock,
          mounts: [{ prefix: '', name: 'admin', handler: loopbackOnly(engine.admin), timeoutMs: ADMIN_TIMEOUT_MS }],
          onFailure,
        });

  const rounds = roundsOf(engine, parts, () => (random.bytes(1)[0] ?? 0) / 255).map(({ name, work, ...times }) => {
    const counted = async () => {
      await work();
      health.succeeded(name);
    };
    const going = goRound(clock, { name, ...times, work: counted }, signal, (error) => {
      health.failed(name, error instanceof Error ? error.message : String(error));
      log.warn('A round failed; the next one comes by itself', { part: name, error: String(error) });
    });
    return { name, going };
  });
  if (admin !== undefined && config.reportsUrl === undefined && !isLoopback(settings.host))
    log.warn(`Report URLs will be given as ${server.url}/…: say with --reports-url where apps reach the report endpoint`, {});
  say(options, 'started', {
    credentials: sayingSource(source),
    parts: [...parts],
    url: server.url,
    ...(admin === undefined ? {} : { admin: admin.url }),
    stage,
    region,
    table: config.tableName,
  });
  await options.onReady?.({ url: server.url, tick: engine.rounds.tick, ...(admin === undefined ? {} : { admin: admin.url }) });

  await aborted(signal);
  say(options, 'draining', {});
  health.drain();
  // Load balancers and endpoints hear of it with a delay, and send on meanwhile.
  await clock.sleep(settings.drainMs);
  // Rounds that wait for their next query of a queue are left: whatever they store is stored whole.
  const ticking = rounds.filter(({ name }) => name === 'tick').map(({ going }) => going);
  const ended = Promise.all([server.close(END_MS / 2), admin?.close(0), ...ticking]).then(() => engine.idle());
  await Promise.race([ended, clock.sleep(END_MS)]);
  say(options, 'ended', {});
  return 0;
}

const say = ({ write, clock, instance }: RunServeOptions, type: string, fields: object) =>
  write(JSON.stringify({ ...fields, function: 'serve', instance, timestamp: new Date(clock.now()).toISOString(), level: 'INFO', type }));

/** Without the source and the caller, which the doctor tells of any Sluice. */
async function ownChecks({ outside, settings }: RunServeOptions, credentials: () => Promise<Keys>): Promise<readonly Check[]> {
  const { trustOf } = createOwnRole({ region: settings.config.region, credentials });
  const deps = { credentials, caller: async () => [], trustOf: (_: unknown, role: string) => trustOf(role) };
  return (await examineSelf(deps, outside())).filter(({ check, result }) => check !== 'credential source' || result !== 'ok');
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
