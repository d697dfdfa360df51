import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..', '..');
const bin = join(root, 'bin', 'sluice.js');

/** What tests run is what is in the tree, not what was built some time ago. */
export const build = () => execFileSync(process.execPath, [join(root, 'build.js')], { stdio: 'ignore' });

/** A folder of the test's own; also where its runs announce themselves, so that they do not meet other runs of this machine. */
export function scratch(): { readonly path: string; write(name: string, text: string): string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'sluice-e2e-'));
  return {
    path,
    write: (name, text) => {
      writeFileSync(join(path, name), text);
      return join(path, name);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: lines are what the test is about; their form is asserted, not assumed.
export type Line = Record<string, any> & { readonly type: string };

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface Run {
  readonly child: ChildProcess;
  /** Lines so far, parsed; a line that is no JSON fails the test. */
  lines(): Line[];
  /** The first line that fits, as soon as there is one. */
  until(fits: (line: Line) => boolean, withinMs: number): Promise<Line>;
  stderr(): string;
  readonly ended: Promise<Ended>;
}

/** Starts `sluice` with these arguments as a process of its own. */
export function start(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Run {
  const began = Date.now();
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of waiting) check();
  };
  child.stdout?.on('data', (chunk) => {
    stdout += String(chunk);
    wake();
  });
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const ended = new Promise<Ended>((done) =>
    child.once('close', (code, signal) => {
      done({ code, signal, stdout, stderr, ms: Date.now() - began });
      wake();
    }),
  );
  const lines = () =>
    stdout
      .slice(0, stdout.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Line => JSON.parse(line));
  return {
    child,
    lines,
    stderr: () => stderr,
    ended,
    until: (fits, withinMs) =>
      new Promise((found, missed) => {
        const check = () => {
          const line = lines().find(fits);
          if (line === undefined && child.exitCode === null) return;
          waiting.delete(check);
          clearTimeout(timer);
          if (line !== undefined) found(line);
          else missed(new Error(`the run ended before such a line came: ${stderr}`));
        };
        const timer = setTimeout(() => {
          waiting.delete(check);
          missed(new Error(`no such line within ${withinMs} ms; stderr: ${stderr}; last lines: ${stdout.slice(-1_500)}`));
        }, withinMs);
        waiting.add(check);
        check();
      }),
  };
}

/** Runs a command to its end. */
export const runToEnd = (args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Promise<Ended> =>
  start(args, env).ended;

/** Reports forty requests that waited for a second or longer, which breaches any target of these tests. @returns the HTTP status. */
export async function reportBreach(reportUrl: string): Promise<number> {
  const now = Date.now() / 1000;
  const metrics = Array.from({ length: 40 }, (_, i) => [
    [now - 1, 1_000 + i, 'qt', null],
    [now - 1, 40, 'at', null],
  ]).flat();
  const response = await fetch(`${reportUrl}/v3/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ container: `c-${Math.random()}`, pid: 1, metrics }),
  });
  return response.status;
}
