import type { GetMetricDataCommandOutput, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { latestDatapoints, metricCalls, type SendPage } from '../../../lib/aws/latest-datapoints.ts';
import { minutes, seconds, T0 } from '../../builders/times.ts';
import { queryFor } from '../../contracts/metrics-aws.ts';

const NOW = T0 + seconds(42);
const page = (results: MetricDataResult[], next?: string): GetMetricDataCommandOutput => ({
  $metadata: {},
  MetricDataResults: results,
  ...(next === undefined ? {} : { NextToken: next }),
});
const result = (
  minutesAgo: readonly number[],
  values: readonly number[],
  status: 'Complete' | 'PartialData' | 'InternalError' | 'Forbidden' = 'Complete',
) => ({
  Id: 'm0',
  Timestamps: minutesAgo.map((ago) => new Date(T0 - minutes(ago))),
  Values: [...values],
  StatusCode: status,
});
const answering = (...pages: GetMetricDataCommandOutput[]): SendPage => {
  const left = [...pages];
  return async () => left.shift() ?? page([], 'more');
};
const ask = async (...pages: GetMetricDataCommandOutput[]) => (await latestDatapoints(answering(...pages), [queryFor('Slow')], NOW))[0];

describe('the newest datapoint of a metric', () => {
  test('is that of the last period that is over, in whatever order they come', async () => {
    const newest = { ok: true, value: { value: 3, at: T0 } };
    expect(await ask(page([result([1, 2, 3], [3, 2, 1])]))).toEqual(newest);
    expect(await ask(page([result([3, 2, 1], [1, 2, 3])]))).toEqual(newest);
  });

  test('never is one of a period that goes on: its sum would look like a lull', async () => {
    expect(await ask(page([result([0, 1], [1, 60])]))).toEqual({ ok: true, value: { value: 60, at: T0 } });
    expect(await ask(page([result([0], [1])]))).toMatchObject({ ok: false, code: 'no-datapoint' });
  });

  test('is missing where there is none, which is not 0', async () => {
    expect(await ask(page([result([], [])]))).toMatchObject({ ok: false, code: 'no-datapoint' });
    expect(await ask(page([]))).toMatchObject({ ok: false, code: 'unavailable' });
  });

  test('is missing where the answer stayed in part, failed or was forbidden, whatever values came with it', async () => {
    expect(await ask(page([result([1], [5], 'PartialData')]))).toMatchObject({ ok: false, code: 'partial' });
    expect(await ask(page([result([1], [5], 'InternalError')]))).toMatchObject({ ok: false, code: 'unavailable' });
    expect(await ask(page([result([1], [5], 'Forbidden')]))).toMatchObject({ ok: false, code: 'denied' });
  });

  test('of an answer over several pages is the newest of all, once it is complete', async () => {
    const pages = [page([result([1], [5], 'PartialData')], 'next'), page([result([2, 3], [9, 9])])];
    expect(await ask(...pages)).toEqual({ ok: true, value: { value: 5, at: T0 } });
  });

  test('is not waited for without end', async () => {
    await expect(ask()).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining('pages') });
  });

  test('is asked for over whole periods that end before now', async () => {
    let input: { StartTime?: Date | undefined; EndTime?: Date | undefined } = {};
    const send: SendPage = async (command) => {
      input = command.input;
      return page([]);
    };
    await latestDatapoints(send, [{ ...queryFor('Slow'), periodSeconds: 300 }], NOW);
    expect(input).toMatchObject({ EndTime: new Date(T0), ScanBy: 'TimestampDescending' });
    expect((Number(input.EndTime) - Number(input.StartTime)) % minutes(5)).toBe(0);
    expect(Number(input.EndTime) - Number(input.StartTime)).toBeGreaterThanOrEqual(minutes(15));
  });
});

test('metrics of one period share calls of 500 at most', () => {
  const metrics = Array.from({ length: 1201 }, (_, i) => ({ ...queryFor(`m-${i}`), periodSeconds: i % 2 === 0 ? 60 : 300 }));
  const calls = metricCalls(metrics);
  expect(calls.map((places) => places.length)).toEqual([500, 101, 500, 100]);
  expect(calls.flat().sort((a, b) => a - b)).toEqual(metrics.map((_, i) => i));
});
