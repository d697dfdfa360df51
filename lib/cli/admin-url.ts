import { findRunning, runningFolder } from '../local/running-file.ts';
import type { Terminal } from './terminal.ts';
import { UserMistake } from './user-mistake.ts';

/** What is wrong with the URL of an admin API; `from`: where it was given. */
export const urlProblems = (from: string, text: string): string[] =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
    ? []
    : [`${from} is ${JSON.stringify(text)}: the URL of the admin API is needed, such as http://127.0.0.1:4000/admin/…`];

function checked(from: string, text: string): string {
  const problems = urlProblems(from, text);
  if (problems.length > 0) throw new UserMistake(problems);
  return text.replace(/\/+$/, '');
}

/** Where the admin API is: the option, else SLUICE_URL, else a local run of this user's, which is said on stderr. */
export function adminUrl(option: string | undefined, terminal: Terminal): string {
  if (option !== undefined) return checked('--url', option);
  const variable = terminal.env['SLUICE_URL'];
  if (variable) return checked('SLUICE_URL', variable);
  const [newest, ...others] = findRunning(runningFolder(terminal.env));
  if (newest === undefined) {
    throw new UserMistake([
      'No Sluice to talk to: give --url URL or set SLUICE_URL to its admin API, or start a local run with "sluice dev".',
    ]);
  }
  const also = others.length > 0 ? `, the newest of ${others.length + 1}` : '';
  terminal.stderr.write(`Talking to the local run at ${new URL(newest.admin).origin} (process ${newest.pid}${also}).\n`);
  return newest.admin;
}
