import type { SlotPoint } from '../observation.ts';
import type { Instant } from '../time.ts';

export const SLOT_MS = 10_000;
const MINUTE = 6;

export interface WebLoad {
  /** Requests that arrive per second. */
  readonly arrivals: number;
  /** Growth of that per second, 0 unless it clearly grows. */
  readonly growth: number;
  /** Mean time that a task works on a request, ms. */
  readonly serviceMs: number;
  /** How fast the queue time grows: ms of queue per ms of time, up to 0.8; negative while it drains, 0 without a queue. */
  readonly queueGrowth: number;
}

/** Slots that lie wholly in the past: every adapter has reported once in them. */
export const completeSlots = (series: readonly SlotPoint[], now: Instant): SlotPoint[] =>
  series.filter((slot) => slot.at + SLOT_MS <= now && slot.reports > 0);

/**
 * What the last minute says of the load, or why it cannot be told. `queueMs` is the newest reading of
 * the queue time, `topMs` its target. Requests are counted when they end; while they queue, what ends
 * is what the tasks can do, and the arrivals follow from how the queue grows or drains.
 */
export function webLoad(
  series: readonly SlotPoint[],
  queueMs: number,
  topMs: number,
  now: Instant,
): WebLoad | { readonly missing: string; readonly few?: true } {
  const slots = completeSlots(series, now).filter((slot) => now - slot.at <= (MINUTE + 1) * SLOT_MS);
  if (slots.length < 2) return { missing: 'fewer than two complete reports in the last minute', few: true };
  const rates = slots.map(rateOf);
  const newest = rates.at(-1) ?? 0;
  const mean = rates.slice(-3).reduce((a, b) => a + b, 0) / Math.min(3, rates.length);
  const rate = Math.max(mean, newest);
  let requests = 0;
  let worked = 0;
  for (const slot of slots.slice(-MINUTE)) {
    if (slot.serviceMs === undefined || !slot.requests) continue;
    requests += slot.requests;
    worked += slot.requests * slot.serviceMs;
  }
  if (rate > 0 && requests === 0) return { missing: 'no reports of how long requests take' };
  const { growth: queueGrowth, through } = queueing(slots, queueMs, topMs, now);
  const queued = slots.some((slot) => (slot.valueMs ?? 0) > topMs);
  return {
    arrivals: queueGrowth < 0 ? through : Math.max(rate, through),
    // Departures that grow after a queue are new tasks at work, not new demand.
    growth: queued ? 0 : growthOf(rates),
    serviceMs: requests === 0 ? 0 : worked / requests,
    queueGrowth,
  };
}

/** Reports may come that much late without leaving a gap. */
const LARGEST_GAP_MS = 30_000;

/**
 * The highest rate of arrivals in the window that ends now, and how much of the window was seen without a gap. Of a queue that came
 * and went the mean rate counts: first in, first out, what left while it lasted is what came. One that lasts says nothing here yet.
 */
export function peakOf(
  series: readonly SlotPoint[],
  windowMs: number,
  topMs: number,
  now: Instant,
): { readonly arrivals: number; readonly overMs: number } {
  let arrivals = 0;
  let since = now;
  let queued = { left: 0, slots: 0 };
  for (const slot of completeSlots(series, now).toReversed()) {
    if (since - slot.at > LARGEST_GAP_MS || now - slot.at > windowMs) break;
    since = slot.at;
    if ((slot.valueMs ?? 0) > topMs) {
      queued = { left: queued.left + rateOf(slot), slots: queued.slots + 1 };
      continue;
    }
    arrivals = Math.max(arrivals, rateOf(slot), queued.slots > 0 ? queued.left / queued.slots : 0);
    queued = { left: 0, slots: 0 };
  }
  // The window's first slots may just have left the series.
  return { arrivals, overMs: now - since + 2 * SLOT_MS >= windowMs ? windowMs : now - since };
}

/** Slope of a straight line through the rates, per second, where it is positive and clearly not chance. */
function growthOf(rates: readonly number[]): number {
  const n = rates.length;
  if (n < 5) return 0;
  const meanX = (n - 1) / 2;
  const meanY = rates.reduce((a, b) => a + b, 0) / n;
  let sxy = 0;
  let sxx = 0;
  for (const [i, y] of rates.entries()) {
    sxy += (i - meanX) * (y - meanY);
    sxx += (i - meanX) ** 2;
  }
  const slope = sxy / sxx;
  const residual = rates.reduce((sum, y, i) => sum + (y - meanY - slope * (i - meanX)) ** 2, 0);
  const error = Math.sqrt(residual / (n - 2) / sxx);
  // A leap within one or two slots is no trend: the usual change from slot to slot has to show it, too.
  const changes = rates
    .slice(1)
    .map((y, i) => y - (rates[i] ?? 0))
    .sort((a, b) => a - b);
  const usual = changes[(n >> 1) - 1] ?? 0;
  return slope > 3 * error && usual > 0 ? Math.min(slope, usual) / (SLOT_MS / 1_000) : 0;
}

/**
 * FIFO: who leaves at t came at t − W(t), so λ = ΔD ÷ (Δt − ΔW) = μ ÷ (1 − dW/dt), D the departures and μ their rate. Taken over
 * the last two complete slots. A slot's percentile is close to the queue time at its end while that rises and at its start while
 * it falls, so the departures of the slots between are those from the second on, or up to the one before the last.
 * Where requests began to queue within the last slot, or after it, what left in that time is taken from the newest rate. Within the slot they
 * began as long ago as the queue time at least, and at its start at most: half way between, for all that is known.
 */
function queueing(slots: readonly SlotPoint[], queueMs: number, topMs: number, now: Instant): { growth: number; through: number } {
  const timed = slots.slice(-2).filter((slot): slot is SlotPoint & { valueMs: number } => slot.valueMs !== undefined);
  const last = timed.at(-1);
  const newest = rateOf(slots.at(-1));
  const flowing = (growth: number, rate = newest) => ({ growth, through: rate / (1 - growth) });
  if (last === undefined) return flowing(0);
  if (last.valueMs <= topMs) {
    if (queueMs <= topMs) return flowing(0);
    return flowing(bounded((queueMs - last.valueMs) / Math.max(SLOT_MS, now - last.at - SLOT_MS / 2)));
  }
  const since = timed.findLastIndex((slot) => slot.valueMs <= topMs) + 1;
  const first = timed[since];
  const before = timed[since - 1];
  if (first === undefined || first === last) {
    if (before === undefined) return flowing(0);
    return flowing(bounded((last.valueMs - before.valueMs) / ((SLOT_MS + last.valueMs) / 2)));
  }
  const growth = bounded((last.valueMs - first.valueMs) / (last.at - first.at));
  const between = timed.slice(since).slice(growth < 0 ? 0 : 1, growth < 0 ? -1 : undefined);
  return flowing(growth, between.reduce((sum, slot) => sum + rateOf(slot), 0) / between.length);
}

/** A queue time that grows faster, or shrinks faster, is more likely an error than a load. */
const bounded = (growth: number) => Math.min(0.9, Math.max(-4, growth));

const rateOf = (slot: SlotPoint | undefined) => (slot?.requests ?? 0) / (SLOT_MS / 1_000);
