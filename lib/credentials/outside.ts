import type { Check } from '../doctor/check.ts';
import type { ReadText } from './profile-files.ts';

/** What a process is told by where it runs. */
export interface Outside {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readText: ReadText;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Right, and worth knowing. */
export const note = (check: string, what: string): Check => ({ check, result: 'note', what });
