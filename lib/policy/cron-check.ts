import { Cron } from 'croner';
import { parseCron } from './cron.ts';

/** Whether a pattern ever comes is judged from here, so that it never depends on the clock. */
const reference = Date.UTC(2024, 0, 1);

/**
 * Undefined where the pattern is fine, or else what is wrong with it. Judged by croner, for its words, and by
 * lib/policy/cron.ts, which is what functions run: a pattern must be good to both.
 */
export function wrongCron(pattern: string, startsPerDay: number): string | undefined {
  if (pattern.trim().split(/\s+/).length !== 5)
    return 'a cron pattern has five fields: minute, hour, day of month, month, day of week, such as "0 8 * * 1-5"';
  try {
    const cron = new Cron(pattern, { timezone: 'UTC', mode: '5-part', paused: true });
    if (cron.nextRun(new Date(reference)) === null) return 'this pattern never comes: no such day exists';
    const fields = parseCron(pattern);
    if (fields === undefined)
      return 'only numbers, names of days and months, *, lists (1,2), ranges (1-5), steps (*/2) and L for the last day of the month are known here';
    if (fields.minutes.length * fields.hours.length > startsPerDay)
      return 'begins more often than every 5 minutes: let it begin less often, for longer';
    return undefined;
  } catch (error) {
    return `not a cron pattern of minute, hour, day of month, month, day of week: ${error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error)}`;
  }
}
