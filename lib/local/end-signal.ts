/** Where signals come from: the process, or a test. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown;
}

export interface EndSignal {
  /** Aborts when the run is to end. */
  readonly signal: AbortSignal;
  /** Ends it after `ms`. */
  after(ms: number): void;
  /** Stops listening. */
  close(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends a run at Ctrl-C, at SIGTERM, when the terminal goes away, or after a time. A second Ctrl-C changes nothing: it is ending already. */
export function endSignal(source: SignalSource): EndSignal {
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const name of SIGNALS) source.on(name, end);
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: ending.signal,
    after: (ms) => {
      timer = setTimeout(end, ms);
    },
    close: () => {
      clearTimeout(timer);
      for (const name of SIGNALS) source.off(name, end);
    },
  };
}
