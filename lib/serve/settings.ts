import { type Config, ConfigError, parseConfig } from '../config.ts';
import type { CredentialSource } from '../credentials/credential-source.ts';
import { diagnose } from '../credentials/diagnose.ts';
import type { Outside } from '../credentials/outside.ts';
import type { ProfileFiles } from '../credentials/profile-files.ts';
import type { Check } from '../doctor/check.ts';
import { PARTS, type PartName } from './engine.ts';

/** As they are given on the command line; what is absent is in the environment, or has a default. */
export interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly adminPort?: number;
  readonly table?: string;
  readonly stage?: string;
  readonly region?: string;
  readonly account?: string;
  readonly parts?: string;
  /** Where apps reach the report endpoint, through whatever stands in front of it. */
  readonly reportsUrl?: string;
  /** How long it goes on serving after SIGTERM, until load balancers have heard of it. */
  readonly drainMs: number;
}

export interface ServeSettings {
  readonly config: Config;
  readonly port: number;
  readonly host: string;
  readonly adminPort?: number;
  readonly parts: ReadonlySet<PartName>;
  readonly drainMs: number;
  readonly source: CredentialSource;
  readonly files: ProfileFiles;
  /** What was found of our own credentials; none of it wrong. */
  readonly checks: readonly Check[];
}

/** Longer than orchestrators wait before they kill: thirty seconds, in which the work has to end, too. */
const LONGEST_DRAIN_MS = 20_000;

/** All that is wrong with options, environment and credentials at once, or what to run with. */
export function serveSettings(
  options: ServeOptions,
  outside: Outside,
): { readonly ok: true; readonly settings: ServeSettings } | { readonly ok: false; readonly problems: readonly string[] } {
  const { table, stage, region, account, reportsUrl } = options;
  const env = {
    ...outside.env,
    ...given('SLUICE_TABLE', table ?? outside.env['SLUICE_TABLE'] ?? namedAfter(stage ?? outside.env['SLUICE_STAGE'])),
    ...given('SLUICE_STAGE', stage),
    ...given('AWS_REGION', region ?? outside.env['AWS_REGION'] ?? outside.env['AWS_DEFAULT_REGION']),
    ...given('SLUICE_ACCOUNT_ID', account),
    ...given('SLUICE_REPORTS_URL', reportsUrl),
  };
  const problems: string[] = [];
  const config = configOf(env, problems);
  const parts = partsOf(options.parts, problems);
  if (options.adminPort !== undefined && options.adminPort === options.port && options.port !== 0)
    problems.push(`--admin-port is ${options.adminPort}, and so is --port: the admin API has a port of its own.`);
  if (options.drainMs > LONGEST_DRAIN_MS)
    problems.push(
      `--drain is ${options.drainMs / 1_000} s: at most ${LONGEST_DRAIN_MS / 1_000} s, since containers are killed 30 s after SIGTERM.`,
    );
  const { source, files, checks } = diagnose({ ...outside, env });
  for (const { result, check, what, mend } of checks)
    if (result === 'wrong') problems.push(`${check}: ${what}${mend === undefined ? '' : ` ${mend}`}`);
  if (config === undefined || problems.length > 0) return { ok: false, problems };
  const { port, host, adminPort, drainMs } = options;
  return {
    ok: true,
    settings: { config, port, host, parts, drainMs, source, files, checks, ...(adminPort === undefined ? {} : { adminPort }) },
  };
}

const given = (name: string, value: string | undefined) => (value === undefined ? {} : { [name]: value });
/** As infra/table.yml names it. */
const namedAfter = (stage: string | undefined) => (stage === undefined ? undefined : `sluice-${stage}`);

function configOf(env: Outside['env'], problems: string[]): Config | undefined {
  try {
    return parseConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

function partsOf(text: string | undefined, problems: string[]): ReadonlySet<PartName> {
  if (text === undefined) return new Set(PARTS);
  const words = text.split(',').map((word) => word.trim());
  const unknown = words.filter((word) => !PARTS.some((part) => part === word));
  if (unknown.length > 0)
    problems.push(`--parts has ${unknown.map((word) => JSON.stringify(word)).join(', ')}: there are ${PARTS.join(', ')}.`);
  return new Set(PARTS.filter((part) => words.includes(part)));
}
