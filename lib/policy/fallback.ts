import { formatDuration, parseDuration } from './duration.ts';
import type { Behavior } from './policy.ts';

type Fallback = NonNullable<Behavior['fallback']>;

const pattern = /^(\d{1,5}) tasks? after (\S+?)(?: of silence)?$/;

/** "5 tasks after 3m" or "5 tasks after 3m of silence". Undefined where the text is neither. */
export function parseFallback(text: string): Fallback | undefined {
  const match = pattern.exec(text);
  const afterMs = match ? parseDuration(match[2] ?? '') : undefined;
  return afterMs === undefined ? undefined : { tasks: Number(match?.[1]), afterMs };
}

export function formatFallback({ tasks, afterMs }: Fallback): string {
  return `${tasks} ${tasks === 1 ? 'task' : 'tasks'} after ${formatDuration(afterMs)}`;
}
