import type { Command } from 'commander';
import { isLoopback } from '../local/aws-endpoints.ts';
import { type AdminClient, createAdminClient } from './admin-client.ts';
import { adminUrl, urlProblems } from './admin-url.ts';
import { withCheck } from './mistakes.ts';
import type { Terminal } from './terminal.ts';
import { UserMistake } from './user-mistake.ts';

/** Options that every command that talks to a running Sluice takes. */
export interface TalkOptions {
  readonly url?: string;
  readonly json?: boolean;
  readonly sign?: boolean;
  readonly signRegion?: string;
}

/** Adds `--url`, `--sign`, `--sign-region` and `--json`. */
export const talking = (command: Command): Command =>
  withCheck<TalkOptions>(command, ({ url }) => (url === undefined ? [] : urlProblems('--url', url)))
    .option('--url <url>', 'admin API of the Sluice to talk to (default: SLUICE_URL, else a local run on this machine)')
    .option('--sign', 'sign with your AWS credentials at a domain of your own, too; at a Lambda function URL it is done anyway')
    .option('--sign-region <region>', 'Region to sign for, where the URL does not say it (default: AWS_REGION)')
    .option('--json', 'one JSON document on stdout, and nothing else');

export interface Talk {
  readonly client: AdminClient;
  readonly url: string;
}

/** The admin API that the options name, with requests signed where it asks for that, and never to this machine itself. */
export function adminFor(options: TalkOptions, terminal: Terminal): Talk {
  const url = adminUrl(options.url, terminal);
  const region = signingRegion(new URL(url), options, terminal);
  if (region === undefined) return { client: createAdminClient(url), url };
  // Loaded where it is needed: the SDK's credentials take a while to load.
  const signer = import('../aws/sign-request.ts').then(({ createRequestSigner }) => createRequestSigner({ region, now: terminal.now }));
  // Whoever asks first is told.
  signer.catch(() => undefined);
  return { client: createAdminClient(url, async (request) => (await signer)(request)), url };
}

/** The Region to sign for; undefined: not signed. Throws `UserMistake`. */
function signingRegion(url: URL, { sign, signRegion }: TalkOptions, { env }: Terminal): string | undefined {
  if (isLoopback(url.hostname)) return undefined;
  const [, ofUrl] = /^[a-z0-9]+\.lambda-url\.([a-z0-9-]+)\.on\.(?:aws|amazonwebservices\.com\.cn)$/.exec(url.hostname) ?? [];
  if (ofUrl === undefined && sign !== true) return undefined;
  const found = signRegion ?? ofUrl ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (found === undefined) throw new UserMistake(['--sign needs the Region of the admin API: give --sign-region or set AWS_REGION.']);
  if (url.protocol !== 'https:') throw new UserMistake([`${url.origin} is not https: a signed request is not sent in the clear.`]);
  return found;
}

/** Writes the answer: as JSON where that is asked for, else as text. */
export function answer(terminal: Terminal, options: TalkOptions, json: unknown, text: string): void {
  terminal.stdout.write(`${options.json ? JSON.stringify(json) : text}\n`);
}
