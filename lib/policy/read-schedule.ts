import { formatDays, parseDays } from './days.ts';
import { values } from './default-values.ts';
import { formatDuration } from './duration.ts';
import { limits } from './limits.ts';
import type { Schedule } from './policy.ts';
import { type Fields, readList, readMap } from './read-map.ts';
import { kindOf, numberOf, readDuration, readNumber, readText, textOf } from './read-value.ts';
import type { Place, Review } from './review.ts';
import { formatLocal, localMs, parseLocalDate, parseTimeOfDay } from './time-of-day.ts';
import { wrongTimeZone } from './time-zone.ts';

const keys = ['name', 'days', 'from', 'to', 'cron', 'for', 'timezone', 'min', 'max', 'lead'] as const;
type ScheduleFields = Fields<(typeof keys)[number]>;
type When =
  | { readonly kind: 'weekly'; readonly days: readonly number[]; readonly from: string; readonly to: string }
  | { readonly kind: 'cron'; readonly cron: string; readonly forMs: number }
  | { readonly kind: 'once'; readonly from: string; readonly to: string };

/** One entry of `schedules`: weekly (`days`, `from`, `to`), `cron` with `for`, or once, where `from` and `to` have dates. */
export function readSchedule(place: Place, review: Review): Schedule | undefined {
  const fields = readMap(place, review, keys, '{ days: mon-fri, from: "08:00", to: "18:00", min: 10 }');
  if (!fields) return undefined;
  const when = readWhen(fields, review);
  const bounds = readBounds(fields, review);
  const namePlace = fields.get('name');
  const name = namePlace ? readText(namePlace, review, limits.nameLength) : when && describeWhen(when);
  const zonePlace = fields.get('timezone');
  const timezone = zonePlace ? readZone(zonePlace, review) : values.timezone;
  const leadPlace = fields.get('lead');
  const lead = leadPlace ? readLead(leadPlace, review) : values.lead;
  if (!when || !bounds || name === undefined || timezone === undefined || lead === undefined) return undefined;
  return { ...when, name, timezone, ...bounds, lead };
}

function readWhen(fields: ScheduleFields, review: Review): When | undefined {
  const [cron, days, from] = [fields.get('cron'), fields.get('days'), fields.get('from')];
  if (cron) {
    review.needs('cron-schedule', cron);
    return readCron(fields, cron, review);
  }
  const dated = !days && from !== undefined && /^\d{4}-/.test(textOf(from) ?? '');
  review.needs(dated ? 'dated-schedule' : 'weekly-schedule', fields.place);
  return dated ? readOnce(fields, review) : readWeekly(fields, review);
}

function readCron(fields: ScheduleFields, place: Place, review: Review): When | undefined {
  for (const key of ['days', 'from', 'to'] as const) {
    const other = fields.get(key);
    if (other)
      review.problem(other, 'conflict', `\`${key}\` does not go with \`cron\`: the pattern says when it begins, \`for\` how long it lasts`);
  }
  const cron = readText(place, review, 100);
  const wrong = cron === undefined ? undefined : review.wrongCron(cron);
  if (wrong !== undefined) review.problem(place, 'format', wrong);
  const forPlace = fields.required('for', 'how long it lasts from each start, such as `for: 2h`');
  const forMs = forPlace && readDuration(forPlace, review, { min: 60_000, max: limits.cronForMs });
  return cron === undefined || wrong !== undefined || forMs === undefined ? undefined : { kind: 'cron', cron, forMs };
}

function readWeekly(fields: ScheduleFields, review: Review): When | undefined {
  const daysPlace = fields.get('days');
  const days = daysPlace ? readDays(daysPlace, review) : values.days;
  const fromPlace = fields.required('from', 'when it begins, such as `from: "08:00"` (or `cron`, or a date)');
  const toPlace = fields.required('to', 'when it ends, such as `to: "18:00"`; not after `from` means the next day');
  const from = fromPlace && readTimeOfDay(fromPlace, review);
  const to = toPlace && readTimeOfDay(toPlace, review);
  const stray = fields.get('for');
  if (stray) review.problem(stray, 'conflict', '`for` goes with `cron`: write `to` here');
  return days === undefined || from === undefined || to === undefined ? undefined : { kind: 'weekly', days, from, to };
}

function readDays(place: Place, review: Review): readonly number[] | undefined {
  const parts = place.tree.kind === 'list' ? readList(place, review, { min: 1, max: 7, what: 'days' }) : [place];
  const found = new Set<number>();
  let wrong = false;
  for (const part of parts ?? []) {
    const days = parseDays(textOf(part) ?? '');
    if ('days' in days) for (const day of days.days) found.add(day);
    else {
      wrong = true;
      const what = days.wrong === '' ? kindOf(part) : `"${days.wrong.slice(0, 40)}"`;
      review.problem(
        part,
        'format',
        `${what} is no day: write mon-fri, sat-mon, "mon,wed", [mon, wed] or daily (mon tue wed thu fri sat sun)`,
      );
    }
  }
  return wrong || found.size === 0 ? undefined : [...found].sort((a, b) => a - b);
}

function readTimeOfDay(place: Place, review: Review): string | undefined {
  const text = textOf(place);
  if (text !== undefined && parseTimeOfDay(text) !== undefined) return text;
  const number = numberOf(place);
  if (number !== undefined && number >= 0 && number < 1_440 && Number.isInteger(number)) {
    const time = formatLocal(number * 60_000).slice(11);
    return review.problem(
      place,
      'format',
      `write times in quotes: "${time}". A tool that speaks YAML 1.1 reads ${time} without them as the number ${number}`,
    );
  }
  if (text === '24:00') return review.problem(place, 'format', 'write "00:00": an end that is not after the start is the next day\'s');
  return review.problem(place, 'format', 'a time has two digits each, in quotes: "08:00" to "23:59"');
}

function readOnce(fields: ScheduleFields, review: Review): When | undefined {
  const stray = fields.get('for');
  if (stray) review.problem(stray, 'conflict', '`for` goes with `cron`: write `to` here');
  const fromPlace = fields.get('from');
  const toPlace = fields.required('to', 'the date when it ends, such as 2026-11-30 (that day is part of it) or "2026-11-30 18:00"');
  const from = fromPlace && readDate(fromPlace, review, 0);
  // A last day without a time is part of the window: it ends when the next one begins.
  const to = toPlace && readDate(toPlace, review, 1);
  if (toPlace && from !== undefined && to !== undefined && to <= from)
    return review.problem(toPlace, 'conflict', `has to be after from (${formatLocal(from)})`);
  return from === undefined || to === undefined ? undefined : { kind: 'once', from: formatLocal(from), to: formatLocal(to) };
}

/** On the number line of local times. */
function readDate(place: Place, review: Review, daysLater: 0 | 1): number | undefined {
  const date = parseLocalDate(textOf(place) ?? '');
  if (date) return localMs(date.local) + (date.timed ? 0 : daysLater * 86_400_000);
  return review.problem(
    place,
    'format',
    'has to be a day of the calendar, such as 2026-11-27 or "2026-11-27 18:00", local to `timezone` (no Z, no offset)',
  );
}

function readBounds(fields: ScheduleFields, review: Review): { readonly min?: number; readonly max?: number } | undefined {
  const [minPlace, maxPlace] = [fields.get('min'), fields.get('max')];
  const { keyAt, path } = fields.place;
  if (!minPlace && !maxPlace) return review.problemAt(keyAt, path, 'required', null, 'a schedule changes `min`, `max` or both: write one');
  const range = { min: 0, max: limits.tasks };
  const min = minPlace && readNumber(minPlace, review, range);
  const max = maxPlace && readNumber(maxPlace, review, range);
  if (maxPlace && min !== undefined && max !== undefined && min > max)
    return review.problem(maxPlace, 'conflict', `max has to be at least min (${min})`);
  if ((minPlace && min === undefined) || (maxPlace && max === undefined)) return undefined;
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function readZone(place: Place, review: Review): string | undefined {
  const text = readText(place, review, 64);
  const wrong = text === undefined ? undefined : wrongTimeZone(text);
  return wrong === undefined ? text : review.problem(place, 'one-of', wrong);
}

function readLead(place: Place, review: Review): 'auto' | number | undefined {
  review.needs('lead', place);
  return textOf(place) === 'auto' ? 'auto' : readDuration(place, review, { min: 0, max: limits.leadMs });
}

/** The name of a schedule that has none. */
function describeWhen(when: When): string {
  if (when.kind === 'weekly') return `${formatDays(when.days)} ${when.from}-${when.to}`;
  return when.kind === 'cron' ? `${when.cron} for ${formatDuration(when.forMs)}` : `${when.from} to ${when.to}`;
}
