import { Cron } from 'croner';

const day = 86_400_000;
/** A quiet day; what a pattern of five fields does is judged from there, so that it never depends on the clock. */
const reference = Date.UTC(2024, 0, 1);

/**
 * The starts of a cron pattern of five fields in [from, to), on the number line of local times
 * (see time-of-day.ts): zones are applied by the caller, so that every kind of schedule follows
 * the same rule when clocks change.
 */
export function cronStarts(pattern: string, from: number, to: number): number[] {
  const starts: number[] = [];
  const cron = new Cron(pattern, { timezone: 'UTC', mode: '5-part', paused: true });
  for (let next = cron.nextRun(new Date(from - 1_000)); next !== null && next.getTime() < to; next = cron.nextRun(next))
    starts.push(next.getTime());
  return starts;
}

/** Undefined where the pattern is fine, or else what is wrong with it. */
export function wrongCron(pattern: string, startsPerDay: number): string | undefined {
  if (pattern.trim().split(/\s+/).length !== 5)
    return 'a cron pattern has five fields: minute, hour, day of month, month, day of week, such as "0 8 * * 1-5"';
  try {
    const cron = new Cron(pattern, { timezone: 'UTC', mode: '5-part', paused: true });
    const first = cron.nextRun(new Date(reference));
    if (first === null) return 'this pattern never comes: no such day exists';
    const starts = cron.nextRuns(startsPerDay + 1, first);
    const last = starts.at(-1);
    if (starts.length > startsPerDay && last && last.getTime() - first.getTime() < day)
      return 'begins more often than every 5 minutes: let it begin less often, for longer';
    return undefined;
  } catch (error) {
    return `not a cron pattern of minute, hour, day of month, month, day of week: ${error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error)}`;
  }
}
