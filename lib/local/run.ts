import { join } from 'node:path';
import type { Terminal } from '../cli/terminal.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import { type AwsEndpoints, awsEndpoints } from './aws-endpoints.ts';
import { createClosers } from './closers.ts';
import { colourFor } from './colour.ts';
import { endSignal, type SignalSource } from './end-signal.ts';
import { jsonOutput } from './json-output.ts';
import { loadConfigs } from './load-configs.ts';
import { displayNames, type Output } from './output.ts';
import { packageRoot } from './package-root.ts';
import { peopleOutput } from './people-output.ts';
import { shieldEnvironment } from './shield-environment.ts';
import { startEverything } from './start-everything.ts';

export interface LocalRunOptions {
  /** Policy files; none: the example's. */
  readonly configs: readonly string[];
  readonly port: number;
  readonly awsPort: number;
  readonly traffic: boolean;
  readonly forMs?: number;
  readonly json: boolean;
  readonly allowRemote: boolean;
  readonly terminal: Terminal;
  /** What ends the run, and whose AWS settings are taken away; default: this process. */
  readonly process?: SignalSource & { readonly env: Record<string, string | undefined> };
  readonly clock?: Clock;
}

export type LocalRunEnd =
  | { readonly kind: 'mistake'; readonly problems: readonly string[] }
  | { readonly kind: 'ended'; readonly code: 0 | 1 };

/** Each part's share of the five seconds in which a run has to end. */
const CLOSE_PART_MS = 700;
/** The run ends by then, whatever hangs. */
const CLOSE_ALL_MS = 4_000;

export const exampleFile = () => join(packageRoot(), 'lib', 'local', 'example', 'sluice.example.yml');

/** What is asked for, once it is known to be right; else all that is wrong with it. */
function prepare(
  options: LocalRunOptions,
):
  | { readonly services: readonly ServiceConfig[]; readonly warnings: readonly string[]; readonly endpoints: AwsEndpoints }
  | { readonly problems: readonly string[] } {
  const loaded = loadConfigs(options.configs.length > 0 ? options.configs : [exampleFile()], 'on');
  const aws = awsEndpoints(options.terminal.env, options.allowRemote);
  const problems = [...(loaded.ok ? [] : loaded.problems), ...(aws.ok ? [] : aws.problems)];
  return loaded.ok && aws.ok ? { services: loaded.services, warnings: loaded.warnings, endpoints: aws.endpoints } : { problems };
}

function outputFor({ terminal, json }: LocalRunOptions, services: readonly ServiceConfig[], clock: Clock): Output {
  const nameOf = displayNames(services.map(({ customer, name }) => ({ customer, service: name })));
  const write = (line: string) => terminal.stdout.write(`${line}\n`);
  return json ? jsonOutput(write, nameOf, clock.now) : peopleOutput(write, nameOf, colourFor(terminal.stdout, terminal.env), clock.now);
}

/** A port in use is the one failure that a user meets often: it is told without a stack. */
function spokenFailure(error: unknown, { port, awsPort }: LocalRunOptions): string {
  if (!(error instanceof Error)) return String(error);
  if (!('code' in error) || error.code !== 'EADDRINUSE') return error.stack ?? error.message;
  const taken = 'port' in error ? Number(error.port) : undefined;
  const option = taken === awsPort && taken !== port ? '--aws-port' : '--port';
  return `Port ${taken ?? '?'} is taken, perhaps by another local run: give another with ${option}, or ${option} 0 for any that is free.`;
}

/**
 * Runs the whole system on this machine until it is ended. Nothing is started when anything is wrong with what was asked.
 * Whatever was started is ended within five seconds of a signal.
 */
export async function runLocally(options: LocalRunOptions): Promise<LocalRunEnd> {
  const clock = options.clock ?? systemClock;
  const prepared = prepare(options);
  if ('problems' in prepared) return { kind: 'mistake', problems: prepared.problems };
  const host = options.process ?? process;
  shieldEnvironment(host.env);

  const { terminal } = options;
  for (const warning of prepared.warnings) terminal.stderr.write(`${warning}\n`);
  const output = outputFor(options, prepared.services, clock);
  const end = endSignal(host, host.env['npm_execpath'] !== undefined || host.env['npm_command'] !== undefined);
  const closers = createClosers(clock, CLOSE_PART_MS);
  let code: 0 | 1 = 0;
  try {
    const started = startEverything({ ...options, ...prepared, clock, output, closers, signal: end.signal }).then(() => 'started' as const);
    const ended = new Promise<'ended'>((resolve) => end.signal.addEventListener('abort', () => resolve('ended'), { once: true }));
    if ((await Promise.race([started, ended])) === 'started') {
      if (options.forMs !== undefined) end.after(options.forMs);
      await ended;
    } else started.catch(() => undefined);
  } catch (error) {
    terminal.stderr.write(`${spokenFailure(error, options)}\n`);
    code = 1;
  }
  await Promise.race([closers.closeAll(), clock.sleep(CLOSE_ALL_MS)]);
  output.end();
  end.close();
  return { kind: 'ended', code };
}
