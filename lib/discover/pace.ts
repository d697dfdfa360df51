import { AwsFailure } from '../aws/aws-failure.ts';
import type { Clock, Instant } from '../clock.ts';
import type { Random } from '../random.ts';

/** There is no time left for another call; what was found so far stands. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

export interface PaceOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** No call is begun after it. */
  readonly until: Instant;
}

/** Makes a call when its turn has come. */
export type Pace = <T>(ask: () => Promise<T>) => Promise<T>;

/**
 * Of the 20 reads a second that ECS gives to an account and Region (burst 100; ECS developer guide, "Request throttling"), which
 * the customer's own deployments share, and tick too, discovery takes five at most.
 */
export const CALLS_PER_SECOND = 5;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 16_000;
const ATTEMPTS = 6;

/**
 * Calls to one account and Region, no more than five a second. One that is throttled holds up all of them, each time twice as
 * long, with jitter; at the sixth the failure is thrown. Throws `OutOfTime` where a call could begin only after `until`.
 */
export function pace({ clock, random, until }: PaceOptions): Pace {
  let freeAt = clock.now();
  const turn = async () => {
    const at = Math.max(freeAt, clock.now());
    if (at > until) throw new OutOfTime();
    freeAt = at + 1_000 / CALLS_PER_SECOND;
    if (at > clock.now()) await clock.sleep(at - clock.now());
  };
  return async (ask) => {
    for (let attempt = 1; ; attempt++) {
      await turn();
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof AwsFailure) || error.kind !== 'throttled' || attempt === ATTEMPTS) throw error;
        const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
        const share = (random.bytes(1)[0] ?? 0) / 255;
        freeAt = Math.max(freeAt, clock.now() + Math.round(longest / 2 + (longest / 2) * share));
      }
    }
  };
}
