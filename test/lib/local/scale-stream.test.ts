import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { matchesPattern } from '../../../lib/local/event-pattern.ts';
import { streamRecord } from '../../../lib/local/stream-record.ts';
import { scaleStream } from '../../../lib/local/system.ts';

describe('the stream of a local run', () => {
  it('has the settings of the deployed one', () => {
    const { functions } = parse(readFileSync('serverless.yml', 'utf8'), { logLevel: 'silent' });
    const { stream } = functions.scale.events[0];
    expect(scaleStream).toMatchObject({
      filter: stream.filterPatterns[0],
      batchSize: stream.batchSize,
      lanes: stream.parallelizationFactor,
      retries: stream.maximumRetryAttempts,
      maxAgeMs: stream.maximumRecordAgeInSeconds * 1_000,
      timeoutMs: functions.scale.timeout * 1_000,
    });
    expect(stream.filterPatterns).toHaveLength(1);
  });

  it('carries records as Lambda hands them over: both images, bytes as base64', () => {
    const record = streamRecord({ old: { pk: 'a', sk: 'b' }, new: { pk: 'a', sk: 'b', act: 'd-1', bytes: Uint8Array.of(1, 2) } }, 7, 1_500);
    expect(record).toMatchObject({
      eventName: 'MODIFY',
      dynamodb: {
        Keys: { pk: { S: 'a' }, sk: { S: 'b' } },
        NewImage: { act: { S: 'd-1' }, bytes: { B: 'AQI=' } },
        OldImage: { pk: { S: 'a' } },
        SequenceNumber: '7',
      },
    });
    expect(streamRecord({ new: { pk: 'a', sk: 'b' } }, 1, 0)?.eventName).toBe('INSERT');
    expect(streamRecord({ old: { pk: 'a', sk: 'b' } }, 1, 0)?.eventName).toBe('REMOVE');
    expect(streamRecord({}, 1, 0)).toBeUndefined();
  });

  it('lets through what has a decision to act upon, and nothing else', () => {
    const passes = (item: object | undefined, eventName = 'MODIFY') =>
      matchesPattern(scaleStream.filter, { eventName, dynamodb: { NewImage: item } });
    expect(passes({ act: { S: 'd-1' } })).toBe(true);
    expect(passes({ act: { S: 'd-1' } }, 'REMOVE')).toBe(false);
    expect(passes({ decision: { S: 'd-1' } })).toBe(false);
    expect(passes(undefined)).toBe(false);
    expect(matchesPattern({ a: [{ exists: false }] }, {})).toBe(true);
    expect(matchesPattern({ a: [1, 'x', null] }, { a: null })).toBe(true);
  });
});
