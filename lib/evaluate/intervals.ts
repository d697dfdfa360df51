import type { Instant } from '../clock.ts';
import type { BoundsInterval } from '../decide/observation.ts';
import { expandSchedules } from '../policy/calendar.ts';
import type { Schedule, ServiceConfig } from '../policy/policy.ts';

const HOUR = 3_600_000;
/** Kept for a while: a warm function decides the same services again and again. */
const KEPT_MS = HOUR / 2;
const kept = new WeakMap<readonly Schedule[], { readonly at: Instant; readonly intervals: readonly BoundsInterval[] }>();

/**
 * The intervals of a service's schedules and overrides that are in force at `now` or begin within two hours. The memory
 * of what schedules expand to is the only state here; it depends on nothing but its arguments.
 */
export function intervalsOf({ policy, overrides = [] }: ServiceConfig, now: Instant): readonly BoundsInterval[] {
  const dated = overrides.length === 0 ? [] : expandSchedules([], overrides, now, now + 2 * HOUR);
  if (policy.schedules.length === 0) return dated;
  const before = kept.get(policy.schedules);
  const fits = before !== undefined && now >= before.at && now - before.at < KEPT_MS;
  const intervals = fits ? before.intervals : expandSchedules(policy.schedules, [], now, now + KEPT_MS + 2 * HOUR);
  if (!fits) kept.set(policy.schedules, { at: now, intervals });
  return dated.length === 0 ? intervals : [...intervals, ...dated];
}
