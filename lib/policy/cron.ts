const day = 86_400_000;
const minute = 60_000;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface CronFields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: ReadonlySet<number>;
  /** "L": the last day of the month, whichever it is. */
  readonly lastDay: boolean;
  readonly months: ReadonlySet<number>;
  readonly daysOfWeek: ReadonlySet<number>;
  /** Both days are restricted: then either is enough (POSIX crontab). */
  readonly eitherDay: boolean;
}

/**
 * The starts of a cron pattern of five fields in [from, to), on the number line of local times (see time-of-day.ts):
 * zones are applied by the caller, so that every kind of schedule follows the same rule when clocks change.
 *
 * This much is our own because functions run it: croner would be a tenth of their bundles. A test holds it to croner.
 */
export function cronStarts(pattern: string, from: number, to: number): number[] {
  const fields = parseCron(pattern);
  if (fields === undefined) return [];
  const starts: number[] = [];
  for (let at = Math.floor(from / day) * day; at < to; at += day) {
    if (!isDue(fields, new Date(at))) continue;
    for (const hour of fields.hours) {
      for (const past of fields.minutes) {
        const start = at + (hour * 60 + past) * minute;
        if (start >= from && start < to) starts.push(start);
      }
    }
  }
  return starts;
}

function isDue({ daysOfMonth, lastDay, months: inMonths, daysOfWeek, eitherDay }: CronFields, date: Date): boolean {
  if (!inMonths.has(date.getUTCMonth() + 1)) return false;
  const isLast = lastDay && new Date(date.getTime() + day).getUTCDate() === 1;
  const [byMonth, byWeek] = [isLast || daysOfMonth.has(date.getUTCDate()), daysOfWeek.has(date.getUTCDay())];
  return eitherDay ? byMonth || byWeek : byMonth && byWeek;
}

/** Undefined where the pattern has something that is not known here; lib/policy/cron-check.ts says what. */
export function parseCron(pattern: string): CronFields | undefined {
  const [minutes, hours, daysOfMonth, inMonths, daysOfWeek, ...more] = pattern.trim().toLowerCase().split(/\s+/);
  if (minutes === undefined || hours === undefined || daysOfMonth === undefined || inMonths === undefined || daysOfWeek === undefined) {
    return undefined;
  }
  if (more.length > 0) return undefined;
  const days = daysOfMonth.split(',');
  const lastDay = days.includes('l');
  const numbered = days.filter((part) => part !== 'l').join(',');
  const parsed = {
    minutes: numbersOf(minutes, 0, 59, []),
    hours: numbersOf(hours, 0, 23, []),
    daysOfMonth: numbered === '' ? [] : numbersOf(numbered, 1, 31, []),
    months: numbersOf(inMonths, 1, 12, months),
    daysOfWeek: numbersOf(daysOfWeek, 0, 7, weekdays),
  };
  if (!parsed.minutes || !parsed.hours || !parsed.daysOfMonth || !parsed.months || !parsed.daysOfWeek) return undefined;
  return {
    minutes: parsed.minutes,
    hours: parsed.hours,
    daysOfMonth: new Set(parsed.daysOfMonth),
    lastDay,
    months: new Set(parsed.months),
    // Sunday is 0 and 7.
    daysOfWeek: new Set(parsed.daysOfWeek.map((weekday) => weekday % 7)),
    eitherDay: daysOfMonth !== '*' && daysOfWeek !== '*',
  };
}

/** The numbers of one field, ascending; `names` begin at `low`. */
function numbersOf(field: string, low: number, high: number, names: readonly string[]): number[] | undefined {
  const numbers = new Set<number>();
  for (const part of field.split(',')) {
    const [, range, step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const every = step === undefined ? 1 : Number(step);
    if (range === undefined || every < 1) return undefined;
    const [first, last, ...more] = range === '*' ? [low, high] : range.split('-').map((text) => numberOf(text, low, names));
    if (first === undefined || more.length > 0) return undefined;
    // "5/10" is "5-59/10", as in croner and most others.
    const end = last ?? (step === undefined ? first : high);
    if (!(first >= low && end <= high && first <= end)) return undefined;
    for (let number = first; number <= end; number += every) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

function numberOf(text: string, low: number, names: readonly string[]): number {
  const name = names.indexOf(text);
  if (name >= 0) return name + low;
  return /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
}
