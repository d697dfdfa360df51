import type { Instant } from '../clock.ts';
import type { SlotPoint } from '../decide/observation.ts';
import { SLOT_MS, slotStart } from '../reports/slot.ts';

const MAX_SLOTS = 30;

/**
 * The newest 30 slots up to the last one in which anything was seen, oldest first and without holes: a
 * slot in which nothing was reported has `reports: 0` and nothing else.
 * @param point what was seen in the slot that starts then; undefined for nothing.
 */
export function toSeries(slots: Iterable<Instant>, now: Instant, point: (slot: Instant) => SlotPoint | undefined): SlotPoint[] {
  const oldest = slotStart(now) - (MAX_SLOTS - 1) * SLOT_MS;
  const seen = [...slots].filter((slot) => slot >= oldest);
  if (seen.length === 0) return [];
  const last = seen.reduce((a, b) => Math.max(a, b));
  const series: SlotPoint[] = [];
  for (let slot = seen.reduce((a, b) => Math.min(a, b)); slot <= last; slot += SLOT_MS)
    series.push(point(slot) ?? { at: slot, reports: 0 });
  return series;
}
