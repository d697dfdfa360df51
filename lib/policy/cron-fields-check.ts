import { cronStarts, parseCron } from './cron.ts';

const reference = Date.UTC(2096, 0, 1);
/** The longest time between two 29ths of February. */
const longestGapMs = 8 * 366 * 86_400_000;

/** As `wrongCron` in cron-check.ts, without croner, which functions do not hold: what is good there is good here. */
export function wrongCronFields(pattern: string, startsPerDay: number): string | undefined {
  const fields = parseCron(pattern);
  if (fields === undefined)
    return 'has to be five fields (minute, hour, day of month, month, day of week) of numbers, names, *, lists, ranges, steps and L';
  if (fields.minutes.length * fields.hours.length > startsPerDay)
    return 'begins more often than every 5 minutes: let it begin less often, for longer';
  if (cronStarts(pattern, reference, reference + longestGapMs).length === 0) return 'this pattern never comes: no such day exists';
  return undefined;
}
