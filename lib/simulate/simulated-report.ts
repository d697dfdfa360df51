import type { Instant } from '../clock.ts';
import type { Digest, QueueReadings } from '../reports/digest.ts';
import { BUCKETS, EMPTY_SKETCH, type Sketch } from '../reports/sketch.ts';
import { slotStart } from '../reports/slot.ts';
import type { ObservedReport } from '../signals/observed-report.ts';
import type { History, Scenario, SecondSample } from './scaler.ts';
import { PERIOD_S, type SentReport } from './task-reports.ts';
import { bucketOf } from './wait-buckets.ts';

/** Ingest counts a request that queued longer as garbled and stores nothing of it. */
const MAX_REQUEST_MS = 10 * 60_000;
const LONGEST_BUCKET = bucketOf(MAX_REQUEST_MS);
const NO_NETWORK_TIME = { count: 0, sum: 0, max: 0 };

/** Who measures what, and under which names it is reported. */
export interface Reported {
  readonly scenario: Scenario;
  readonly service: string;
  /** Names of the queues; the jobs are in the first, and the others are empty. */
  readonly queues: readonly string[];
  /** The instant of second 0. */
  readonly epoch: Instant;
}

/**
 * Reports as the adapters of some of the tasks send them, put together: sketches add up over processes. Requests are spread evenly over the
 * tasks that are up.
 * @param sent reports of one slot, in the order of time.
 * @returns undefined where nobody reports: measurements lost, or no task to send them. Of jobs, the app that enqueues them reports, too.
 */
export function reportOf(reported: Reported, history: History, sent: readonly SentReport[]): ObservedReport | undefined {
  const { scenario, service, queues, epoch } = reported;
  const last = sent.at(-1);
  if (last === undefined) return undefined;
  const base = epoch + last.at * 1_000 - 1;
  const reporter = sent.length === 1 ? `second ${last.at % PERIOD_S} of ten` : 'all';
  const about = { service, reporter, slotAt: slotStart(base) };
  const newest = history.second(last.at - 1);
  if (scenario.kind === 'jobs') return newest && { ...about, digest: queueDigest(queues, newest, base) };
  const digest = webDigest(scenario, history, sent, last.at, base);
  return digest && { ...about, digest };
}

function queueDigest(queues: readonly string[], { oldestMs, waiting, inService }: SecondSample, at: Instant): Digest {
  const readings = (share: 0 | 1): QueueReadings => ({
    latency: { value: share * Math.floor(oldestMs), at },
    depth: { value: share * Math.round(waiting), at },
    busy: { value: share * Math.round(inService), at },
  });
  return { base: at, continued: false, web: [], queues: new Map(queues.map((name, i) => [name, readings(i === 0 ? 1 : 0)])) };
}

function webDigest(scenario: Scenario, history: History, sent: readonly SentReport[], to: number, base: Instant): Digest | undefined {
  const from = Math.min(...sent.map(({ at }) => at)) - PERIOD_S;
  /** Of what was served in the second, that part which the reporting tasks have served. */
  const share = (t: number) => {
    const running = history.second(t)?.running ?? 0;
    const telling = sent.reduce((sum, { at, tasks }) => (t < at && t >= at - PERIOD_S ? sum + tasks : sum), 0);
    return running > 0 ? telling / running : 0;
  };
  let seconds = 0;
  let finished = 0;
  let busy = 0;
  for (let t = from; t < to; t++) {
    const second = history.second(t);
    if (second === undefined) continue;
    const part = share(t);
    seconds += part;
    finished += second.finished * part;
    busy += second.busyShare * part;
  }
  if (seconds === 0) return undefined;
  const queueTime = withoutGarbled(history.queueTimes(from, to, share)?.sketch?.() ?? EMPTY_SKETCH);
  const digest = { base, continued: false, queues: new Map() };
  if (finished === 0 && queueTime.count === 0) return { ...digest, web: [] };
  // A process is in use while any of its places is.
  const utilization = { value: 1 - (1 - busy / seconds) ** scenario.concurrency, at: base };
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
