import type { Instant } from '../clock.ts';
import type { QueueReadings, QueueValue } from '../reports/digest.ts';
import { newerValue } from '../reports/queue-table.ts';
import { slotStart } from '../reports/slot.ts';
import { newestReport, type ObservedReport, reportedAt } from './observed-report.ts';

export type QueueMetric = keyof QueueReadings;
export const QUEUE_METRICS = ['latency', 'depth', 'busy'] as const;
export type MutableReadings = { -readonly [metric in QueueMetric]?: QueueValue };

/** The queues of a group, from the reports of all of its services. */
export interface GroupQueues {
  /** Newest value of each metric of each queue. */
  readonly queues: ReadonlyMap<string, QueueReadings>;
  /** The same within each 10 s slot, with the number of reports in it. */
  readonly slots: ReadonlyMap<Instant, { readonly reports: number; readonly queues: ReadonlyMap<string, QueueReadings> }>;
  readonly lastReportAt?: Instant;
}

/**
 * Every task of every service reports every queue it knows, so a queue's values are the newest that anybody
 * reported (of two of the same second the larger), and never a sum over reporters. The same for all
 * services of a group: worked out once for all of them.
 */
export function groupQueues(reports: readonly ObservedReport[], now: Instant): GroupQueues {
  const queues = new Map<string, MutableReadings>();
  const slots = new Map<Instant, { reports: number; queues: Map<string, MutableReadings> }>();
  const slotOf = (at: Instant) => {
    const start = slotStart(at);
    const slot = slots.get(start) ?? { reports: 0, queues: new Map<string, MutableReadings>() };
    slots.set(start, slot);
    return slot;
  };
  for (const { digest } of reports) {
    // What was collected is no report: it says nothing of whether adapters still speak.
    if (digest.collected) continue;
    if (!digest.continued) slotOf(reportedAt(digest, now)).reports++;
    for (const [name, readings] of digest.queues) {
      for (const metric of QUEUE_METRICS) {
        const reported = readings[metric];
        if (!reported) continue;
        const value = reported.at > now ? { value: reported.value, at: now } : reported;
        keepNewer(queues, name, metric, value);
        keepNewer(slotOf(value.at).queues, name, metric, value);
      }
    }
  }
  const lastReportAt = newestReport(
    reports.filter(({ digest }) => !digest.collected),
    now,
  );
  return { queues, slots, ...(lastReportAt === undefined ? {} : { lastReportAt }) };
}

function keepNewer(queues: Map<string, MutableReadings>, name: string, metric: QueueMetric, value: QueueValue): void {
  let row = queues.get(name);
  if (!row) {
    row = {};
    queues.set(name, row);
  }
  row[metric] = newerValue(row[metric], value);
}
