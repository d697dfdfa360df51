import type { Clock, Instant } from './clock.ts';

/** A clock that stands still until it is told to move: the whole system runs under it in tests. */
export interface VirtualClock extends Clock {
  /** Moves time on by `ms`, firing what falls due on the way, in order. */
  advance(ms: number): Promise<void>;
  /** The same up to the instant `t`; an instant that has passed already only lets due timers fire. */
  runUntil(t: Instant): Promise<void>;
  /** Timers that wait. */
  readonly pending: number;
}

interface Timer {
  readonly at: Instant;
  readonly order: number;
  readonly fire: () => void;
}

/**
 * Turns of the event loop granted between two timers. One turn runs every promise chain to its end;
 * the others are for code that itself waits for a turn (streams, setImmediate).
 */
const TURNS = 5;

/**
 * Makes a virtual clock that shows `startMs`. Timers fire in the order of their instants, those of
 * one instant in the order in which they were set, and whatever a timer set going runs to its end
 * before the next one fires, so that a run is the same each time. Real I/O is not waited for.
 */
export function createVirtualClock(startMs: Instant): VirtualClock {
  if (!Number.isFinite(startMs)) throw new RangeError(`a virtual clock starts at a number of milliseconds; got ${startMs}`);
  let now = startMs;
  let made = 0;
  let running = false;
  const timers: Timer[] = [];

  function set(at: Instant, fire: () => void): Timer {
    const timer = { at, order: made++, fire };
    let place = timers.length;
    while (place > 0 && timers[place - 1]!.at > at) place--;
    timers.splice(place, 0, timer);
    return timer;
  }

  async function runUntil(t: Instant): Promise<void> {
    if (!Number.isFinite(t)) throw new RangeError(`time moves to an instant; got ${t}`);
    if (running) throw new Error('the virtual clock is moving already: await one advance before the next');
    running = true;
    const end = Math.max(t, now);
    try {
      await settle();
      for (let timer = timers[0]; timer !== undefined && timer.at <= end; timer = timers[0]) {
        timers.shift();
        now = Math.max(now, timer.at);
        timer.fire();
        await settle();
      }
      now = end;
    } finally {
      running = false;
    }
  }

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (Number.isNaN(ms)) throw new RangeError('a sleep lasts a number of milliseconds; got NaN');
        if (signal?.aborted) return resolve();
        const abort = () => {
          const place = timers.indexOf(timer);
          if (place >= 0) timers.splice(place, 1);
          resolve();
        };
        const timer = set(now + Math.max(0, ms), () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        });
        signal?.addEventListener('abort', abort, { once: true });
      }),
    advance: (ms) => runUntil(now + ms),
    runUntil,
    get pending() {
      return timers.length;
    },
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}
