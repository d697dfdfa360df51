import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stackNames } from '../accounts/stack-names.ts';
import { createTable } from '../aws/create-table.ts';
import { createDynamoClient } from '../aws/dynamodb-client.ts';
import { createAdminClient } from '../cli/admin-client.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { LogSink } from '../journal.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import { systemRandom } from '../random.ts';
import { type Running, runServe } from '../serve/run-serve.ts';
import { serveSettings } from '../serve/settings.ts';
import { createClosers } from './closers.ts';
import { type ContainerPlace, containerIdentity } from './container-identity.ts';
import { startDatabase } from './database.ts';
import { every } from './every.ts';
import { startExampleTraffic } from './example-traffic.ts';
import { jsonOutput } from './json-output.ts';
import { loadConfigs } from './load-configs.ts';
import { displayNames } from './output.ts';
import { packageRoot } from './package-root.ts';
import { putUnderCare } from './put-under-care.ts';
import { exampleFile } from './run.ts';
import { announce, runningFolder } from './running-file.ts';
import { shieldEnvironment } from './shield-environment.ts';
import { serveStandIn } from './stand-in/server.ts';
import { connectCustomer, LOCAL_STAGE, OPERATOR_ACCOUNT } from './stand-in/stacks.ts';
import { createStandIn, type StandIn } from './stand-in/stand-in.ts';
import { readTemplates } from './stand-in/templates.ts';

export interface ServeLocallyOptions {
  readonly place: ContainerPlace;
  /** Policy files; none: the example's. */
  readonly configs: readonly string[];
  readonly port: number;
  readonly awsPort: number;
  readonly traffic: boolean;
  readonly write: LogSink;
  readonly signal: AbortSignal;
  /** Its AWS settings are taken away, and replaced by those of the made-up container. */
  readonly env: Record<string, string | undefined>;
  readonly clock?: Clock;
}

const REGION = 'us-east-1';
const TABLE = 'sluice-local';
const MADE_UP = { accessKeyId: 'SLUICELOCAL', secretAccessKey: 'made-up' };
const CLOSE_PART_MS = 700;
const WATCH_MS = 250;
/** How often the load follows the count. */
const UPDATE_MS = 500;

/**
 * `sluice serve` as it runs in a cluster, on this machine alone: its environment is what the cluster sets, its AWS the stand-in,
 * its table the embedded database. Writes its log, and a line for each call of STS and each changed count as the stand-in saw them.
 */
export async function serveLocally(
  options: ServeLocallyOptions,
): Promise<{ readonly kind: 'mistake'; readonly problems: readonly string[] } | { readonly kind: 'ended'; readonly code: 0 | 1 }> {
  const { clock = systemClock, env, write, signal } = options;
  const loaded = loadConfigs(options.configs.length > 0 ? options.configs : [exampleFile()], 'on');
  if (!loaded.ok) return { kind: 'mistake', problems: loaded.problems };
  shieldEnvironment(env);
  for (const name of Object.keys(env)) if (name.startsWith('SLUICE_')) delete env[name];
  const closers = createClosers(clock, CLOSE_PART_MS);
  try {
    const templates = readTemplates(packageRoot());
    const standIn = createStandIn({ clock, random: systemRandom });
    for (const { arn, policy } of loaded.services) standIn.services.ensure(arn, policy.min);
    const aws = await serveStandIn(standIn, { port: options.awsPort });
    closers.add(() => aws.close());
    const database = await startDatabase();
    closers.add(() => database.close());
    const client = createDynamoClient({ region: REGION, endpoint: database.endpoint, credentials: MADE_UP });
    await createTable(client, { name: TABLE, clock, streams: false, ttl: false });
    client.destroy();
    const folder = mkdtempSync(join(tmpdir(), 'sluice-serve-'));
    closers.add(() => rmSync(folder, { recursive: true, force: true }));
    const identity = await containerIdentity(options.place, { standIn, templates, clock, folder });
    closers.add(() => identity.close());

    const container = {
      ...identity.env,
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL: aws.url,
      AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
      SLUICE_TABLE: TABLE,
      SLUICE_STAGE: LOCAL_STAGE,
      SLUICE_ACCOUNT_ID: OPERATOR_ACCOUNT,
    };
    Object.assign(env, container);
    // With this a second replica can be started beside it.
    write(JSON.stringify({ type: 'environment', env: container }));
    const outside = () => ({ env, readText: (path: string) => readFileSync(path, 'utf8'), now: clock.now() });
    const prepared = serveSettings({ port: options.port, host: '127.0.0.1', adminPort: 0, drainMs: 0 }, outside());
    if (!prepared.ok) return { kind: 'mistake', problems: prepared.problems };
    const seen = watchCalls(standIn, write);
    const watching = every(clock, WATCH_MS, signal, seen, () => undefined);
    const code = await runServe({
      settings: prepared.settings,
      outside,
      instance: `local-${process.pid}`,
      clock,
      random: systemRandom,
      write,
      signal,
      onReady: (running) => begin({ ...options, clock }, running, loaded.services, standIn, closers),
    });
    await watching;
    seen();
    return { kind: 'ended', code };
  } finally {
    await closers.closeAll();
  }
}

/** Puts the services under care through the admin API, as people do, and sets the example's load going. */
async function begin(
  { env, write, clock, traffic, signal }: ServeLocallyOptions & { readonly clock: Clock },
  { url, admin, tick }: Running,
  services: readonly ServiceConfig[],
  standIn: StandIn,
  closers: ReturnType<typeof createClosers>,
): Promise<void> {
  if (admin === undefined) throw new Error('a local run has an admin API');
  const output = jsonOutput(write, displayNames(services.map(({ customer, name }) => ({ customer, service: name }))), clock.now);
  const templates = readTemplates(packageRoot());
  const ready = await putUnderCare(
    {
      admin: createAdminClient(admin),
      makeRole: async (account) =>
        connectCustomer(standIn, templates, { ...account, stage: LOCAL_STAGE, stackName: stackNames.read(account.customer) }),
      journal: output,
      now: clock.now,
      reportBase: url,
    },
    services,
  );
  closers.add(announce(runningFolder(env), { admin, pid: process.pid, startedAt: new Date(clock.now()).toISOString() }));
  output.ready({ services: ready, aws: env['AWS_ENDPOINT_URL'] ?? '', standIn: true, admin });
  await tick();
  if (!traffic) return;
  const tasksOf = ({ arn }: ServiceConfig) => {
    const service = standIn.services.get(arn);
    return { running: service?.running ?? null, pending: null, desired: service?.desired ?? null };
  };
  const load = startExampleTraffic({ services, ready, tasksOf, output });
  closers.add(() => load.stop());
  const rounds = every(
    clock,
    UPDATE_MS,
    signal,
    () => load.update(),
    () => undefined,
  );
  closers.add(() => rounds);
}

const TOLD = new Set(['AssumeRoleWithWebIdentity', 'AssumeRole', 'UpdateService']);

/** Writes what came in at the stand-in since it was last asked. */
function watchCalls({ calls }: StandIn, write: LogSink): () => void {
  let told = 0;
  return () => {
    const all = calls.all();
    for (const { at, service, action, account, sessionName, externalId, allowed, why } of all.slice(told))
      if (TOLD.has(action)) write(JSON.stringify({ type: 'call', at, service, action, account, sessionName, externalId, allowed, why }));
    told = all.length;
  };
}
