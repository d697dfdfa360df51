/** The largest body that is taken, in bytes; the caller checks it before anything is parsed. */
export const MAX_REPORT_BYTES = 5 * 1024 * 1024;
/** The report itself is level 1, `metrics` level 2, a sample level 3. */
const MAX_NESTING = 32;
/** Longer ids of containers and processes are cut: no adapter comes near it. */
const MAX_ID_LENGTH = 512;

/** A body that is a report. Its samples are still what the sender wrote. */
export interface RawReport {
  /** The adapter's idea of the instance it runs in; "" where it found none. */
  readonly container: string;
  /** Process id, as text; "" where none was sent. */
  readonly pid: string;
  readonly metrics: readonly unknown[];
}

export interface ReportProblem {
  readonly code: 'NotJson' | 'NotAnObject' | 'NoMetrics' | 'WrongType' | 'TooDeep';
  readonly why: string;
}

export type ParsedReport = { readonly ok: true; readonly report: RawReport } | { readonly ok: false; readonly problem: ReportProblem };

/**
 * Reads the body of `POST …/v3/reports` as the published adapters write it. Keys but `metrics` may be missing, `config`,
 * `metadata` and `adapters` may be anything, and unknown keys are ignored: adapters of four languages and many versions differ
 * in them. Who reports has to be said in the types that adapters use. Samples are looked at one by one, in digest-report.ts.
 */
export function parseReport(body: string): ParsedReport {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 200) : 'unknown error';
    return refuse('NotJson', `the body is not JSON (${detail}); a report is an object such as {"container":"","pid":1,"metrics":[]}`);
  }
  if (!isObject(value) || Array.isArray(value)) {
    return refuse('NotAnObject', `the body is ${nameOf(value)}; a report is an object such as {"container":"","pid":1,"metrics":[]}`);
  }
  const { metrics } = value;
  if (!Array.isArray(metrics)) {
    const found = metrics === undefined ? 'is missing' : `is ${nameOf(metrics)}`;
    return refuse(
      'NoMetrics',
      `"metrics" ${found}; it is an array of [time, value, identifier, queue], and [] where there is nothing to report`,
    );
  }
  const wrong = TYPES.find(({ key, fits }) => value[key] !== undefined && value[key] !== null && !fits(value[key]));
  if (wrong) return refuse('WrongType', `"${wrong.key}" is ${nameOf(value[wrong.key])}; it is ${wrong.what}`);
  const deep = tooDeep(value, metrics);
  if (deep)
    return refuse(
      'TooDeep',
      `${deep} is nested more than ${MAX_NESTING} levels deep; a report has three levels, and none needs more than ${MAX_NESTING}`,
    );
  return { ok: true, report: { container: idOf(value.container), pid: idOf(value.pid), metrics } };
}

const refuse = (code: ReportProblem['code'], why: string): ParsedReport => ({ ok: false, problem: { code, why } });
const isObject = (value: unknown): value is { readonly [key: string]: unknown } => typeof value === 'object' && value !== null;
const nameOf = (value: unknown) =>
  value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;

const TYPES: readonly { readonly key: string; readonly what: string; readonly fits: (value: unknown) => boolean }[] = [
  { key: 'container', what: 'the id of an instance as text, "" where there is none', fits: (value) => typeof value === 'string' },
  { key: 'pid', what: 'the process id, a number', fits: (value) => typeof value === 'number' || typeof value === 'string' },
];

function idOf(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, MAX_ID_LENGTH);
  return typeof value === 'number' ? String(value) : '';
}

/**
 * The place where a body is nested too deep. JSON.parse itself does not mind depth, so this can wait until
 * after it, and need not look at each character: samples hold strings and numbers, and only what does not is followed.
 */
function tooDeep(report: { readonly [key: string]: unknown }, metrics: readonly unknown[]): string | undefined {
  for (let i = 0; i < metrics.length; i++) {
    const sample = metrics[i];
    if (!isObject(sample)) continue;
    if (!Array.isArray(sample)) {
      const found = deepPlace(sample, 3);
      if (found !== undefined) return `metrics[${i}]${found}`;
      continue;
    }
    if (sample.length <= 4 && !isObject(sample[0]) && !isObject(sample[1]) && !isObject(sample[2]) && !isObject(sample[3])) continue;
    for (let j = 0; j < sample.length; j++) {
      const part: unknown = sample[j];
      if (!isObject(part)) continue;
      const found = deepPlace(part, 4);
      if (found !== undefined) return `metrics[${i}][${j}]${found}`;
    }
  }
  for (const [key, value] of Object.entries(report)) {
    if (value === metrics || !isObject(value)) continue;
    const found = deepPlace(value, 2);
    if (found !== undefined) return `${key.slice(0, 40)}${found}`;
  }
  return undefined;
}

/** Recursion ends at the level that is too deep, so that depth cannot exhaust the stack. */
function deepPlace(value: object, level: number): string | undefined {
  if (level > MAX_NESTING) return '';
  for (const [key, inner] of Object.entries(value)) {
    if (!isObject(inner)) continue;
    const found = deepPlace(inner, level + 1);
    if (found !== undefined) return (Array.isArray(value) ? `[${key}]` : `.${key.slice(0, 40)}`) + found;
  }
  return undefined;
}
