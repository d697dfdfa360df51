import type { Instant } from '../clock.ts';
import type { Reading, SlotPoint, TargetSignals } from '../decide/observation.ts';
import type { JobDepthTarget, JobLatencyTarget } from '../policy/policy.ts';
import type { QueueReadings, QueueValue } from '../reports/digest.ts';
import { SLOT_MS } from '../reports/slot.ts';
import { type GroupQueues, type MutableReadings, QUEUE_METRICS, type QueueMetric } from './group-queues.ts';
import { silence, unknown } from './reading.ts';
import { toSeries } from './series.ts';

const RECENT_MS = 10_000;
/** A reporter may miss a slot by a late timer: its last value stands in for two slots. */
const CARRIED_SLOTS = 2;

interface Named extends QueueValue {
  readonly name: string;
}

/**
 * The signals of a target on job latency or depth. Over several queues latency is that of the worst, depth
 * and busy are sums. If one of the queues is not reported, the reading is unknown, for what is missing
 * could be anything; what is known of the others is `atLeast`, on which a service may scale out, never in.
 */
export function queueSignals(
  target: JobLatencyTarget | JobDepthTarget,
  group: GroupQueues,
  staleAfterMs: number,
  now: Instant,
): TargetSignals {
  const metric = target.kind === 'job-latency' ? 'latency' : 'depth';
  const names = [...new Set(target.queues ?? [...group.queues].filter(([, readings]) => readings[metric]).map(([name]) => name))];
  const fresh = (name: string, of: QueueMetric): Named[] => {
    const value = group.queues.get(name)?.[of];
    return value && now - value.at <= staleAfterMs ? [{ name, ...value }] : [];
  };
  const found = names.flatMap((name) => fresh(name, metric));
  const missing = names.filter((name) => !found.some((queue) => queue.name === name));
  const busy = names.flatMap((name) => fresh(name, 'busy'));
  const total = found.length > 0 ? combined(metric, found) : undefined;
  const worst = found.reduce<Named | undefined>((a, b) => (a === undefined || b.value > a.value ? b : a), undefined);

  let reading: Reading;
  if (group.lastReportAt === undefined || now - group.lastReportAt > staleAfterMs)
    reading = silence('any service of the group', group.lastReportAt, now);
  else if (!total) reading = unknown(nothingReported(metric, names, group));
  else if (missing.length > 0)
    reading = unknown(`${nobodyReports(metric, missing)}, so that ${metric} of ${spoken(names, 'the group')} is not known`);
  else reading = total;

  return {
    reading,
    recent: recentOf(reading, now),
    label: labelOf(metric, names, worst),
    samples: found.length,
    ...(worst ? { queue: worst.name } : {}),
    busy: busy.length > 0 ? combined('busy', busy) : unknown(`no adapter reports running jobs of ${spoken(names, 'the group')}`),
    ...(reading.kind === 'unknown' && total?.kind === 'known' ? { atLeast: { value: total.value, at: total.at } } : {}),
    series: series(group, names, now),
  };
}

/** The worst latency with its own time; sums with the time of the oldest part, for they are no fresher than that. */
function combined(metric: QueueMetric, values: readonly QueueValue[]): Reading & { readonly kind: 'known' } {
  const first = values[0] as QueueValue;
  const { value, at } =
    metric === 'latency'
      ? values.reduce((a, b) => (b.value > a.value ? b : a), first)
      : values.slice(1).reduce((a, b) => ({ value: a.value + b.value, at: Math.min(a.at, b.at) }), first);
  return { kind: 'known', value, at };
}

function recentOf(reading: Reading, now: Instant): Reading {
  if (reading.kind === 'unknown' || now - reading.at <= RECENT_MS) return reading;
  return unknown(`the newest value is ${Math.round((now - reading.at) / 1000)} s old`);
}

function series(group: GroupQueues, names: readonly string[], now: Instant): SlotPoint[] {
  return toSeries(group.slots.keys(), now, (at) => {
    const slot = group.slots.get(at);
    const newest = names.flatMap((name) => {
      const readings = newestUpTo(group, name, at);
      return readings ? [readings] : [];
    });
    const reported = names.some((name) => slot?.queues.has(name));
    const sum = (metric: QueueMetric) => {
      const values = newest.flatMap((readings) => readings[metric] ?? []);
      return reported && values.length > 0 ? combined(metric, values).value : undefined;
    };
    const [latencyMs, depth, busy] = [sum('latency'), sum('depth'), sum('busy')];
    return {
      at,
      reports: slot?.reports ?? 0,
      ...(depth === undefined ? {} : { depth }),
      ...(busy === undefined ? {} : { busy }),
      ...(latencyMs === undefined ? {} : { latencyMs }),
    };
  });
}

function newestUpTo(group: GroupQueues, name: string, at: Instant): QueueReadings | undefined {
  const found: MutableReadings = {};
  for (let back = 0; back <= CARRIED_SLOTS; back++) {
    const readings = group.slots.get(at - back * SLOT_MS)?.queues.get(name);
    if (!readings) continue;
    for (const metric of QUEUE_METRICS) {
      const value = readings[metric];
      if (value && !found[metric]) found[metric] = value;
    }
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

const spoken = (names: readonly string[], none: string) =>
  names.length === 0
    ? none
    : `${names.length === 1 ? 'queue' : 'queues'} ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;

function labelOf(metric: 'latency' | 'depth', names: readonly string[], worst: Named | undefined): string {
  if (metric === 'depth') return `depth of ${spoken(names, 'all queues of the group')}`;
  return worst
    ? `latency of queue ${worst.name}${names.length > 1 ? `, the worst of ${names.length}` : ''}`
    : `latency of ${spoken(names, 'all queues of the group')}`;
}

const nobodyReports = (metric: string, names: readonly string[]) =>
  `nobody in the group reports the ${metric} of ${spoken(names, 'any queue')}`;

function nothingReported(metric: 'latency' | 'depth', names: readonly string[], group: GroupQueues): string {
  const other = metric === 'latency' ? 'depth' : 'latency';
  const candidates = names.length > 0 ? names.map((name) => group.queues.get(name)) : [...group.queues.values()];
  const hint = candidates.some((readings) => readings?.[other])
    ? `; its adapter sends ${other} only, so a target on job-${other} would work`
    : '';
  return `${nobodyReports(metric, names)}${hint}`;
}
