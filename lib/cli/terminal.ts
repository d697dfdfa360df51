/** The outside of a command: where it writes, what it is told by the environment, and by the person before it. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For the answer alone. */
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  /** For everything else: mistakes, remarks, progress. */
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly now: () => number;
  /** Asks the person who sits there; absent where nobody does. */
  readonly ask?: (question: string) => Promise<string>;
  /** Waits; default: the real time. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** From its first call on, Ctrl-C does not end the process but aborts this. */
  readonly interrupted?: () => AbortSignal;
}
