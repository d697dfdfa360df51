import type { BoundsInterval } from '../decide/observation.ts';
import type { Instant } from '../decide/time.ts';
import { cronStarts } from './cron.ts';
import { instantsOf, localAt } from './local-instants.ts';
import type { Override, Schedule } from './policy.ts';
import { localMs, parseLocalDate, parseTimeOfDay } from './time-of-day.ts';

const day = 86_400_000;

/**
 * The dated intervals of a service's schedules and overrides that touch [from, to), soonest first.
 * They keep their whole length, except that one which lasts all the time is cut a day outside of what was asked.
 *
 * - Windows of one schedule that touch or overlap are one interval.
 * - Windows of several schedules stay apart: of those in force the highest floor and the lowest cap
 *   apply, and where floor and cap cross the cap wins (lib/decide/bounds.ts).
 * - When clocks change, a window is as wide as its local times allow: a start that comes twice is the
 *   earlier, an end the later; a start or end that never comes is the first instant after the gap.
 *   `for` of a cron schedule is elapsed time from there.
 */
export function expandSchedules(
  schedules: readonly Schedule[],
  overrides: readonly Override[],
  from: Instant,
  to: Instant,
): BoundsInterval[] {
  const planned = schedules.flatMap((schedule) =>
    joined(windowsOf(schedule, from, to)).map((window): BoundsInterval => {
      const { name, min, max, lead } = schedule;
      return { ...window, ...bounds(min, max), name, source: 'schedule', lead };
    }),
  );
  const ordered = overrides.map(({ name, from: start, until, min, max }): BoundsInterval => {
    return { from: start, to: until, ...bounds(min, max), name, source: 'override', lead: 0 };
  });
  return [...planned, ...ordered]
    .filter((interval) => interval.from < to && interval.to > from && interval.from < interval.to)
    .sort((a, b) => a.from - b.from || a.to - b.to);
}

const bounds = (min: number | undefined, max: number | undefined) => ({
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});

interface Window {
  readonly from: Instant;
  readonly to: Instant;
}

/** Windows that may touch [from, to), some of them not: the caller drops those. */
function windowsOf(schedule: Schedule, from: Instant, to: Instant): Window[] {
  const { timezone } = schedule;
  if (schedule.kind === 'once') {
    return [{ from: instantsOf(localDate(schedule.from), timezone).first, to: instantsOf(localDate(schedule.to), timezone).last }];
  }
  // A day more on either side: zones differ by up to 26 hours, and a window may begin the day before.
  const earliest = localAt(from, timezone) - 2 * day;
  const latest = localAt(to, timezone) + day;
  if (schedule.kind === 'cron') {
    return cronStarts(schedule.cron, earliest - schedule.forMs, latest).map((start) => {
      const { first, last } = instantsOf(start, timezone);
      return { from: first, to: last + schedule.forMs };
    });
  }
  const start = timeOfDay(schedule.from);
  const end = timeOfDay(schedule.to);
  const length = end > start ? end - start : end - start + day;
  const windows: Window[] = [];
  for (let midnight = Math.floor(earliest / day) * day; midnight < latest; midnight += day) {
    if (!schedule.days.includes(isoWeekday(midnight))) continue;
    windows.push({ from: instantsOf(midnight + start, timezone).first, to: instantsOf(midnight + start + length, timezone).last });
  }
  return windows;
}

/** 1 is Monday; the epoch was a Thursday. */
const isoWeekday = (midnight: number) => ((((Math.floor(midnight / day) + 3) % 7) + 7) % 7) + 1;

function timeOfDay(text: string): number {
  const minutes = parseTimeOfDay(text);
  if (minutes === undefined) throw new RangeError(`"${text}" is no time of day; a policy holds parsed schedules only`);
  return minutes * 60_000;
}

function localDate(text: string): number {
  const date = parseLocalDate(text);
  if (!date) throw new RangeError(`"${text}" is no local date; a policy holds parsed schedules only`);
  return localMs(date.local);
}

function joined(windows: readonly Window[]): Window[] {
  const result: Window[] = [];
  for (const window of windows.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && window.from <= last.to) result[result.length - 1] = { from: last.from, to: Math.max(last.to, window.to) };
    else result.push(window);
  }
  return result;
}
