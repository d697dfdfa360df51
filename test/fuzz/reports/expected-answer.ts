/**
 * What a body posted to the report endpoint must be answered, written anew from what docs/reporting.md and the published adapters
 * say and from nothing in lib: a count that both got wrong in the same way would have to be wrong twice.
 */
export interface ExpectedAnswer {
  readonly status: 200 | 400;
  readonly accepted: number;
  readonly ignored: number;
  readonly dropped: Readonly<Record<string, number>>;
  /** Accepted samples of requests: each of them is found again in what is stored. */
  readonly requests: number;
}

const NOT_A_REPORT: ExpectedAnswer = { status: 400, accepted: 0, ignored: 0, dropped: {}, requests: 0 };
const MOST_LEVELS = 32;

/** @param nowMs when it arrives. */
export function expectedAnswer(body: string, nowMs: number): ExpectedAnswer {
  let report: unknown;
  try {
    report = JSON.parse(body);
  } catch {
    return NOT_A_REPORT;
  }
  if (!isMap(report) || !Array.isArray(report['metrics']) || deeperThan(report, MOST_LEVELS)) return NOT_A_REPORT;
  const { container = null, pid = null } = report;
  if (container !== null && typeof container !== 'string') return NOT_A_REPORT;
  if (pid !== null && typeof pid !== 'string' && typeof pid !== 'number') return NOT_A_REPORT;

  const dropped: Record<string, number> = {};
  const queues = new Set<string>();
  let accepted = 0;
  let ignored = 0;
  let requests = 0;
  for (const sample of report['metrics'] as unknown[]) {
    const verdict = verdictOn(sample, nowMs / 1_000, queues);
    if (verdict === 'ignored') ignored += 1;
    else if (verdict === 'accepted' || verdict === 'request') accepted += 1;
    else dropped[verdict] = (dropped[verdict] ?? 0) + 1;
    if (verdict === 'request') requests += 1;
  }
  return { status: 200, accepted, ignored, dropped, requests };
}

function verdictOn(sample: unknown, now: number, queues: Set<string>): string {
  if (!Array.isArray(sample) || sample.length < 3 || typeof sample[2] !== 'string') return 'MalformedSample';
  const [time, value, id] = sample as [unknown, unknown, string];
  // Java's adapter leaves the queue of web samples out.
  const named = !(sample.length === 3 || sample[3] === null);
  const known = named ? ['qt', 'qd', 'busy'] : ['qt', 'at', 'nt', 'up', 'qd', 'busy'];
  if (!known.includes(id)) return 'ignored';
  if (typeof time !== 'number' || Math.abs(time) === Number.POSITIVE_INFINITY) return 'NotANumber';
  if (time < now - 300) return 'TooOld';
  if (time > now + 5) return 'InTheFuture';
  if (value === null) return 'NoValue';
  if (typeof value !== 'number' || Math.abs(value) === Number.POSITIVE_INFINITY) return 'NotANumber';
  if (value < 0) return 'Negative';
  if (!named) {
    if (id === 'up') return value > 100 ? 'OutOfRange' : 'accepted';
    if (id === 'qd' || id === 'busy') return 'NoQueue';
    return value > 600_000 ? 'TooLarge' : 'request';
  }
  if (id !== 'qt') {
    if (value > 1_000_000_000) return 'TooLarge';
    if (value % 1 !== 0) return 'NotAnInteger';
  }
  const queue: unknown = sample[3];
  if (typeof queue !== 'string') return 'BadQueueName';
  if (queues.has(queue)) return 'accepted';
  if (queue === '' || loneSurrogate(queue)) return 'BadQueueName';
  if (new TextEncoder().encode(queue).length > 256) return 'QueueNameTooLong';
  if (queues.size === 1_000) return 'TooManyQueues';
  queues.add(queue);
  return 'accepted';
}

/** Half of a pair that stands alone, which UTF-8 has no bytes for. */
const loneSurrogate = (text: string) => Buffer.from(text).toString() !== text;

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function deeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => deeperThan(each, levels - 1));
}
