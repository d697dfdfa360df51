import type { Instant } from '../clock.ts';

/** Why a number could not be collected. Stored as its place in this list: only ever append. */
export const MISS_CODES = [
  'denied',
  'throttled',
  'no-datapoint',
  'partial',
  'unavailable',
  'not-found',
  'not-connected',
  'invalid',
] as const;
export type MissCode = (typeof MISS_CODES)[number];

/** A number that was collected, not reported, or that it could not be. */
export type CollectedReading =
  | {
      readonly kind: 'known';
      readonly value: number;
      /** When it was so: of a datapoint the end of its period. */
      readonly at: Instant;
      /** Messages of the queue that are being worked on, where the source tells. */
      readonly busy?: number;
    }
  | { readonly kind: 'missing'; readonly code: MissCode };

/**
 * The name that what is collected is stored under in place of a service's. No service can be called so, and no web or queue metric
 * is ever read from it.
 */
export const COLLECTOR = '@collect';
