import type { Instant } from '../clock.ts';
import type { Reading, SlotPoint, TargetSignals } from '../decide/observation.ts';
import type { RequestQueueTimeTarget, ResponseTimeTarget, UtilizationTarget } from '../policy/policy.ts';
import type { QueueValue } from '../reports/digest.ts';
import { newerValue } from '../reports/queue-table.ts';
import { SketchSum } from '../reports/sketch.ts';
import { slotStart } from '../reports/slot.ts';
import { newestReport, type ObservedReport, reportedAt } from './observed-report.ts';
import { silence, spokenDuration, unknown } from './reading.ts';
import { toSeries } from './series.ts';
import { median, UTILIZATION_WINDOW_MS, utilizationReading } from './utilization.ts';
import { RequestCount, type WebMetric, type WebPoint, webPoints, windowReading } from './web-window.ts';

const RECENT_MS = 10_000;
const NOT_JOBS: Reading = unknown('a web target has no jobs');

/** A service's own reports, made ready for any number of its web targets. */
export interface WebReports {
  readonly service: string;
  readonly own: readonly ObservedReport[];
  readonly points: readonly WebPoint[];
  readonly newest: Instant | undefined;
}

export function webReports(service: string, reports: readonly ObservedReport[], now: Instant): WebReports {
  const own = reports.filter((report) => report.service === service);
  // What is continued tells of requests only where it has some.
  const whole = own.filter(({ digest }) => !digest.continued || digest.web.length > 0);
  return { service, own, points: webPoints(own, now), newest: newestReport(whole, now) };
}

/** The signals of a target on queue time, response time or utilisation, from the service's own reports alone. */
export function webSignals(
  target: RequestQueueTimeTarget | ResponseTimeTarget | UtilizationTarget,
  web: WebReports,
  staleAfterMs: number,
  now: Instant,
): TargetSignals {
  const rest = { busy: NOT_JOBS };
  if (target.kind === 'utilization') {
    const label = `median utilisation of the processes of ${web.service}`;
    const series = webSeries(web, undefined, 0, now);
    if (isSilent(web, staleAfterMs, now)) return { ...silent(web, now), ...rest, label, series };
    const { reading, processes } = utilizationReading(web.own, now - UTILIZATION_WINDOW_MS, now);
    const recent = utilizationReading(web.own, (web.newest ?? now) - RECENT_MS, now).reading;
    return { reading, recent, samples: processes, ...rest, label, series };
  }
  const metric = target.kind === 'request-queue-time' ? 'queueTime' : 'appTime';
  const share = target.percentile / 100;
  const series = webSeries(web, metric, share, now);
  const name = `p${target.percentile} ${metric === 'queueTime' ? 'queue time' : 'response time'}`;
  if (web.newest === undefined || isSilent(web, staleAfterMs, now)) return { ...silent(web, now), ...rest, label: name, series };
  const { reading, recent, samples, windowMs } = windowReading(web.points, metric, share, web.newest);
  return { reading, recent, samples, ...rest, label: `${name} of the last ${spokenDuration(windowMs)}`, series };
}

const isSilent = ({ newest }: WebReports, staleAfterMs: number, now: Instant) => newest === undefined || now - newest > staleAfterMs;

function silent(web: WebReports, now: Instant) {
  const reading = silence(web.service, web.newest, now);
  return { reading, recent: reading, samples: 0 };
}

class Slot {
  reports = 0;
  readonly requests = new RequestCount();
  readonly values = new SketchSum();
  readonly appTime = { count: 0, sum: 0 };
  readonly utilization = new Map<string, QueueValue>();
}

/** A stretch of samples counts in the slot that it ends in. */
function webSeries(web: WebReports, metric: WebMetric | undefined, share: number, now: Instant): SlotPoint[] {
  const slots = new Map<Instant, Slot>();
  const slotOf = (at: Instant) => {
    const start = slotStart(at);
    const slot = slots.get(start) ?? new Slot();
    slots.set(start, slot);
    return slot;
  };
  for (const { reporter, digest } of web.own) {
    const slot = slotOf(reportedAt(digest, now));
    if (!digest.continued) slot.reports++;
    if (digest.utilization) slot.utilization.set(reporter, newerValue(slot.utilization.get(reporter), digest.utilization));
  }
  for (const { at, step } of web.points) {
    const slot = slotOf(at);
    slot.requests.add(step);
    slot.appTime.count += step.appTime.count;
    slot.appTime.sum += step.appTime.sum;
    if (metric) slot.values.addSketch(step[metric]);
  }
  return toSeries(slots.keys(), now, (at) => {
    const slot = slots.get(at);
    return slot && toPoint(at, slot, share);
  });
}

function toPoint(at: Instant, slot: Slot, share: number): SlotPoint {
  const requests = slot.requests.total;
  const valueMs = slot.values.quantile(share);
  const utilization = median([...slot.utilization.values()].map(({ value }) => value));
  return {
    at,
    reports: slot.reports,
    ...(slot.reports > 0 || requests > 0 ? { requests } : {}),
    ...(slot.appTime.count > 0 ? { serviceMs: slot.appTime.sum / slot.appTime.count } : {}),
    ...(valueMs === undefined ? {} : { valueMs, samples: slot.values.count }),
    ...(utilization === undefined ? {} : { utilization }),
  };
}
