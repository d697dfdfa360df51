import { expect, test } from 'vitest';
import { sessionCache } from '../../../lib/aws/session-cache.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';

const START = Date.UTC(2026, 10, 22, 8);
const HOUR = 3_600_000;

function start(jitter = 0) {
  const clock = createVirtualClock(START);
  const cache = sessionCache<{ readonly expiresAt: number }>(clock, { bytes: () => Uint8Array.of(jitter) });
  let made = 0;
  const make = async () => {
    made++;
    return { expiresAt: clock.now() + HOUR };
  };
  return { clock, cache, make, made: () => made };
}

test('a session is used until five minutes before it ends', async () => {
  const { clock, cache, make, made } = start();
  const first = await cache.get('a', make);
  await clock.advance(55 * 60_000 - 1);
  expect(await cache.get('a', make)).toBe(first);
  await clock.advance(1);
  expect(await cache.get('a', make)).not.toBe(first);
  expect(made()).toBe(2);
});

test('chance renews it up to a minute sooner', async () => {
  const { clock, cache, make, made } = start(255);
  await cache.get('a', make);
  await clock.advance(54 * 60_000 - 1);
  await cache.get('a', make);
  expect(made()).toBe(1);
  await clock.advance(1);
  await cache.get('a', make);
  expect(made()).toBe(2);
});

test('keys do not share a session', async () => {
  const { cache, make } = start();
  expect(await cache.get('a', make)).not.toBe(await cache.get('b', make));
});

test('those who ask at once get the same one', async () => {
  const { cache, make, made } = start();
  await Promise.all([cache.get('a', make), cache.get('a', make), cache.get('a', make)]);
  expect(made()).toBe(1);
});

test('a failure is told to all who waited and is not kept', async () => {
  const { cache, make } = start();
  const fail = async () => Promise.reject(new Error('denied'));
  const both = await Promise.allSettled([cache.get('a', fail), cache.get('a', fail)]);
  expect(both.map((each) => each.status)).toEqual(['rejected', 'rejected']);
  await expect(cache.get('a', make)).resolves.toBeDefined();
});

test('a session is dropped once, and its successor stays', async () => {
  const { cache, make, made } = start();
  const first = await cache.get('a', make);
  cache.drop('a', first);
  const second = await cache.get('a', make);
  cache.drop('a', first);
  expect(await cache.get('a', make)).toBe(second);
  expect(made()).toBe(2);
});
