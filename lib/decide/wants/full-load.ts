import type { SlotPoint } from '../observation.ts';
import { SLOT_MS } from './web-load.ts';

/** Requests in progress in a slot, on average: λS (Little's law). Undefined where the slot does not tell. */
export function workOf({ requests, serviceMs }: SlotPoint): number | undefined {
  if (requests === undefined || serviceMs === undefined) return undefined;
  return ((requests / (SLOT_MS / 1_000)) * serviceMs) / 1_000;
}

/**
 * Requests in progress when all tasks have all the work that they can do, as the newest of the slots tells. A task's report reaches ten
 * seconds back, and where tasks report each at a time of its own, part of what the slot tells is from before requests began to queue: they did as
 * long ago as the queue, by its growth, took to become as long as it was at the end of the slot before. Of reports spread evenly that
 * part is half the square of what is missing; a single task's report has none of it.
 * @param slots whole ones, oldest first; requests queue in the last two. @param topMs the target.
 */
export function fullLoad(slots: readonly SlotPoint[], topMs: number): number | undefined {
  const newest = slots.at(-1);
  const earlier = slots.at(-3);
  const load = newest && workOf(newest);
  const calm = earlier && workOf(earlier);
  if (load === undefined || calm === undefined || (earlier?.valueMs ?? 0) > topMs) return load;
  const queueMs = slots.at(-2)?.valueMs ?? 0;
  const growth = ((newest?.valueMs ?? 0) - queueMs) / SLOT_MS;
  const lastedMs = growth > 0 ? Math.min(SLOT_MS, queueMs / growth) : SLOT_MS;
  const before = (((SLOT_MS - lastedMs) / SLOT_MS) ** 2 / 2) * (1 - 1 / Math.max(1, newest?.reports ?? 1));
  return (load - before * calm) / (1 - before);
}
