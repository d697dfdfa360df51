/** A date and time as a clock on the wall shows it, without a zone. */
export interface LocalTime {
  readonly year: number;
  /** 1..12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

export const timePattern = /^([01]\d|2[0-3]):([0-5]\d)$/;
export const datePattern = /^(\d{4})-(\d{2})-(\d{2})(?:[ T]([01]\d|2[0-3]):([0-5]\d))?$/;

/** "08:30" → minutes since midnight. */
export function parseTimeOfDay(text: string): number | undefined {
  const match = timePattern.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : undefined;
}

/** Milliseconds that a clock at UTC would show it at: a number line for local times, not an instant. */
export const localMs = ({ year, month, day, hour, minute }: LocalTime) => Date.UTC(year, month - 1, day, hour, minute);

export function localTimeAt(ms: number): LocalTime {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}

/** "2026-11-27" or "2026-11-27 18:00" (or with a T); a date without a time has no hour. Undefined for a day that no calendar has. */
export function parseLocalDate(text: string): { readonly local: LocalTime; readonly timed: boolean } | undefined {
  const match = datePattern.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map((part) => Number(part ?? 0));
  const local = { year, month, day, hour, minute };
  const back = localTimeAt(localMs(local));
  return back.year === year && back.month === month && back.day === day ? { local, timed: match[4] !== undefined } : undefined;
}

/** "2026-11-27T18:00", as schedules with dates keep it. */
export function formatLocal(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16);
}
