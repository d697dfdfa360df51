import type { Clock, Instant } from '../clock.ts';
import type { Random } from '../random.ts';

const BEFORE_EXPIRY_MS = 5 * 60_000;
/** Sessions that were taken in one tick are not all renewed in one tick. */
const JITTER_MS = 60_000;

export interface SessionCache<T extends { readonly expiresAt: Instant }> {
  /** The session under this key, or a new one. Those who ask at once wait for the same one; a failure is not kept. */
  get(key: string, make: () => Promise<T>): Promise<T>;
  /** Forgets this session, unless another has taken its place. */
  drop(key: string, session: T): void;
}

/** Sessions for reading, each until 5 to 6 minutes before it ends. */
export function sessionCache<T extends { readonly expiresAt: Instant }>(clock: Clock, random: Random): SessionCache<T> {
  const pending = new Map<string, Promise<T>>();
  const held = new Map<string, { readonly session: T; readonly until: Instant }>();

  function keep(key: string, session: T): void {
    for (const [other, { until }] of held) if (until <= clock.now()) held.delete(other);
    const share = (random.bytes(1)[0] ?? 0) / 255;
    held.set(key, { session, until: session.expiresAt - BEFORE_EXPIRY_MS - Math.round(share * JITTER_MS) });
  }

  return {
    async get(key, make) {
      const known = held.get(key);
      if (known !== undefined && clock.now() < known.until) return known.session;
      const underWay = pending.get(key);
      if (underWay !== undefined) return await underWay;
      const made = make();
      pending.set(key, made);
      try {
        const session = await made;
        keep(key, session);
        return session;
      } finally {
        pending.delete(key);
      }
    },
    drop(key, session) {
      if (held.get(key)?.session === session) held.delete(key);
    },
  };
}
