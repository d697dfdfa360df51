import { formatDuration, parseDuration } from './duration.ts';
import type { RateLimit } from './policy.ts';
import { formatShare, parseShare } from './share.ts';

const pattern = /^(?:(\d{1,5}) tasks?|(\S+%)) per (\S+)$/;

/** "4 tasks per 15s" or "25% per 1m". Undefined where the text is neither. */
export function parseRateLimit(text: string): RateLimit | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, tasks, percent, period = ''] = match;
  const periodMs = parseDuration(period);
  if (periodMs === undefined) return undefined;
  if (tasks !== undefined) return { tasks: Number(tasks), periodMs };
  const share = parseShare(percent ?? '');
  return share === undefined ? undefined : { share, periodMs };
}

/** As it would be written in the file. */
export function formatRateLimit(limit: RateLimit): string {
  const amount = limit.tasks === undefined ? formatShare(limit.share ?? 0) : `${limit.tasks} ${limit.tasks === 1 ? 'task' : 'tasks'}`;
  return `${amount} per ${formatDuration(limit.periodMs)}`;
}
