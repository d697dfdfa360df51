import { AwsFailure } from '../aws/aws-failure.ts';
import type { Clock } from '../clock.ts';
import type { Item, Key } from './table.ts';

/** DynamoDB's limits of one batch. */
export const batchLimits = { writes: 25, reads: 100, readBytes: 16 * 1024 * 1024 } as const;

const firstWaitMs = 25;
const longestWaitMs = 1_000;
const attempts = 8;

/**
 * Sends `requests` in batches of at most `size` and sends again what the service leaves unprocessed, waiting
 * exponentially longer (with jitter by `random`, 0..1) while it takes nothing; `AwsFailure` "throttled" when eight
 * attempts in a row got nothing done.
 */
export const sendInBatches = async <T>(
  requests: readonly T[],
  size: number,
  send: (batch: readonly T[]) => Promise<readonly T[]>,
  { clock, random, action }: { readonly clock: Clock; readonly random: () => number; readonly action: string },
): Promise<void> => {
  let waiting = [...requests];
  let idle = 0;
  while (waiting.length > 0) {
    const batch = waiting.slice(0, size);
    const left = await send(batch);
    waiting = [...waiting.slice(size), ...left];
    if (left.length < batch.length) {
      idle = 0;
      if (left.length === 0) continue;
    } else if (++idle >= attempts) {
      throw new AwsFailure(
        'throttled',
        action,
        `${waiting.length} of ${requests.length} items were still unprocessed after ${attempts} attempts`,
      );
    }
    const longest = Math.min(longestWaitMs, firstWaitMs * 2 ** idle);
    await clock.sleep(longest / 2 + (random() * longest) / 2);
  }
};

/** Each key once: DynamoDB refuses a batch that names one twice. Of items with the same key the last stands. */
export const uniqueByKey = <T extends Key | Item>(items: readonly T[]): T[] => {
  const byKey = new Map<string, T>();
  for (const item of items) byKey.set(keyText(item), item);
  return [...byKey.values()];
};

/** A key as one string; the length keeps two different keys from meeting. */
export const keyText = (key: Key): string => `${key.pk.length}:${key.pk}${key.sk}`;
