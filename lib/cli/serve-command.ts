import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../clock.ts';
import { CONTAINER_PLACES, type ContainerPlace } from '../local/container-identity.ts';
import { endSignal } from '../local/end-signal.ts';
import { serveLocally } from '../local/serve-locally.ts';
import { parseDuration } from '../policy/duration.ts';
import { systemRandom } from '../random.ts';
import { runServe } from '../serve/run-serve.ts';
import { type ServeOptions, serveSettings } from '../serve/settings.ts';
import { durationOption, portOption, several } from './options.ts';
import type { Terminal } from './terminal.ts';
import { UserMistake } from './user-mistake.ts';

/** `drain` is absent where it is left at its default. */
interface ServeCommandOptions extends Omit<ServeOptions, 'drainMs'> {
  readonly drain?: number;
  readonly local?: ContainerPlace;
  readonly config?: readonly string[];
  readonly awsPort: number;
  readonly traffic: boolean;
  readonly for?: number;
}

/** Endpoints of Kubernetes and targets of load balancers take some seconds to be taken out. */
const DRAIN_MS = 5_000;

const HELP = `
The functions in one process, on the table that infra/table.yml makes: for a cluster that has room for a container, or beside the
functions. GET /health says whether it is fit for work, GET /health/live whether it lives. SIGTERM ends it with exit code 0 once
what is under way has come to its end. The log is one JSON object a line on stdout.

Credentials are had where the place gives them: AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE, EKS Pod Identity, an ECS task
role, or AWS_PROFILE with credential_source = EcsContainer. What is wrong with them is told before anything is started;
"sluice doctor --self" tells more. docs/serve.md has manifests for both places.`;

/** `sluice serve`: the whole of Sluice as one container process. */
export function serveCommand(terminal: Terminal, onExit: (code: number) => void): Command {
  return new Command('serve')
    .description('run Sluice as one container process: report endpoint, tick, collect, discover and scale, with DynamoDB as the store')
    .option('--port <number>', 'port of the report endpoint and of /health; 0 takes any', portOption, 8_080)
    .option('--host <address>', 'address to listen on', '0.0.0.0')
    .option('--admin-port <number>', 'port of the admin API, on loopback only; without it there is none', portOption)
    .option('--table <name>', 'DynamoDB table (default: SLUICE_TABLE, else sluice-STAGE)')
    .option('--stage <name>', 'stage of the deployment (default: SLUICE_STAGE)')
    .option('--region <name>', 'Region of the table (default: AWS_REGION)')
    .option('--account <id>', 'account that Sluice runs in, which customers trust (default: SLUICE_ACCOUNT_ID)')
    .option(
      '--reports-url <url>',
      'what report URLs begin with: where apps reach the report endpoint (default: SLUICE_REPORTS_URL, else the address that it listens on)',
    )
    .option('--parts <list>', 'only some of ingest,tick,collect,discover (default: all)')
    .option(
      '--drain <duration>',
      'how long to go on serving after SIGTERM, until load balancers have heard of it (default: 5s)',
      drainOption,
    )
    .addOption(
      new Option('--local <place>', 'show it on this machine, as if in that place, with a stand-in for AWS').choices(CONTAINER_PLACES),
    )
    .option('--config <file>', 'with --local: policy file; several times for several customers (default: the example)', several)
    .option('--aws-port <number>', 'with --local: port of the stand-in for AWS; 0 takes any', portOption, 8_711)
    .option('--no-traffic', 'with --local: no load')
    .option('--for <duration>', 'end after 60s, 5m, …; default: at SIGTERM', durationOption)
    .option('--json', 'as it is: the log is JSON lines anyway')
    .addHelpText('after', HELP)
    .action(async (options: ServeCommandOptions, command: Command) => {
      const idle = idleOptions(command, options.local !== undefined);
      if (idle.length > 0) throw new UserMistake(idle);
      const end = endSignal(process, process.env['npm_execpath'] !== undefined || process.env['npm_command'] !== undefined);
      if (options.for !== undefined) end.after(options.for);
      try {
        onExit(
          await (options.local === undefined
            ? serve(options, terminal, end.signal)
            : locally(options, options.local, terminal, end.signal)),
        );
      } finally {
        end.close();
      }
    });
}

const ONLY_LOCAL = new Set(['config', 'awsPort', 'traffic']);
const NEVER_LOCAL = new Set(['host', 'adminPort', 'table', 'stage', 'region', 'account', 'reportsUrl', 'parts', 'drain']);

/** What was given and would do nothing: somebody expects otherwise. */
const idleOptions = (command: Command, local: boolean): string[] =>
  command.options
    .filter((option) => (local ? NEVER_LOCAL : ONLY_LOCAL).has(option.attributeName()))
    .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
    .map(({ long }) =>
      local
        ? `${long} does nothing with --local, which brings a place of its own.`
        : `${long} is for --local: without it there is nothing to show.`,
    );

async function serve(options: ServeCommandOptions, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const { drain: drainMs = DRAIN_MS, ...rest } = options;
  const readText = (path: string) => readFileSync(path, 'utf8');
  const outside = () => ({ env: terminal.env, readText, now: terminal.now() });
  const prepared = serveSettings({ ...rest, drainMs }, outside());
  if (!prepared.ok) throw new UserMistake(prepared.problems);
  try {
    return await runServe({
      settings: prepared.settings,
      outside,
      // Of containers of one task or pod the name is the same, and so it may be of one that was restarted.
      instance: `${hostname()}-${randomBytes(3).toString('hex')}`,
      clock: systemClock,
      random: systemRandom,
      write: (line) => terminal.stdout.write(`${line}\n`),
      signal,
    });
  } catch (error) {
    terminal.stderr.write(`${spoken(error)}\n`);
    return 1;
  }
}

async function locally(options: ServeCommandOptions, place: ContainerPlace, terminal: Terminal, signal: AbortSignal): Promise<number> {
  try {
    const ended = await serveLocally({
      place,
      configs: options.config ?? [],
      port: options.port,
      awsPort: options.awsPort,
      traffic: options.traffic,
      write: (line) => terminal.stdout.write(`${line}\n`),
      signal,
      // The SDK reads the process's own.
      env: process.env,
    });
    if (ended.kind === 'mistake') throw new UserMistake(ended.problems);
    return ended.code;
  } catch (error) {
    if (error instanceof UserMistake) throw error;
    terminal.stderr.write(`${spoken(error)}\n`);
    return 1;
  }
}

/** A port that is taken is told without a stack. */
function spoken(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE')
    return `Port ${'port' in error ? error.port : '?'} is taken: give another, or 0 for any that is free.`;
  return error.stack ?? error.message;
}

/** Like any length of time; 0s is one, too: not to wait at all. */
function drainOption(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < 0) throw new InvalidArgumentError('A length of time is a number with its unit: 0s, 5s.');
  return ms;
}
