import type { Clock } from '../clock.ts';

/** What AWS refused is not asked for again for so long: AccessDenied means stop touching. */
const STANDS_MS = 300_000;

/** A warm function's memory of what it was refused. */
export interface Refusals {
  stands(name: string): boolean;
  note(name: string): void;
}

export function createRefusals(clock: Clock): Refusals {
  const until = new Map<string, number>();
  return {
    stands(name) {
      const end = until.get(name);
      if (end === undefined) return false;
      if (clock.now() < end) return true;
      until.delete(name);
      return false;
    },
    note: (name) => void until.set(name, clock.now() + STANDS_MS),
  };
}
