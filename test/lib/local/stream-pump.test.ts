import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { StreamPumpOptions } from '../../../lib/local/stream-pump.ts';
import { createStreamPump } from '../../../lib/local/stream-pump.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';

let sequence = 0;
const aRecord = (service: string, act: string | null = 'd-1', eventName: 'INSERT' | 'MODIFY' | 'REMOVE' = 'MODIFY'): DynamoDBRecord => ({
  eventName,
  dynamodb: {
    SequenceNumber: String(++sequence),
    Keys: { pk: { S: 'g' }, sk: { S: service } },
    ...(eventName === 'REMOVE' ? {} : { NewImage: { sk: { S: service }, ...(act === null ? {} : { act: { S: act } }) } }),
  },
});
const idOf = (record: DynamoDBRecord) => `${record.dynamodb?.NewImage?.['sk']?.S ?? ''}:${record.dynamodb?.NewImage?.['act']?.S ?? ''}`;

function pump(over: Partial<StreamPumpOptions> = {}) {
  const clock = createVirtualClock(0);
  const batches: string[][] = [];
  const dead: string[] = [];
  const made = createStreamPump({
    handler: async (event) => {
      batches.push(event.Records.map(idOf));
    },
    filter: { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { act: { S: [{ exists: true }] } } } },
    batchSize: 3,
    lanes: 4,
    retries: 2,
    maxAgeMs: 60_000,
    clock,
    onDeadLetter: (record, why) => dead.push(`${idOf(record)} ${why}`),
    ...over,
  });
  return { ...made, clock, batches, dead };
}

describe('the stream pump', () => {
  it('lets through only records that the filter pattern fits', async () => {
    const p = pump();
    for (const record of [aRecord('a', null), aRecord('a', 'd-1', 'REMOVE'), aRecord('a', 'd-2')]) p.push(record);
    await p.clock.advance(0);
    expect(p.batches).toEqual([['a:d-2']]);
  });

  it('keeps the order of one key over many batches, never two batches of it at once', async () => {
    let running = 0;
    const seen: string[] = [];
    const p = pump({
      handler: async (event) => {
        running += 1;
        expect(running).toBe(1);
        await p.clock.sleep(10);
        seen.push(...event.Records.map(idOf));
        running -= 1;
      },
    });
    for (let i = 0; i < 8; i += 1) p.push(aRecord('a', `d-${i}`));
    await p.clock.advance(1_000);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => `a:d-${i}`));
  });

  it('works on several keys side by side', async () => {
    let most = 0;
    let running = 0;
    const p = pump({
      lanes: 16,
      handler: async () => {
        running += 1;
        most = Math.max(most, running);
        await p.clock.sleep(10);
        running -= 1;
      },
    });
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) p.push(aRecord(key));
    await p.clock.advance(1_000);
    expect(most).toBeGreaterThan(1);
  });

  it('delivers the first failed record of a batch and those after it again, and what came before not', async () => {
    let tries = 0;
    const seen: string[][] = [];
    const p = pump({
      handler: async (event) => {
        seen.push(event.Records.map(idOf));
        tries += 1;
        return { batchItemFailures: tries === 1 ? [{ itemIdentifier: event.Records[1]?.dynamodb?.SequenceNumber ?? '' }] : [] };
      },
    });
    for (const act of ['d-1', 'd-2', 'd-3']) p.push(aRecord('a', act));
    await p.clock.advance(10_000);
    expect(seen).toEqual([
      ['a:d-1', 'a:d-2', 'a:d-3'],
      ['a:d-2', 'a:d-3'],
    ]);
  });

  it('gives up a record after its retries, says why, and goes on with the next', async () => {
    const seen: string[] = [];
    const p = pump({
      batchSize: 1,
      handler: async (event) => {
        seen.push(...event.Records.map(idOf));
        if (event.Records.some((record) => idOf(record) === 'a:bad')) throw new Error('store is down');
      },
    });
    p.push(aRecord('a', 'bad'));
    p.push(aRecord('a', 'good'));
    await p.clock.advance(60_000);
    expect(seen).toEqual(['a:bad', 'a:bad', 'a:bad', 'a:good']);
    expect(p.dead).toEqual(['a:bad store is down']);
  });

  it('gives up a record that has become too old at the next failure', async () => {
    const p = pump({
      maxAgeMs: 100,
      retries: 1_000,
      handler: async () => {
        await p.clock.sleep(60);
        throw new Error('slow');
      },
    });
    p.push(aRecord('a'));
    await p.clock.advance(10_000);
    expect(p.dead).toHaveLength(1);
  });

  it('starts nothing after it was stopped, and waits for what is under way', async () => {
    let ended = false;
    const p = pump({
      batchSize: 1,
      handler: async () => {
        await p.clock.sleep(50);
        ended = true;
      },
    });
    p.push(aRecord('a', 'd-1'));
    p.push(aRecord('a', 'd-2'));
    await p.clock.advance(10);
    const stopped = p.stop();
    p.push(aRecord('a', 'd-3'));
    await p.clock.advance(1_000);
    await stopped;
    expect(ended).toBe(true);
    expect(p.clock.pending).toBe(0);
  });
});
