import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { packageRoot } from '../local/package-root.ts';
import { runCommandLine } from './program.ts';

// A reader that has seen enough (`| head -1`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')));

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const given = new Promise<string>((resolve) => {
    lines.question(question, resolve);
    // Ctrl-C and Ctrl-D are a no.
    lines.once('close', () => resolve(''));
  });
  const answer = await given;
  lines.close();
  return answer;
}

function interrupted(): AbortSignal {
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());
  return ended.signal;
}

const code = await runCommandLine(process.argv.slice(2), version, {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => Date.now(),
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  interrupted,
});

// What was written to a pipe may still be under way; whatever else holds the process open (a thread, a socket) may not.
process.exitCode = code;
process.stdout.write('', () => process.exit(code));
