import type { Terminal } from './terminal.ts';

/** Says on stderr what is being done while it is, on a terminal only; nothing of it stays. */
export async function withProgress<T>({ stderr }: Terminal, what: string, work: () => Promise<T>): Promise<T> {
  if (!stderr.isTTY) return work();
  stderr.write(`${what} …`);
  try {
    return await work();
  } finally {
    stderr.write('\r\u001b[K');
  }
}
