import type { Instant } from '../clock.ts';
import type { Digest, QueueReadings } from '../reports/digest.ts';
import { BUCKETS, EMPTY_SKETCH, type Sketch } from '../reports/sketch.ts';
import { SLOT_MS } from '../reports/slot.ts';
import type { ObservedReport } from '../signals/observed-report.ts';
import type { History, Scenario, SecondSample } from './scaler.ts';
import { bucketOf } from './wait-buckets.ts';

const SLOT_S = SLOT_MS / 1_000;
/** Ingest counts a request that queued longer as garbled and stores nothing of it. */
const MAX_REQUEST_MS = 10 * 60_000;
const LONGEST_BUCKET = bucketOf(MAX_REQUEST_MS);
const NO_NETWORK_TIME = { count: 0, sum: 0, max: 0 };

/**
 * The report of one slot, as the adapters of all tasks together send it at the slot's end: sketches add up over processes, so one
 * reporter stands for all.
 * @param queues names of the queues; the jobs are in the first, and the others are empty.
 * @param from start of the slot, simulated seconds. @param epoch the instant of second 0.
 * @returns undefined where nobody reports: measurements lost, or no task to send them. Of jobs, the app that enqueues them reports, too.
 */
export function slotReport(
  scenario: Scenario,
  history: History,
  service: string,
  queues: readonly string[],
  from: number,
  epoch: Instant,
): ObservedReport | undefined {
  const seconds: SecondSample[] = [];
  for (let t = from; t < from + SLOT_S; t++) {
    const second = history.second(t);
    if (second !== undefined) seconds.push(second);
  }
  const last = seconds.at(-1);
  if (last === undefined) return undefined;
  const slotAt = epoch + from * 1_000;
  const base = slotAt + SLOT_MS - 1;
  const digest = scenario.kind === 'jobs' ? queueDigest(queues, last, base) : webDigest(scenario, history, seconds, from, base);
  return digest && { service, reporter: 'all', slotAt, digest };
}

function queueDigest(queues: readonly string[], { oldestMs, waiting, inService }: SecondSample, at: Instant): Digest {
  const readings = (share: 0 | 1): QueueReadings => ({
    latency: { value: share * Math.floor(oldestMs), at },
    depth: { value: share * Math.round(waiting), at },
    busy: { value: share * Math.round(inService), at },
  });
  return { base: at, continued: false, web: [], queues: new Map(queues.map((name, i) => [name, readings(i === 0 ? 1 : 0)])) };
}

function webDigest(
  scenario: Scenario,
  history: History,
  seconds: readonly SecondSample[],
  from: number,
  base: Instant,
): Digest | undefined {
  if (seconds.every((second) => second.running === 0)) return undefined;
  const queueTime = withoutGarbled(history.queueTimes(from, from + SLOT_S)?.sketch?.() ?? EMPTY_SKETCH);
  const finished = Math.round(seconds.reduce((sum, second) => sum + second.finished, 0));
  const digest = { base, continued: false, queues: new Map() };
  if (finished === 0 && queueTime.count === 0) return { ...digest, web: [] };
  const busy = seconds.reduce((sum, second) => sum + second.busyShare, 0) / seconds.length;
  // A process is in use while any of its places is.
  const utilization = { value: 1 - (1 - busy) ** scenario.concurrency, at: base };
  const appTime = sketchOfSame(scenario.serviceMs, finished);
  return { ...digest, utilization, web: [{ step: 0, queueTime, appTime, networkTime: NO_NETWORK_TIME }] };
}

/** App times come down to their count and mean: nothing in the simulation looks at their quantiles but a target on response time. */
function sketchOfSame(ms: number, count: number): Sketch {
  if (count === 0) return EMPTY_SKETCH;
  return { count, zero: 0, sum: ms * count, max: ms, indexes: [Math.max(0, bucketOf(ms))], counts: [count] };
}

function withoutGarbled(sketch: Sketch): Sketch {
  if (sketch.max <= MAX_REQUEST_MS) return sketch;
  const kept = sketch.indexes.filter((bucket) => bucket <= LONGEST_BUCKET && bucket < BUCKETS);
  const counts = sketch.counts.slice(0, kept.length);
  const count = sketch.zero + counts.reduce((a, b) => a + b, 0);
  if (count <= 0) return EMPTY_SKETCH;
  return { count, zero: sketch.zero, sum: Math.min(sketch.sum, count * MAX_REQUEST_MS), max: MAX_REQUEST_MS, indexes: kept, counts };
}
