import { zoneOffset } from './zone-offset.ts';

const day = 86_400_000;

/**
 * The instants at which clocks in a zone show a local time (given on the number line of
 * time-of-day.ts):
 * - usually one: `first` and `last` are the same
 * - twice, when clocks go back: `first` is the earlier, `last` the later
 * - never, when clocks go forward over it: both are the first instant after the gap, so that
 *   the order of local times is kept and no window ends before it begins
 */
export function instantsOf(local: number, timezone: string): { readonly first: number; readonly last: number } {
  const offset = (instant: number) => zoneOffset(timezone, instant);
  const candidates = [offset(local - day), offset(local + day)].map((candidate) => local - candidate);
  const shown = candidates.filter((instant) => instant + offset(instant) === local);
  if (shown.length > 0) return { first: Math.min(...shown), last: Math.max(...shown) };
  const afterGap = firstInstantAfterGap(Math.min(...candidates), Math.max(...candidates), offset);
  return { first: afterGap, last: afterGap };
}

/** `before` and `after` are on either side of the one change of the offset. */
function firstInstantAfterGap(before: number, after: number, offset: (instant: number) => number): number {
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle) === offset(before)) low = middle;
    else high = middle;
  }
  return high;
}

/** What clocks in a zone show at an instant, on the number line of local times. */
export function localAt(instant: number, timezone: string): number {
  return instant + zoneOffset(timezone, instant);
}
