import { expect, test } from 'vitest';
import { AwsFailure } from '../../../lib/aws/aws-failure.ts';
import { OutOfTime, pace } from '../../../lib/discover/pace.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';
import { T0 } from '../../builders/times.ts';

const random = { bytes: (count: number) => new Uint8Array(count).fill(255) };
const throttled = () => Promise.reject(new AwsFailure('throttled', 'ecs:ListServices', 'Rate exceeded'));

/** Runs what waits for the clock to its end. */
async function through<T>(clock: ReturnType<typeof createVirtualClock>, work: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [settled] = [Promise.allSettled([work])];
  let over = false;
  void settled.then(() => {
    over = true;
  });
  while (!over) await clock.advance(50);
  const [result] = await settled;
  if (!result) throw new Error('nothing settled');
  return result;
}

test('calls asked for at once go five a second', async () => {
  const clock = createVirtualClock(T0);
  const paced = pace({ clock, random, until: T0 + 60_000 });
  const at: number[] = [];
  const all = Promise.all(Array.from({ length: 11 }, () => paced(async () => void at.push(clock.now() - T0))));
  await through(clock, all);
  expect(at).toEqual(Array.from({ length: 11 }, (_, i) => i * 200));
});

test('a throttled call holds up those after it, twice as long each time, and the sixth failure is thrown', async () => {
  const clock = createVirtualClock(T0);
  const paced = pace({ clock, random, until: T0 + 600_000 });
  const at: number[] = [];
  const failing = paced(() => {
    at.push((clock.now() - T0) / 1_000);
    return throttled();
  });
  expect(await through(clock, failing)).toMatchObject({ status: 'rejected', reason: { kind: 'throttled' } });
  expect(at).toEqual([0, 1, 3, 7, 15, 31]);
});

test('other failures are not tried again', async () => {
  const clock = createVirtualClock(T0);
  const paced = pace({ clock, random, until: T0 + 60_000 });
  let calls = 0;
  const denied = paced(async () => {
    calls += 1;
    throw new AwsFailure('denied', 'ecs:ListServices', 'No');
  });
  expect(await through(clock, denied)).toMatchObject({ status: 'rejected', reason: { kind: 'denied' } });
  expect(calls).toBe(1);
});

test('no call begins after the time is over', async () => {
  const clock = createVirtualClock(T0);
  const paced = pace({ clock, random, until: T0 + 300 });
  let calls = 0;
  const all = Promise.allSettled(Array.from({ length: 5 }, () => paced(async () => ++calls)));
  const result = await through(clock, all);
  const reasons = result.status === 'fulfilled' ? result.value.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])) : [];
  expect(calls).toBe(2);
  expect(reasons).toHaveLength(3);
  for (const reason of reasons) expect(reason).toBeInstanceOf(OutOfTime);
});
