import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that nothing listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

export interface Served {
  readonly url: string;
  readonly process: ChildProcess;
}

/** Starts a server and waits until it answers HTTP, whatever it says; its last words in the error where it does not. */
export async function serve(command: string, args: readonly string[], port: number, patienceMs = 60_000): Promise<Served> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  const keep = (chunk: Buffer) => {
    words = `${words}${chunk.toString()}`.slice(-2_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code) => {
    ended ??= `it ended with code ${code}`;
  });
  const url = `http://127.0.0.1:${port}`;
  for (const began = Date.now(); ; await new Promise((resume) => setTimeout(resume, 200))) {
    if (ended === undefined && (await answers(url))) return { url, process: child };
    if (ended === undefined && Date.now() - began < patienceMs) continue;
    await stop(child);
    throw new Error(`${command} did not come up on ${url}: ${ended ?? `no answer within ${patienceMs / 1000} s`}. ${words.trim()}`);
  }
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(hard);
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}
