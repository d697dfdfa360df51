import type { Instant } from '../clock.ts';
import type { Reading } from '../decide/observation.ts';

export const known = (value: number, at: Instant): Reading => ({ kind: 'known', value, at });
export const unknown = (why: string): Reading => ({ kind: 'unknown', why });

/** Begins the reason of readings that a missing header, not silence, leaves unknown. */
export const NO_REQUEST_START = 'X-Request-Start is missing';
/** Begins the reason of readings that silence leaves unknown. */
export const SILENCE = 'no report';

/** @param whose "web", or "any service of the group". @param newest the newest report there is, if any. */
export function silence(whose: string, newest: Instant | undefined, now: Instant): Reading {
  if (newest === undefined) return unknown(`${SILENCE} of ${whose} in the last minutes`);
  const seconds = Math.round((now - newest) / 1000);
  return unknown(`${SILENCE} of ${whose} since ${new Date(newest).toISOString()}, ${seconds} s ago`);
}

/** "30 s", "2 min", "90 s" */
export const spokenDuration = (ms: number): string =>
  ms >= 60_000 && ms % 60_000 === 0 ? `${ms / 60_000} min` : `${Math.round(ms / 1000)} s`;
