import { describe, expect, test } from 'vitest';
import { keyText, sendInBatches, uniqueByKey } from '../../../lib/stores/batches.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';
import { seconds, T0 } from '../../builders/times.ts';

const setUp = () => {
  const clock = createVirtualClock(T0);
  return { clock, options: { clock, random: () => 1, action: 'dynamodb:BatchWriteItem' } };
};

describe('sending in batches', () => {
  test('sends what was left unprocessed again, later and later while nothing goes through', async () => {
    const { clock, options } = setUp();
    const sent: [number, readonly number[]][] = [];
    const refuseAt = new Set([1, 2, 3]);
    const work = sendInBatches(
      [1, 2, 3, 4, 5],
      2,
      async (batch) => {
        sent.push([clock.now() - T0, batch]);
        return refuseAt.has(sent.length - 1) ? batch : [];
      },
      options,
    );
    await clock.advance(seconds(10));
    await work;
    expect(sent).toEqual([
      [0, [1, 2]],
      [0, [3, 4]],
      [50, [5, 3]],
      [150, [4, 5]],
      [350, [3, 4]],
      [350, [5]],
    ]);
  });

  test('gives up as throttled after eight attempts that got nothing done', async () => {
    const { clock, options } = setUp();
    let attempts = 0;
    const refuse = async (batch: readonly number[]) => {
      attempts += 1;
      return batch;
    };
    const work = sendInBatches([1, 2], 25, refuse, options).catch((error: unknown) => error);
    await clock.advance(seconds(60));
    expect(await work).toMatchObject({
      name: 'AwsFailure',
      kind: 'throttled',
      message: '2 of 2 items were still unprocessed after 8 attempts',
    });
    expect(attempts).toBe(8);
  });

  test('sends nothing where there is nothing to send', async () => {
    const { options } = setUp();
    await sendInBatches([], 25, () => Promise.reject(new Error('sent')), options);
  });
});

test('of items with the same key the last stands', () => {
  const items = [
    { pk: 'a', sk: 'b', n: 1 },
    { pk: 'a', sk: 'c', n: 2 },
    { pk: 'a', sk: 'b', n: 3 },
  ];
  expect(uniqueByKey(items)).toEqual([items[2], items[1]]);
});

test('two keys never look alike', () => {
  expect(keyText({ pk: 'a', sk: 'bc' })).not.toBe(keyText({ pk: 'ab', sk: 'c' }));
  expect(keyText({ pk: '1:a', sk: 'b' })).not.toBe(keyText({ pk: '1', sk: ':ab' }));
});
