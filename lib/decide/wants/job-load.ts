import type { SlotPoint } from '../observation.ts';
import type { Instant } from '../time.ts';

const SPAN_MS = 60_000;
/** Shorter than that, the age of the oldest job says little about the rate of arrivals. */
const LEAST_AGE_MS = 5_000;

export interface JobLoad {
  /** Jobs waiting now. */
  readonly depth: number;
  /** Jobs per second by which the backlog grows; negative while it shrinks. */
  readonly growth: number;
  /** Seconds that the growth was seen over. */
  readonly span: number;
  /** Jobs waited throughout: every task had all the work that it can do. */
  readonly saturated: boolean;
  /** Arrivals per second by Little's law on the waiting jobs, λ = Q ÷ age of the oldest; undefined without a backlog. */
  readonly arrivals: number | undefined;
}

type Point = SlotPoint & { readonly depth: number };

/** What the last minute says of a queue, or why it cannot be told. Only slots from `from` on are looked at. */
export function jobLoad(series: readonly SlotPoint[], now: Instant, from: Instant = 0): JobLoad | { readonly missing: string } {
  const slots = series.filter((slot): slot is Point => slot.depth !== undefined && slot.at >= from && now - slot.at <= SPAN_MS + 10_000);
  const [first, last] = [slots[0], slots.at(-1)];
  if (first === undefined || last === undefined) return { missing: 'no reports of how many jobs wait' };
  const span = (last.at - first.at) / 1_000;
  const age = last.latencyMs ?? 0;
  return {
    depth: last.depth,
    growth: span > 0 ? (last.depth - first.depth) / span : 0,
    span,
    saturated: slots.length >= 2 && slots.every((slot) => slot.depth > 0),
    arrivals: last.depth > 0 && age >= LEAST_AGE_MS ? last.depth / (age / 1_000) : undefined,
  };
}
