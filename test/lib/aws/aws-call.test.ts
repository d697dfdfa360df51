import { describe, expect, test } from 'vitest';
import { type AwsCallReport, awsCaller } from '../../../lib/aws/aws-call.ts';
import { AwsFailure, type AwsFailureKind } from '../../../lib/aws/aws-failure.ts';

const read = { action: 'ecs:DescribeServices', accountId: '111122223333', region: 'us-east-1', repeatable: true };
const write = { ...read, action: 'ecs:UpdateService', repeatable: false };
const failure = (kind: AwsFailureKind) => new AwsFailure(kind, 'ecs:UpdateService', kind);

function start(timeoutMs = 1000) {
  const pauses: number[] = [];
  const reports: AwsCallReport[] = [];
  const clock = { now: () => 0, sleep: async (ms: number) => void pauses.push(ms) };
  const call = awsCaller({ clock, random: { bytes: () => Uint8Array.of(255) }, timeoutMs, onCall: (report) => reports.push(report) });
  return { call, pauses, reports };
}

/** Answers with each of these in turn: thrown if it is an error. */
function answers(...all: readonly unknown[]) {
  const left = [...all];
  return async () => {
    const next = left.shift();
    if (next instanceof Error) throw next;
    return next;
  };
}

describe('one short retry', () => {
  test('for a throttled call, writes too: it was not carried out', async () => {
    const { call, pauses, reports } = start();
    expect(await call(write, answers(failure('throttled'), 'done'))).toBe('done');
    expect(pauses).toEqual([300]);
    expect(reports.map((report) => report.failed)).toEqual(['throttled', undefined]);
  });

  test('and no second one', async () => {
    const { call, pauses } = start();
    await expect(call(read, answers(failure('throttled'), failure('throttled'), 'done'))).rejects.toMatchObject({ kind: 'throttled' });
    expect(pauses).toHaveLength(1);
  });

  test.each(['unavailable', 'timeout'] as const)('for a read whose connection broke (%s)', async (kind) => {
    const { call } = start();
    expect(await call(read, answers(failure(kind), 'done'))).toBe('done');
  });

  test.each(['unavailable', 'timeout'] as const)('never for a write whose connection broke (%s): it may have happened', async (kind) => {
    const { call, pauses } = start();
    await expect(call(write, answers(failure(kind), 'done'))).rejects.toMatchObject({ kind });
    expect(pauses).toEqual([]);
  });

  test.each(['denied', 'not-found', 'not-active', 'invalid', 'expired'] as const)('never for what stays as it is (%s)', async (kind) => {
    const { call, pauses } = start();
    await expect(call(read, answers(failure(kind), 'done'))).rejects.toMatchObject({ kind });
    expect(pauses).toEqual([]);
  });
});

describe('a call that takes too long', () => {
  test('is given up, its signal aborted, and not made again', async () => {
    const { call, reports } = start(20);
    const signals: AbortSignal[] = [];
    const never = (signal: AbortSignal) => {
      signals.push(signal);
      return new Promise(() => {});
    };
    await expect(call(read, never)).rejects.toMatchObject({
      kind: 'timeout',
      action: 'ecs:DescribeServices',
      message: 'no answer within 20 ms',
    });
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
    expect(reports).toMatchObject([{ failed: 'timeout' }]);
  });
});

test('errors of AWS arrive classified', async () => {
  const { call } = start();
  const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } });
  await expect(call(read, answers(denied))).rejects.toMatchObject({ kind: 'denied', action: 'ecs:DescribeServices' });
});

test('a fault of our own stays what it is', async () => {
  const { call } = start();
  await expect(call(read, answers(new TypeError('a bug')))).rejects.toBeInstanceOf(TypeError);
});
