import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';

/** How other commands find a local run: what it is reached by. Holds the secret of its admin URL, hence for its user only. */
export interface RunningLocally {
  readonly admin: string;
  readonly pid: number;
  readonly startedAt: string;
}

const schema = z.object({ admin: z.string().check(z.url()), pid: z.int().check(z.positive()), startedAt: z.iso.datetime() });

/** A folder of the user's own: the session's where the system has one, else below the shared temporary one. */
export const runningFolder = (env: Readonly<Record<string, string | undefined>>): string =>
  join(env['XDG_RUNTIME_DIR'] || tmpdir(), `sluice-${userInfo().username}`);

const nameOf = (pid: number) => `local-run-${pid}.json`;

/** The shared temporary folder is everybody's: what somebody else put there under our name is not used. */
function isOurs(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isDirectory()) return false;
  return process.getuid === undefined || stat.uid === process.getuid();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function read(path: string): RunningLocally | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

const filesIn = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('local-run-'));

/** Removes what runs left behind that were killed. */
function sweep(folder: string): void {
  for (const name of filesIn(folder)) {
    const running = read(join(folder, name));
    if (running !== undefined && !isAlive(running.pid)) rmSync(join(folder, name), { force: true });
  }
}

/** Writes the file, readable by its user alone; returns what removes it again. Never fails: without it, `--url` still works. */
export function announce(folder: string, running: RunningLocally): () => void {
  const path = join(folder, nameOf(running.pid));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOurs(folder)) return () => undefined;
    sweep(folder);
    rmSync(path, { force: true });
    writeFileSync(path, `${JSON.stringify(running)}\n`, { mode: 0o600, flag: 'wx' });
  } catch {
    return () => undefined;
  }
  return () => rmSync(path, { force: true });
}

/** Local runs that are alive, the newest first. */
export function findRunning(folder: string): RunningLocally[] {
  if (!isOurs(folder)) return [];
  return filesIn(folder)
    .flatMap((name) => read(join(folder, name)) ?? [])
    .filter((running) => isAlive(running.pid))
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}
