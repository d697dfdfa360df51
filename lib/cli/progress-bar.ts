import type { Terminal } from './terminal.ts';

const WIDTH = 30;

/**
 * Shows on a terminal how far a long work has come; elsewhere nothing.
 * @returns what to call with the share that is done; at 1 the bar is taken away.
 */
export function progressBar({ stderr }: Terminal, what: string): (share: number) => void {
  if (stderr.isTTY !== true) return () => {};
  let shown = -1;
  return (share) => {
    const percent = Math.floor(share * 100);
    if (percent === shown) return;
    shown = percent;
    const done = Math.round(share * WIDTH);
    stderr.write(share >= 1 ? '\r\u001b[K' : `\r${what} [${'#'.repeat(done)}${'·'.repeat(WIDTH - done)}] ${percent} %`);
  };
}
