/** The outside of a command: where it writes, what it is told by the environment. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For the answer alone. */
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  /** For everything else: mistakes, remarks, progress. */
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly now: () => number;
}
