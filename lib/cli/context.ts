import type { Command } from 'commander';
import { type AdminClient, createAdminClient } from './admin-client.ts';
import { adminUrl } from './admin-url.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command that talks to a running Sluice takes. */
export interface TalkOptions {
  readonly url?: string;
  readonly json?: boolean;
}

/** Adds `--url` and `--json`. */
export const talking = (command: Command): Command =>
  command
    .option('--url <url>', 'admin API of the Sluice to talk to (default: SLUICE_URL, else a local run on this machine)')
    .option('--json', 'one JSON document on stdout, and nothing else');

export function adminFor(options: TalkOptions, terminal: Terminal): { client: AdminClient; url: string } {
  const url = adminUrl(options.url, terminal);
  return { client: createAdminClient(url), url };
}

/** Writes the answer: as JSON where that is asked for, else as text. */
export function answer(terminal: Terminal, options: TalkOptions, json: unknown, text: string): void {
  terminal.stdout.write(`${options.json ? JSON.stringify(json) : text}\n`);
}
