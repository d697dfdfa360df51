import { describe, expect, it } from 'vitest';
import { lambdaContext } from '../../../lib/local/lambda-context.ts';
import { atMost } from '../../../lib/serve/at-most.ts';
import { createHealth } from '../../../lib/serve/health.ts';
import { loopbackOnly } from '../../../lib/serve/loopback-only.ts';
import { goRound } from '../../../lib/serve/rounds.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';
import { minutes, seconds, T0 } from '../../builders/times.ts';
import { functionUrlEvent } from '../../fakes/whole-system.ts';

describe('health', () => {
  const health = () => {
    const clock = createVirtualClock(T0);
    const made = createHealth(clock, new Set(['ingest', 'tick']));
    const ask = async (path = '/') => {
      const { statusCode, body } = Object(await made.handler(functionUrlEvent('GET', path, '', {})));
      return { status: statusCode, ...JSON.parse(body) };
    };
    return { clock, made, ask };
  };

  it('is good from the start and as long as tick succeeds', async () => {
    const { clock, made, ask } = health();
    expect(await ask()).toMatchObject({ status: 'ok' });
    await clock.advance(minutes(4));
    made.succeeded('tick');
    await clock.advance(minutes(4));
    expect(await ask()).toMatchObject({ rounds: { tick: new Date(T0 + minutes(4)).toISOString() } });
  });

  it('is not where no tick has succeeded for five minutes, with the reason, and lives all the same', async () => {
    const { clock, made, ask } = health();
    await clock.advance(minutes(5));
    made.failed('tick', 'the table is gone');
    expect(await ask()).toMatchObject({ status: 'unfit', code: 'TickSilent', why: expect.stringContaining('the table is gone') });
    expect(await ask('/live')).toEqual({ status: 'live' });
    made.succeeded('tick');
    expect(await ask()).toMatchObject({ status: 'ok' });
  });

  it('is not from the first moment of draining', async () => {
    const { made, ask } = health();
    made.drain();
    expect(await ask()).toMatchObject({ status: 'unfit', code: 'Draining' });
  });
});

describe('rounds', () => {
  it('keep to their times however long the work takes, leave out those that it reached into, and end after the work', async () => {
    const clock = createVirtualClock(T0);
    const began: number[] = [];
    const failures: unknown[] = [];
    const ending = new AbortController();
    const work = async () => {
      began.push((clock.now() - T0) / 1_000);
      await clock.sleep(began.length === 2 ? seconds(70) : seconds(1));
      if (began.length === 3) throw new Error('once');
    };
    const going = goRound(clock, { name: 'x', everyMs: minutes(1), firstAfterMs: seconds(5), work }, ending.signal, (error) =>
      failures.push(error),
    );
    await clock.advance(minutes(5));
    ending.abort();
    await going;
    expect(began).toEqual([5, 65, 185, 245]);
    expect(failures).toHaveLength(1);
  });
});

describe('at most so many at once', () => {
  it('never runs more, keeps the order, and goes on after a failure', async () => {
    const clock = createVirtualClock(T0);
    const limited = atMost(2);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const all = Promise.allSettled(
      [0, 1, 2, 3, 4].map((i) =>
        limited(async () => {
          order.push(i);
          most = Math.max(most, ++running);
          await clock.sleep(10);
          running -= 1;
          if (i === 1) throw new Error('fails');
        }),
      ),
    );
    await clock.advance(100);
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    expect({ most, order }).toEqual({ most: 2, order: [0, 1, 2, 3, 4] });
  });
});

describe('the admin API of a container', () => {
  const asked = async (headers: Record<string, string>) => {
    const handler = loopbackOnly(async () => ({ statusCode: 200 }));
    const event = { ...functionUrlEvent('POST', '/v1/apply', '{}', {}), headers };
    return Object(
      await handler(
        event,
        lambdaContext('admin', 'x', 1_000, () => T0),
      ),
    ).statusCode;
  };

  it('answers on loopback, and no page of a browser, nor a name that somebody else resolves to it', async () => {
    expect(await asked({ host: '127.0.0.1:8711' })).toBe(200);
    expect(await asked({ host: 'localhost:8711' })).toBe(200);
    expect(await asked({ host: '[::1]:8711' })).toBe(200);
    expect(await asked({ host: 'rebound.example.com:8711' })).toBe(403);
    expect(await asked({ host: '127.0.0.1:8711', origin: 'https://example.com' })).toBe(403);
    // An image or a link of a page brings no origin.
    expect(await asked({ host: '127.0.0.1:8711', 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await asked({})).toBe(403);
  });
});
