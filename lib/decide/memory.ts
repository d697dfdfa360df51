import type { Instant } from './time.ts';

/** A change of the desired count as it was seen at ECS, whoever made it. */
export interface CountChange {
  readonly at: Instant;
  readonly from: number;
  readonly to: number;
}

/**
 * A stretch of time in which every evaluation wanted to go one way, with the extreme want per
 * bucket of time: for scale-in the highest, in falling order; for scale-out the lowest, in rising order.
 */
export interface Streak {
  readonly since: Instant;
  /** Last refreshed; a longer gap than a few evaluations ends the streak. */
  readonly seen: Instant;
  readonly extremes: readonly { readonly at: Instant; readonly count: number }[];
}

/** What was learned about one target: requests (or jobs) that one task carries. */
export interface Learned {
  /** Web: work in progress per task. Jobs: jobs per second and task. */
  readonly value: number;
  /** The value before the slot `at` was learned from; evaluations within that slot use it. */
  readonly before: number;
  /** Newest slot learned from. */
  readonly at: Instant;
  /** True once the target was missed at that level: it is a limit, not only a lower bound. */
  readonly proven: boolean;
  /** Jobs: arrivals per second when jobs waited last, which an empty queue does not show. */
  readonly load?: { readonly rate: number; readonly at: Instant };
  /** Web: headroom as a factor on the arrivals, as the slot `at`, the last that missed the target, left it. */
  readonly headroom?: { readonly factor: number; readonly at: Instant };
}

/** What one evaluation leaves for the next; returned, never mutated. Opaque outside of lib/decide. */
export interface Memory {
  readonly schema: 1;
  /** The desired count last seen. */
  readonly count?: number;
  /** Newest look at ECS that was taken into account; refreshed with the rest, not by itself. */
  readonly deployment?: Instant;
  readonly changes: readonly CountChange[];
  /** The decision last made here, until it is seen at ECS. */
  readonly sent?: CountChange;
  /** Times of changes by neither us nor a deployment. */
  readonly foreign: readonly Instant[];
  /** The count that a person set. */
  readonly manual?: { readonly at: Instant; readonly count: number };
  /** The count to restore after a deployment reset it. */
  readonly restore?: { readonly at: Instant; readonly count: number };
  /** Fewer tasks run than desired: since when without progress, and how many ran then. */
  readonly short?: { readonly since: Instant; readonly running: number };
  /** A raise whose start-up time is being measured; `seen` is the last look that found it not yet up. */
  readonly raise?: { readonly at: Instant; readonly to: number; readonly seen: Instant };
  /** When all tasks of the last raise were first seen running. */
  readonly upAt?: Instant;
  /** Measured start-up times, seconds, oldest first. */
  readonly startUps: readonly number[];
  readonly low?: Streak;
  readonly high?: Streak;
  /** The burst window: no scale-in until then. */
  readonly panicUntil?: Instant;
  /** Since when the newest readings have asked for as much as a burst does; kept where the policy's window is longer than a report. */
  readonly burstSince?: Instant;
  /** A cold start: no scale-in until then, for what the tasks were needed for is not known. */
  readonly coldUntil?: Instant;
  /** Since when no target has had a reading. */
  readonly silentSince?: Instant;
  /** Since when the service has been watched, without a cold start in between. */
  readonly watched?: Instant;
  /** By position of the target in the policy. */
  readonly learned: readonly (Learned | null)[];
}

export const emptyMemory: Memory = { schema: 1, changes: [], foreign: [], startUps: [], learned: [] };

/** Bounds on what is kept, so that no history can grow the item. */
export const KEEP = { changes: 12, foreign: 3, startUps: 20, extremes: 12, learned: 10 } as const;

/** A compact string: times as milliseconds from a common base, lists flattened. `parseMemory` reads it. */
export function packMemory(memory: Memory): string {
  const base = baseOf(memory);
  const t = (at: Instant) => Math.round(at - base);
  const streak = (s: Streak | undefined) =>
    s && [t(s.since), t(s.seen), ...s.extremes.slice(-KEEP.extremes).flatMap((e) => [t(e.at), e.count])];
  const packed: Record<string, unknown> = { v: 1, b: base };
  const put = (key: string, value: unknown) => {
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) packed[key] = value;
  };
  put('n', memory.count);
  put('d', memory.deployment === undefined ? undefined : t(memory.deployment));
  put(
    'c',
    memory.changes.slice(-KEEP.changes).flatMap((c) => [t(c.at), c.from, c.to]),
  );
  put('s', memory.sent && [t(memory.sent.at), memory.sent.from, memory.sent.to]);
  put('f', memory.foreign.slice(-KEEP.foreign).map(t));
  put('m', memory.manual && [t(memory.manual.at), memory.manual.count]);
  put('r', memory.restore && [t(memory.restore.at), memory.restore.count]);
  put('h', memory.short && [t(memory.short.since), memory.short.running]);
  put('g', memory.raise && [t(memory.raise.at), memory.raise.to, t(memory.raise.seen)]);
  put('a', memory.upAt === undefined ? undefined : t(memory.upAt));
  put('u', memory.startUps.slice(-KEEP.startUps).map(Math.round));
  put('l', streak(memory.low));
  put('o', streak(memory.high));
  put('p', memory.panicUntil === undefined ? undefined : t(memory.panicUntil));
  put('y', memory.burstSince === undefined ? undefined : t(memory.burstSince));
  put('x', memory.coldUntil === undefined ? undefined : t(memory.coldUntil));
  put('q', memory.silentSince === undefined ? undefined : t(memory.silentSince));
  put('w', memory.watched === undefined ? undefined : t(memory.watched));
  put(
    'k',
    memory.learned.slice(0, KEEP.learned).map((l) => l && [digits(l.value), digits(l.before), t(l.at), l.proven ? 1 : 0, ...extra(l, t)]),
  );
  return JSON.stringify(packed);
}

/**
 * Reads what `packMemory` wrote, from a string or from the value it stands for. Anything that cannot
 * be read is a cold start: the empty memory, which never scales in before a whole window was seen.
 */
export function parseMemory(value: unknown): Memory {
  try {
    return read(typeof value === 'string' ? JSON.parse(value) : value) ?? emptyMemory;
  } catch {
    return emptyMemory;
  }
}

/** Times are stored from a base: the oldest time that is kept, so that the numbers stay short. */
function baseOf(memory: Memory): Instant {
  const times = [
    ...memory.changes.map((c) => c.at),
    ...memory.foreign,
    ...[memory.deployment, memory.sent?.at, memory.manual?.at, memory.restore?.at, memory.short?.since, memory.raise?.at, memory.upAt],
    ...[memory.low?.since, memory.high?.since],
    ...[memory.panicUntil, memory.burstSince, memory.coldUntil, memory.silentSince, memory.watched],
    ...memory.learned.map((l) => l?.at),
    ...memory.learned.map((l) => l?.load?.at ?? l?.headroom?.at),
  ].filter((at): at is Instant => at !== undefined);
  return times.length === 0 ? 0 : Math.round(times.reduce((a, b) => Math.min(a, b)));
}

/** What comes with a limit: of jobs what arrived, of requests the headroom, which a third number tells apart. */
const extra = ({ load, headroom }: Learned, t: (at: Instant) => number) =>
  load ? [digits(load.rate), t(load.at)] : headroom ? [digits(headroom.factor), t(headroom.at), 1] : [];

const digits = (value: number) => Number(value.toPrecision(3));

class Unreadable extends Error {}

function read(value: unknown): Memory | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const from = value as Readonly<Record<string, unknown>>;
  if (from['v'] !== 1) return undefined;
  const base = number(from['b']);
  const at = (x: unknown) => base + number(x);
  /** The key with its value, or nothing: with exact optional properties an absent key is absent. */
  const optional = <K extends string, T>(name: K, key: string, parse: (x: unknown) => T): Partial<Record<K, T>> =>
    from[key] === undefined ? {} : keyed(name, parse(from[key]));
  const list = (key: string) => (from[key] === undefined ? [] : array(from[key]));
  const change = ([a, f, t]: readonly unknown[]): CountChange => ({ at: at(a), from: number(f), to: number(t) });
  const streak = (x: unknown): Streak => {
    const [since, seen, ...rest] = array(x);
    return { since: at(since), seen: at(seen), extremes: chunks(rest, 2).map(([a, n]) => ({ at: at(a), count: number(n) })) };
  };
  return {
    schema: 1,
    ...optional('count', 'n', number),
    ...optional('deployment', 'd', at),
    changes: chunks(list('c'), 3).map(change),
    ...optional('sent', 's', (x) => change(array(x))),
    foreign: list('f').map(at),
    ...optional('manual', 'm', (x) => pair(x, (a, n) => ({ at: at(a), count: number(n) }))),
    ...optional('restore', 'r', (x) => pair(x, (a, n) => ({ at: at(a), count: number(n) }))),
    ...optional('short', 'h', (x) => pair(x, (a, n) => ({ since: at(a), running: number(n) }))),
    ...optional('raise', 'g', (x) => {
      const [a, to, seen] = array(x);
      return { at: at(a), to: number(to), seen: at(seen) };
    }),
    ...optional('upAt', 'a', at),
    startUps: list('u').map(number),
    ...optional('low', 'l', streak),
    ...optional('high', 'o', streak),
    ...optional('panicUntil', 'p', at),
    ...optional('burstSince', 'y', at),
    ...optional('coldUntil', 'x', at),
    ...optional('silentSince', 'q', at),
    ...optional('watched', 'w', at),
    learned: list('k').map((x) => {
      if (x === null) return null;
      const [v, before, a, proven, amount, amountAt, web] = array(x);
      return {
        value: number(v),
        before: number(before),
        at: at(a),
        proven: number(proven) === 1,
        ...(amount !== undefined && web === undefined && { load: { rate: number(amount), at: at(amountAt) } }),
        ...(amount !== undefined && web !== undefined && { headroom: { factor: number(amount), at: at(amountAt) } }),
      };
    }),
  };
}

/** An object with one key; a computed key alone would lose its name to the type checker. */
function keyed<K extends string, T>(name: K, value: T): Partial<Record<K, T>> {
  const single: Partial<Record<K, T>> = {};
  single[name] = value;
  return single;
}

function number(x: unknown): number {
  if (typeof x !== 'number' || !Number.isFinite(x)) throw new Unreadable('not a finite number');
  return x;
}

function array(x: unknown): readonly unknown[] {
  if (!Array.isArray(x)) throw new Unreadable('not a list');
  return x;
}

function pair<T>(x: unknown, make: (a: unknown, b: unknown) => T): T {
  const [a, b] = array(x);
  return make(a, b);
}

function chunks(items: readonly unknown[], size: number): (readonly unknown[])[] {
  if (items.length % size !== 0) throw new Unreadable('a list is cut short');
  return Array.from({ length: items.length / size }, (_, i) => items.slice(i * size, (i + 1) * size));
}
