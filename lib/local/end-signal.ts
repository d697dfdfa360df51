import { readFileSync } from 'node:fs';

/** Where signals come from: the process, or a test. */
export interface SignalSource {
  /** The process that started this one. */
  readonly ppid?: number;
  on(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown;
}

export interface EndSignal {
  /** Aborts when the run is to end. */
  readonly signal: AbortSignal;
  /** Ends it after `ms`. */
  after(ms: number): void;
  /** Stops listening, unless the run was ended by a signal: the process is about to end, then. */
  close(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const PARENT_MS = 500;

/** The parent and, where the system tells it, the parent's parent: between npx and this process there may be a shell that waits. */
function ancestors(source: SignalSource): string {
  if (source.ppid === undefined) return '';
  try {
    // "pid (name) state ppid …"; the name may hold anything, also spaces and brackets.
    const [, parent] = readFileSync(`/proc/${source.ppid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return `${source.ppid} ${parent}`;
  } catch {
    return String(source.ppid);
  }
}

/**
 * Ends a run whose parents went away: npx hands signals on to nobody, and would leave the run behind. Only for a run that
 * npm or npx started, since one started by a shell in the background may outlive it on purpose.
 */
function watchParents(source: SignalSource, end: () => void): NodeJS.Timeout {
  const first = ancestors(source);
  const watch = setInterval(() => ancestors(source) !== first && end(), PARENT_MS);
  watch.unref();
  return watch;
}

/** Ends a run at Ctrl-C, at SIGTERM, when the terminal goes away, or after a time. A second Ctrl-C changes nothing: it is ending already. */
export function endSignal(source: SignalSource, startedByNpm = false): EndSignal {
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const name of SIGNALS) source.on(name, end);
  const watch = startedByNpm ? watchParents(source, end) : undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: ending.signal,
    after: (ms) => {
      timer = setTimeout(end, ms);
    },
    close: () => {
      clearTimeout(timer);
      clearInterval(watch);
      // A second Ctrl-C that comes between here and the end of the process would otherwise kill it, with a code that says failure.
      if (!ending.signal.aborted) for (const name of SIGNALS) source.off(name, end);
    },
  };
}
