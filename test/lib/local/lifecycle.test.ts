import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createClosers } from '../../../lib/local/closers.ts';
import { endSignal } from '../../../lib/local/end-signal.ts';
import { every } from '../../../lib/local/every.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';

describe('what was started', () => {
  it('is ended in reverse, though one part fails and another hangs', async () => {
    const clock = createVirtualClock(0);
    const closers = createClosers(clock, 500);
    const ended: string[] = [];
    closers.add(() => void ended.push('first'));
    closers.add(() => new Promise(() => ended.push('hangs')));
    closers.add(() => {
      ended.push('fails');
      throw new Error('no');
    });
    const all = closers.closeAll();
    await clock.advance(499);
    expect(ended).toEqual(['fails', 'hangs']);
    await clock.advance(1);
    await all;
    expect(ended).toEqual(['fails', 'hangs', 'first']);
  });
});

describe('the end of a run', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('comes with %s, and a second one changes nothing', (name) => {
    const source = new EventEmitter();
    const end = endSignal(source);
    expect(end.signal.aborted).toBe(false);
    source.emit(name);
    source.emit(name);
    expect(end.signal.aborted).toBe(true);
    end.close();
    // Still listened to: one that comes while the process ends must not kill it.
    expect(source.eventNames()).toEqual(['SIGINT', 'SIGTERM', 'SIGHUP']);
  });

  it('comes after a time, if one was set', async () => {
    const end = endSignal(new EventEmitter());
    end.after(5);
    await new Promise((resolve) => end.signal.addEventListener('abort', resolve));
    end.close();
  });
});

describe('what is done every so often', () => {
  it('begins at once, waits after each end, tells failures, and stops with the signal', async () => {
    const clock = createVirtualClock(0);
    const stop = new AbortController();
    const at: number[] = [];
    const failures: unknown[] = [];
    const loop = every(
      clock,
      100,
      stop.signal,
      async () => {
        at.push(clock.now());
        await clock.sleep(50);
        if (at.length === 2) throw new Error('second');
      },
      (error) => failures.push(error),
    );
    await clock.advance(400);
    stop.abort();
    await clock.advance(1_000);
    await loop;
    expect(at).toEqual([0, 150, 300]);
    expect(failures).toEqual([new Error('second')]);
  });
});
