const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes milliseconds, using it microseconds. */
function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timezone, format);
  return format;
}

/**
 * How far clocks in an IANA zone are ahead of UTC at an instant, ms. Node's own zone data: a date
 * library would add 70 kB to every function for this one number. Throws RangeError for an unknown zone.
 */
export function zoneOffset(timezone: string, instant: number): number {
  if (timezone === 'UTC') return 0;
  const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(timezone).formatToParts(instant)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1_000) * 1_000;
}
