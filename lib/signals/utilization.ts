import type { Instant } from '../clock.ts';
import type { Reading } from '../decide/observation.ts';
import type { QueueValue } from '../reports/digest.ts';
import { newerValue } from '../reports/queue-table.ts';
import { type ObservedReport, reportedAt } from './observed-report.ts';
import { known, unknown } from './reading.ts';
import { RequestCount } from './web-window.ts';

const WINDOW_MS = 60_000;

/** The middle one of the values; of an even number the mean of the two in the middle. Undefined for none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const above = sorted[Math.floor(sorted.length / 2)];
  const below = sorted[Math.floor((sorted.length - 1) / 2)];
  return above === undefined || below === undefined ? undefined : (above + below) / 2;
}

/**
 * Median over processes of their newest utilisation, of those that reported one after `after`.
 *
 * The Express adapter's count of requests in flight never falls again when a client gives up: such a
 * process says 100 % for ever. The median bears a few of them; one that says so and has ended no
 * request for a minute is left out, and where nobody else is left nothing is known.
 */
export function utilizationReading(
  own: readonly ObservedReport[],
  after: Instant,
  now: Instant,
): { readonly reading: Reading; readonly processes: number } {
  const processes = new Map<string, { newest?: QueueValue; requests: RequestCount }>();
  const requests = new RequestCount();
  let newestAt = after;
  for (const { reporter, digest } of own) {
    const at = reportedAt(digest, now);
    if (at <= now - WINDOW_MS) continue;
    const process = processes.get(reporter) ?? { requests: new RequestCount() };
    processes.set(reporter, process);
    for (const step of digest.web) process.requests.add(step);
    if (at <= after) continue;
    if (at > newestAt) newestAt = at;
    for (const step of digest.web) requests.add(step);
    if (digest.utilization) process.newest = newerValue(process.newest, digest.utilization);
  }
  const told = [...processes.values()].flatMap(({ newest, requests: ended }) => (newest ? [{ ...newest, ended: ended.total }] : []));
  const usable = told.filter(({ value, ended }) => value < 1 || ended > 0);
  const value = median(usable.map((process) => process.value));
  if (value !== undefined) {
    const at = usable.reduce((latest, process) => Math.max(latest, Math.min(process.at, now)), 0);
    return { reading: known(value, at), processes: usable.length };
  }
  return { reading: nothing(told.length, requests.total, newestAt), processes: 0 };
}

function nothing(stuck: number, requests: number, newestAt: Instant): Reading {
  if (stuck > 0) {
    return unknown(
      'all processes say that they are 100 % busy, but no request ended in the last minute: requests are that long, or the count of an adapter is stuck after a client gave up',
    );
  }
  // Adapters send utilisation once a process has served its first request.
  return requests === 0 ? known(0, newestAt) : unknown(`requests were reported (${requests}), but no utilisation: update the adapter`);
}

export const UTILIZATION_WINDOW_MS = WINDOW_MS;
