import type { Instant } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { BreakerStore } from '../stores/ports.ts';
import type { Control } from '../stores/records.ts';

/** From this share of all services on, scaling in together is taken for a fault of what is measured. */
const SHARE = 0.5;
/** In a smaller fleet chance alone brings services together. */
const AT_LEAST = 10;
/** How long it stays open, unless a person pauses scale-in for longer. */
const OPEN_MS = 30 * 60_000;
/** A service that scaled in this recently goes on with what it began. */
const GOING_ON_MS = 30 * 60_000;

export interface Breaker {
  /** Asked before a decision to scale in is stored: why it is held, or undefined where nothing stands against it. */
  check(control: Control, now: Instant): Promise<string | undefined>;
}

/**
 * The fleet-wide breaker. When an unusual share of all services begins to scale in within minutes, a broken pipeline of
 * measurements is likelier than that much good news: scale-in is held for all, and told. Scale-out is never held. A
 * beginning is counted before it is judged, so that services decided at the same moment see each other. It costs a read
 * for each decision to scale in, and a write and a second read for each that begins one.
 */
export function createBreaker(store: BreakerStore, journal: Journal): Breaker {
  const held = (why: string, until: Instant) => `${why}; scale-in is held until ${new Date(until).toISOString().slice(11, 16)} UTC`;
  return {
    async check(control, now) {
      const { openUntil } = await store.read(now);
      if (now < openUntil) return held('too many services began to scale in at once', openUntil);
      if (!begins(control, now)) return undefined;
      await store.count(now);
      const { services, began } = await store.read(now);
      if (began < AT_LEAST || began < SHARE * services) return undefined;
      const until = now + OPEN_MS;
      if (await store.open(now, until))
        journal.warn('BreakerOpened: an unusual share of services wants to scale in at once', {
          code: 'BreakerOpened',
          began,
          services,
          until,
        });
      return held(`${began} of ${services} services began to scale in within minutes, which looks like broken measurements`, until);
    },
  };
}

/** Neither goes on with what it began, nor tries again what failed. */
function begins({ lastWrite, lastOutcome }: Control, now: Instant): boolean {
  const goesOn = lastWrite !== undefined && lastWrite.to < lastWrite.from && now - lastWrite.at < GOING_ON_MS;
  const triesAgain = lastOutcome !== undefined && lastOutcome.outcome !== 'applied' && now - lastOutcome.at < GOING_ON_MS;
  return !goesOn && !triesAgain;
}
