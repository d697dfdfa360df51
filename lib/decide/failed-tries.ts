import type { Memory } from './memory.ts';
import type { Instant } from './time.ts';

/** A raise that comes so soon after tasks were removed came because they were. */
const SOON_MS = 90_000;
/** As long as changes are remembered. */
const SEEN_MS = 65 * 60_000;

/**
 * How often in the last hour tasks were removed and had to be brought back at once. Where fewer tasks miss the target by little and more
 * are far below it, each window would end in another try: nothing else remembers that the last ones failed.
 */
export function failedTries({ changes }: Pick<Memory, 'changes'>, now: Instant): number {
  return changes.filter((change, i) => {
    const next = changes[i + 1];
    return (
      change.to < change.from && next !== undefined && next.to > next.from && next.at - change.at <= SOON_MS && now - next.at <= SEEN_MS
    );
  }).length;
}
