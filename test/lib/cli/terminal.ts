import type { Terminal } from '../../../lib/cli/terminal.ts';

/** A terminal that keeps what is written to it. */
export function aTerminal(env: Readonly<Record<string, string | undefined>> = {}): Terminal & { out(): string; err(): string } {
  const written = { out: '', err: '' };
  return {
    env,
    now: () => Date.UTC(2026, 0, 1),
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.err += text) },
    out: () => written.out,
    err: () => written.err,
  };
}
