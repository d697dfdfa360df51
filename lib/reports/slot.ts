import type { Instant } from '../clock.ts';

/** Reports are filed, and looked at, in slots of this length: the interval in which adapters report. */
export const SLOT_MS = 10_000;

/** Start of the slot that an instant falls into. */
export const slotStart = (at: Instant): Instant => Math.floor(at / SLOT_MS) * SLOT_MS;
