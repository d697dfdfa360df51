import { NumberColumn } from './number-column.ts';

/** A recorded workload. Rates hold for a whole bin; times are seconds from the first row. */
export type Trace = RequestsTrace | JobsTrace;

export interface RequestsTrace {
  readonly kind: 'requests';
  readonly name: string;
  readonly stepSeconds: number;
  /** Mean rate in each bin, requests per second. */
  readonly rates: Float64Array;
  readonly durationSeconds: number;
}

export interface JobsTrace {
  readonly kind: 'jobs';
  readonly name: string;
  /** Seconds, ascending. */
  readonly arrivals: Float64Array;
  readonly services: Float64Array;
  readonly durationSeconds: number;
}

export interface TraceProblem {
  readonly line: number;
  readonly message: string;
}

export type TraceResult =
  | { readonly ok: true; readonly trace: Trace }
  | { readonly ok: false; readonly problems: readonly TraceProblem[]; readonly more: number };

/** So many problems are named; of the rest the number is told. */
const NAMED_PROBLEMS = 20;
const MAX_ROWS = 20_000_000;
/** Over ten years of seconds, or the sum would outgrow the simulator. */
const MAX_SECONDS = 366 * 86_400;
const MAX_RATE = 1e6;
const MAX_SERVICE_S = 30 * 86_400;

const FORMS = {
  't_seconds,rate_rps': 'rate',
  't_seconds,count': 'count',
  't_seconds,service_s': 'jobs',
} as const;
type Form = (typeof FORMS)[keyof typeof FORMS];
const isHeader = (text: string): text is keyof typeof FORMS => Object.hasOwn(FORMS, text);

/**
 * Reads a trace line by line: `t_seconds,rate_rps` (mean rate in the bin), `t_seconds,count` (events in the bin), both with a constant
 * step and no gaps, or `t_seconds,service_s` (a job a line, in the order of arrival). Everything that is wrong is found, with its line.
 */
export class TraceReader {
  readonly #name: string;
  readonly #times = new NumberColumn();
  readonly #values = new NumberColumn();
  readonly #problems: TraceProblem[] = [];
  #more = 0;
  #line = 0;
  #form: Form | undefined;
  #headerWrong = false;
  #step: number | undefined;
  #lastTime: number | undefined;
  #tooLong = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** Takes the next line, without its end. */
  push(text: string): void {
    this.#line++;
    const line = this.#line === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (this.#line === 1) this.#readHeader(line.trim());
    else if (line.trim() !== '' && !this.#headerWrong) this.#readRow(line.trim());
  }

  /** After the last line. */
  finish(): TraceResult {
    const rows = this.#times.length;
    if (this.#line === 0 || (this.#line === 1 && this.#form === undefined && !this.#headerWrong)) this.#wrong('the file is empty');
    else if (!this.#headerWrong && this.#problems.length === 0) {
      if (rows === 0) this.#wrong('there is a header and no row');
      else if (this.#form !== 'jobs' && rows < 2) this.#wrong('there is one row: the step of a trace is told by its first two');
      else if (this.#isEmpty()) this.#wrong(`every ${this.#column} is 0: there is nothing to scale for`);
    }
    if (this.#problems.length > 0) return { ok: false, problems: this.#problems, more: this.#more };
    return { ok: true, trace: this.#trace() };
  }

  #readHeader(header: string): void {
    const normal = header.toLowerCase().replaceAll(/\s|"/g, '');
    if (header === '') return;
    if (isHeader(normal)) {
      this.#form = FORMS[normal];
      return;
    }
    this.#headerWrong = true;
    this.#wrong(
      `the header has to be ${Object.keys(FORMS)
        .map((form) => `"${form}"`)
        .join(' or ')}, not "${cut(header)}"`,
    );
  }

  #readRow(row: string): void {
    if (this.#form === undefined) {
      this.#headerWrong = true;
      this.#wrong(`the first line has to be the header, ${Object.keys(FORMS).join(' or ')}, and is empty`);
      return;
    }
    const found = this.#valuesOf(row);
    if (typeof found === 'string') this.#wrong(found);
    else if (found !== undefined && this.#checkSize(found.time, found.value)) {
      this.#times.push(found.time);
      this.#values.push(found.value);
    }
  }

  /** The two numbers of a row; what is wrong with it; or nothing, where that was told. */
  #valuesOf(row: string): { readonly time: number; readonly value: number } | string | undefined {
    const cells = row.split(',');
    if (cells.length !== 2) return `has ${cells.length} ${cells.length === 1 ? 'value' : 'values'} instead of two: "${cut(row)}"`;
    const [time, value] = cells.map(parseNumber) as [number | undefined, number | undefined];
    if (time === undefined) return `t_seconds is not a number: "${cut(cells[0] ?? '')}"`;
    if (time < 0) return `t_seconds is negative: ${time}`;
    const fine = this.#checkTime(time);
    if (value === undefined) return `${this.#column} is not a number: "${cut(cells[1] ?? '')}"`;
    if (value < 0) return `${this.#column} is negative: ${value}`;
    return fine ? { time, value } : undefined;
  }

  get #column(): string {
    return this.#form === 'rate' ? 'rate_rps' : this.#form === 'count' ? 'count' : 'service_s';
  }

  /** @returns whether the row may be kept. A row out of its order is told once; the next is measured from it. */
  #checkTime(time: number): boolean {
    const last = this.#lastTime;
    this.#lastTime = time;
    if (last === undefined) return true;
    if (this.#form === 'jobs') {
      if (time < last) this.#wrong(`t_seconds goes back from ${last} to ${time}: jobs have to be in the order of their arrival`);
      return time >= last;
    }
    if (time === last) this.#wrong(`t_seconds ${time} is there twice`);
    else if (time < last) this.#wrong(`t_seconds goes back from ${last} to ${time}: rows have to be in the order of time`);
    else if (this.#step === undefined) {
      if (time - last >= 1 && Number.isInteger(time - last)) {
        this.#step = time - last;
        return true;
      }
      this.#wrong(`the step from ${last} to ${time} has to be whole seconds, at least one`);
    } else if (Math.abs(time - last - this.#step) > 1e-6 * this.#step) {
      const missing = Math.round((time - last) / this.#step) - 1;
      this.#wrong(
        time - last > this.#step
          ? `a gap: t_seconds goes from ${last} to ${time}, the step before was ${this.#step}${missing > 0 ? `, so that ${missing} ${missing === 1 ? 'row is' : 'rows are'} missing` : ''}`
          : `the step from ${last} to ${time} is ${time - last}, before it was ${this.#step}`,
      );
    } else return true;
    return false;
  }

  #checkSize(time: number, value: number): boolean {
    if (this.#tooLong) return false;
    const since = time - (this.#times.length > 0 ? this.#times.at(0) : time);
    if (this.#times.length >= MAX_ROWS || since > MAX_SECONDS) {
      this.#tooLong = true;
      this.#wrong(since > MAX_SECONDS ? 'the trace is longer than a year' : `the trace has over ${MAX_ROWS.toLocaleString('en')} rows`);
      return false;
    }
    const most = this.#form === 'rate' ? MAX_RATE : this.#form === 'count' ? MAX_RATE * (this.#step ?? 86_400) : MAX_SERVICE_S;
    if (value <= most) return true;
    this.#wrong(`${this.#column} is absurd: ${value} is over ${most.toLocaleString('en')}`);
    return false;
  }

  #isEmpty(): boolean {
    for (let i = 0; i < this.#values.length; i++) if (this.#values.at(i) > 0) return false;
    return true;
  }

  #trace(): Trace {
    const values = this.#values.toArray();
    if (this.#form === 'jobs') {
      const times = this.#times.toArray();
      const first = times[0] ?? 0;
      const arrivals = times.map((time) => time - first);
      const durationSeconds = Math.ceil(((arrivals.at(-1) ?? 0) + 1) / 60) * 60;
      return { kind: 'jobs', name: this.#name, arrivals, services: values, durationSeconds };
    }
    const stepSeconds = this.#step as number;
    const rates = this.#form === 'rate' ? values : values.map((count) => count / stepSeconds);
    return { kind: 'requests', name: this.#name, stepSeconds, rates, durationSeconds: rates.length * stepSeconds };
  }

  #wrong(message: string): void {
    if (this.#problems.length < NAMED_PROBLEMS) this.#problems.push({ line: Math.max(1, this.#line), message });
    else this.#more++;
  }
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

function parseNumber(cell: string): number | undefined {
  const text = cell.trim();
  const value = Number(text);
  return NUMBER.test(text) && Number.isFinite(value) ? value : undefined;
}

const cut = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
