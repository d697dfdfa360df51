import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../lib/virtual-clock.ts';

const T0 = Date.UTC(2026, 0, 5, 9);

describe('the virtual clock', () => {
  it('stands still until it is moved', async () => {
    const clock = createVirtualClock(T0);
    let woke = false;
    void clock.sleep(1).then(() => (woke = true));
    await nextTurn();
    expect(clock.now()).toBe(T0);
    expect(woke).toBe(false);
    expect(clock.pending).toBe(1);
  });

  it('fires timers in the order of their instants, and of their making within one', async () => {
    const clock = createVirtualClock(T0);
    const fired: string[] = [];
    for (const [name, ms] of [
      ['c', 30],
      ['a', 10],
      ['b1', 20],
      ['b2', 20],
    ] as const) {
      void clock.sleep(ms).then(() => fired.push(`${name}@${clock.now() - T0}`));
    }
    await clock.advance(20);
    expect(fired).toEqual(['a@10', 'b1@20', 'b2@20']);
    await clock.runUntil(T0 + 30);
    expect(fired.at(-1)).toBe('c@30');
  });

  it('lets everything that one timer set going finish before the next fires', async () => {
    const clock = createVirtualClock(T0);
    const log: string[] = [];
    void clock.sleep(10).then(async () => {
      for (let i = 0; i < 50; i++) await Promise.resolve();
      await nextTurn();
      await nextTurn();
      log.push(`first done at ${clock.now() - T0}`);
    });
    void clock.sleep(11).then(() => log.push('second'));
    await clock.advance(20);
    expect(log).toEqual(['first done at 10', 'second']);
  });

  it('runs a loop of sleeps to the asked instant and no further', async () => {
    const clock = createVirtualClock(T0);
    const stop = new AbortController();
    let rounds = 0;
    const loop = (async () => {
      while (!stop.signal.aborted) {
        rounds++;
        await clock.sleep(1000, stop.signal);
      }
    })();
    await clock.advance(60_500);
    expect(rounds).toBe(61);
    expect(clock.now()).toBe(T0 + 60_500);
    stop.abort();
    await loop;
    expect(clock.pending).toBe(0);
  });

  it('wakes a sleeper early, without error, when its signal aborts', async () => {
    const clock = createVirtualClock(T0);
    const stop = new AbortController();
    const slept = clock.sleep(1000, stop.signal);
    stop.abort();
    await expect(slept).resolves.toBeUndefined();
    await expect(clock.sleep(1000, stop.signal)).resolves.toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it('treats a sleep of nothing, or less, as due at once, but only when time is let run', async () => {
    const clock = createVirtualClock(T0);
    let woke = 0;
    void clock.sleep(0).then(() => woke++);
    void clock.sleep(-5).then(() => woke++);
    await nextTurn();
    expect(woke).toBe(0);
    await clock.advance(0);
    expect(woke).toBe(2);
    expect(clock.now()).toBe(T0);
  });

  it('never goes back', async () => {
    const clock = createVirtualClock(T0);
    await clock.runUntil(T0 - 1000);
    expect(clock.now()).toBe(T0);
  });

  it('refuses to be moved twice at once, and by what is no number', async () => {
    const clock = createVirtualClock(T0);
    const moving = clock.advance(10);
    await expect(clock.advance(10)).rejects.toThrow('moving already');
    await moving;
    await expect(clock.advance(Number.NaN)).rejects.toThrow(RangeError);
    await expect(clock.sleep(Number.NaN)).rejects.toThrow(RangeError);
    expect(() => createVirtualClock(Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});
