import type { Policy } from '../policy/policy.ts';
import type { TrailStep } from './decision.ts';
import type { BoundsInterval } from './observation.ts';
import { capital, clock, duration, tasks } from './sentence.ts';
import type { Instant } from './time.ts';

export interface Bounds {
  readonly floor: number;
  readonly cap: number;
  /** What set them, as far as it is not the policy's own min and max. */
  readonly steps: readonly TrailStep[];
  /** The code and sentence of the floor and of the cap in force. */
  readonly floorWhy: { readonly code: 'AtFloor' | 'ScheduleFloor' | 'OverrideFloor' | 'FallbackFloor'; readonly why: string };
  readonly capWhy: { readonly code: 'AtCap' | 'ScheduleCap' | 'OverrideCap'; readonly why: string };
  /** The next moment at which an interval that is in force or about to be changes the bounds. */
  readonly until?: Instant;
}

/**
 * `floor = max(min, schedules, override)`, `cap = min(max, schedule caps)`; where they cross, the cap
 * wins. A floor starts earlier by its lead, so that tasks are ready at the hour; a cap never does.
 * `fallback` is the floor that long silence brings, if it does.
 */
export function boundsAt(
  policy: Pick<Policy, 'min' | 'max'>,
  intervals: readonly BoundsInterval[],
  startUpMs: number,
  now: Instant,
  fallback?: { readonly tasks: number; readonly why: string },
): Bounds {
  let floor = policy.min;
  let cap = policy.max;
  let floorWhy: Bounds['floorWhy'] = { code: 'AtFloor', why: `the minimum is ${tasks(policy.min)}` };
  let capWhy: Bounds['capWhy'] = { code: 'AtCap', why: `the maximum is ${tasks(policy.max)}` };
  const steps: TrailStep[] = [];
  const edges: Instant[] = [];
  for (const interval of intervals) {
    const lead = interval.lead === 'auto' ? startUpMs : interval.lead;
    const floorFrom = interval.from - lead;
    for (const edge of [interval.min === undefined ? interval.from : floorFrom, interval.to]) if (edge > now) edges.push(edge);
    if (now >= interval.to) continue;
    const what = interval.source === 'override' ? `the override "${interval.name}"` : `the schedule "${interval.name}"`;
    if (interval.min !== undefined && now >= floorFrom) {
      const code = interval.source === 'override' ? 'OverrideFloor' : 'ScheduleFloor';
      const early = now < interval.from ? `, ${duration(lead)} early so that tasks are ready at ${clock(interval.from)}` : '';
      const why = `${what} asks for at least ${tasks(interval.min)}${early}`;
      steps.push({ rule: 'bounds', code, why: capital(why), value: interval.min });
      if (interval.min > floor) {
        floor = interval.min;
        floorWhy = { code, why };
      }
    }
    if (interval.max !== undefined && now >= interval.from) {
      const code = interval.source === 'override' ? 'OverrideCap' : 'ScheduleCap';
      const why = `${what} allows at most ${tasks(interval.max)}`;
      steps.push({ rule: 'bounds', code, why: capital(why), value: interval.max });
      if (interval.max < cap) {
        cap = interval.max;
        capWhy = { code, why };
      }
    }
  }
  if (fallback !== undefined) {
    steps.push({ rule: 'bounds', code: 'FallbackFloor', why: capital(fallback.why), value: fallback.tasks });
    if (fallback.tasks > floor) {
      floor = fallback.tasks;
      floorWhy = { code: 'FallbackFloor', why: fallback.why };
    }
  }
  if (floor > cap) {
    const why = `The floor of ${floor} (${floorWhy.why}) is over the cap of ${cap} (${capWhy.why}): the cap wins.`;
    steps.push({ rule: 'bounds', code: 'CapBelowFloor', why, value: cap });
    floor = cap;
  }
  return { floor, cap, steps, floorWhy, capWhy, ...(edges.length > 0 && { until: Math.min(...edges) }) };
}
