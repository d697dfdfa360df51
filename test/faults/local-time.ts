const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes since local midnight in a time zone, by the platform's own calendar: nothing of the production code. */
export function localMinute(at: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    formats.set(zone, format);
  }
  const [hours = '0', minutes = '0'] = format.format(at).split(':');
  return Number(hours) * 60 + Number(minutes);
}

const MINUTE = 60_000;
const repeated = new Map<string, boolean>();

/** Whether the local time at an instant comes twice, since clocks are set back about then, by an hour or (Lord Howe) half of one. */
export function comesTwice(at: number, zone: string): boolean {
  const key = `${zone} ${Math.floor(at / MINUTE)}`;
  let twice = repeated.get(key);
  if (twice === undefined) {
    const minute = localMinute(at, zone);
    twice = [-60, -30, 30, 60].some((minutes) => localMinute(at + minutes * MINUTE, zone) === minute);
    repeated.set(key, twice);
  }
  return twice;
}
