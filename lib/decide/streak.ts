import type { Streak } from './memory.ts';
import type { Instant } from './time.ts';

/** An evaluation at least that often is expected; a longer gap was not watched and ends the streak. */
const LONGEST_GAP_MS = 180_000;

export type Way = 'in' | 'out';

/** A want counts for up to a tenth of the window longer than the window: that keeps at most twelve of them. */
const bucketMs = (windowMs: number) => Math.max(1_000, windowMs / 10);

/**
 * Adds one evaluation to a streak of wants that all go one way, for 'in' the highest per bucket, for
 * 'out' the lowest. Wants that a later, more extreme one outlives are dropped (a monotone queue), so
 * that a wait stores something twice in a tenth of the window at most.
 */
export function extend(streak: Streak | undefined, count: number, way: Way, windowMs: number, now: Instant): Streak {
  if (streak === undefined || now < streak.seen || now - streak.seen > LONGEST_GAP_MS)
    return { since: now, seen: now, extremes: [{ at: now, count }] };
  const outdoes = (a: number, b: number) => (way === 'in' ? a >= b : a <= b);
  const seen = now - streak.seen >= Math.min(bucketMs(windowMs), 60_000) ? now : streak.seen;
  const last = streak.extremes.at(-1);
  const covered = last !== undefined && outdoes(last.count, count) && now - last.at < bucketMs(windowMs);
  if (covered) return seen === streak.seen ? streak : { ...streak, seen };
  const kept = fresh(streak, windowMs, now).filter((extreme) => !outdoes(count, extreme.count));
  return { since: streak.since, seen, extremes: [...kept, { at: now, count }] };
}

/** The extreme want of the window that ends now, or undefined while the streak is shorter than the window. */
export function extremeOf(streak: Streak, way: Way, windowMs: number, now: Instant): number | undefined {
  if (now - streak.since < windowMs) return undefined;
  const counts = fresh(streak, windowMs, now).map((extreme) => extreme.count);
  return counts.length === 0 ? undefined : way === 'in' ? Math.max(...counts) : Math.min(...counts);
}

/** When the window is whole, and after that when its most extreme want leaves it: then a further step may be due. */
export function dueAt(streak: Streak, windowMs: number, now: Instant): Instant {
  if (now - streak.since < windowMs) return streak.since + windowMs;
  return (fresh(streak, windowMs, now)[0]?.at ?? now) + windowMs + bucketMs(windowMs);
}

const fresh = (streak: Streak, windowMs: number, now: Instant) =>
  streak.extremes.filter((extreme) => now - extreme.at < windowMs + bucketMs(windowMs));
