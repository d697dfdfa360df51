import type { SlotPoint } from '../observation.ts';
import type { Instant } from '../time.ts';

export const SLOT_MS = 10_000;

export interface WebLoad {
  /** Requests per second: the mean of the last 30 s or the last 10 s, whichever is more. */
  readonly rate: number;
  /** Growth of the rate per second, 0 unless it is clearly growing. */
  readonly growth: number;
  /** Mean time that a task works on a request, ms. */
  readonly serviceMs: number;
  /** Requests per second that left in the newest complete slot. */
  readonly departures: number;
  /** How fast the queue time grows: ms of queue per ms of time, up to 0.9; negative while it drains. */
  readonly queueGrowth: number;
}

/** Slots that lie wholly in the past: every adapter has reported once in them. */
export const completeSlots = (series: readonly SlotPoint[], now: Instant): SlotPoint[] =>
  series.filter((slot) => slot.at + SLOT_MS <= now && slot.reports > 0);

/**
 * What the last minute says of the load, or why it cannot be told. The rate is that of requests that
 * ended; while more arrive than leave, the queue time grows, and the arrivals are found from that.
 */
export function webLoad(series: readonly SlotPoint[], queueMs: number, topMs: number, now: Instant): WebLoad | { readonly missing: string } {
  const slots = completeSlots(series, now).filter((slot) => now - slot.at <= 6 * SLOT_MS + SLOT_MS);
  if (slots.length < 2) return { missing: 'fewer than two complete reports in the last minute' };
  const rates = slots.map((slot) => (slot.requests ?? 0) / (SLOT_MS / 1_000));
  const last = rates.slice(-3);
  const rate = Math.max(last.reduce((a, b) => a + b, 0) / last.length, rates.at(-1) ?? 0);
  let requests = 0;
  let worked = 0;
  for (const slot of slots.slice(-6)) {
    if (slot.serviceMs === undefined || !slot.requests) continue;
    requests += slot.requests;
    worked += slot.requests * slot.serviceMs;
  }
  if (rate > 0 && requests === 0) return { missing: 'no adapter reports how long requests take' };
  return { rate, departures: rates.at(-1) ?? 0, growth: growthOf(rates), serviceMs: requests === 0 ? 0 : worked / requests, queueGrowth: queueGrowthOf(slots, queueMs, topMs, now) };
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
  const error = Math.sqrt(residual / Math.max(1, n - 2) / sxx);
  return slope > 3 * error && slope > 0 ? slope / (SLOT_MS / 1_000) : 0;
}

/**
 * FIFO: who leaves at t came at t − W(t), so λ(t − W) = μ ÷ (1 − dW/dt). Taken over the last three
 * complete slots; where requests began to queue after them, from the newest reading.
 */
function queueGrowthOf(slots: readonly SlotPoint[], queueMs: number, topMs: number, now: Instant): number {
  const timed = slots.slice(-3).filter((slot): slot is SlotPoint & { valueMs: number } => slot.valueMs !== undefined);
  const [first, last] = [timed[0], timed.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const growth = last.valueMs <= topMs || last === first ? (queueMs - last.valueMs) / Math.max(SLOT_MS, now - last.at - SLOT_MS / 2) : (last.valueMs - first.valueMs) / (last.at - first.at);
  return Math.min(0.8, Math.max(-3, growth));
}
