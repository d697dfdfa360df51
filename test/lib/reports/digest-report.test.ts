import { describe, expect, it } from 'vitest';
import { digestReport } from '../../../lib/reports/digest-report.ts';
import type { DropReason } from '../../../lib/reports/drop-reason.ts';
import fc from '../../builders/fast-check.ts';
import { aRawReport } from '../../builders/reports.ts';
import { T0 } from '../../builders/times.ts';

const S = T0 / 1000;
const digested = (...metrics: unknown[]) => digestReport(aRawReport(metrics), T0);
const NOTHING = { accepted: 0, ignored: 0, dropped: {} };
const days = (n: number) => n * 86_400_000;

describe('digestReport', () => {
  it('takes samples of four and of three parts', () => {
    const { digest, ...counts } = digested([S, 20, 'qt', null], [S, 5, 'at']);
    expect(counts).toEqual({ ...NOTHING, accepted: 2 });
    expect(digest.web).toMatchObject([{ step: 0, queueTime: { count: 1, max: 20 }, appTime: { count: 1, max: 5 } }]);
  });

  it('tells a request’s queue time from a job’s latency by the queue', () => {
    const { digest } = digested([S, 20, 'qt', null], [S, 7_000, 'qt', 'mailers']);
    expect(digest.web[0]?.queueTime.count).toBe(1);
    expect(digest.queues).toEqual(new Map([['mailers', { latency: { value: 7_000, at: T0 } }]]));
  });

  it('keeps the newest of each metric of a queue, of two of the same second the larger', () => {
    const { digest } = digested([S - 2, 9, 'qd', 'a'], [S, 3, 'qd', 'a'], [S, 4, 'qd', 'a'], [S - 1, 1, 'busy', 'a']);
    expect(digest.queues.get('a')).toEqual({ depth: { value: 4, at: T0 }, busy: { value: 1, at: T0 - 1_000 } });
  });

  it('keeps the newest utilisation as a share', () => {
    expect(digested([S - 5, 90, 'up', null], [S, 42, 'up', null]).digest.utilization).toEqual({ value: 0.42, at: T0 });
  });

  it('dates a report by its newest accepted sample, and by its arrival where there is none', () => {
    expect(digested([S - 3.25, 1, 'at', null], [S + 600, 1, 'at', null]).digest.base).toBe(T0 - 3_250);
    expect(digested().digest).toEqual({ base: T0, continued: false, web: [], queues: new Map() });
    expect(digested([S, null, 'qt', null]).digest.base).toBe(T0);
  });

  it('makes one step of the usual report of ten seconds, and steps by age of one that reaches further back', () => {
    const usual = [0, 3, 7, 10, 11].map((age) => [S - age, 1, 'at', null]);
    expect(digested(...usual).digest.web.map(({ step, appTime }) => [step, appTime.count])).toEqual([[0, 5]]);
    const long = [0, 11, 12, 21.9, 22, 299].map((age) => [S - age, 1, 'at', null]);
    expect(digested(...long).digest.web.map(({ step, appTime }) => [step, appTime.count])).toEqual([
      [0, 2],
      [1, 2],
      [2, 1],
      [29, 1],
    ]);
  });

  it.each<[string, unknown[], DropReason]>([
    ['older than 5 minutes', [S - 300.1, 5, 'qt', null], 'TooOld'],
    ['more than 5 s ahead', [S + 5.1, 5, 'qt', null], 'InTheFuture'],
    ['in milliseconds', [T0, 5, 'qt', null], 'InTheFuture'],
    ['without a time', [null, 5, 'qt', null], 'NotANumber'],
    ['timed by text', [`${S}`, 5, 'qt', null], 'NotANumber'],
    ['without a value, which is JSON’s NaN', [S, null, 'qt', null], 'NoValue'],
    ['with an infinite value', [S, Number.POSITIVE_INFINITY, 'qt', null], 'NotANumber'],
    ['with text for a value', [S, '5', 'at', null], 'NotANumber'],
    ['with a negative value', [S, -1, 'at', null], 'Negative'],
    ['with a negative latency', [S, -1, 'qt', 'a'], 'Negative'],
    ['of a request that queued over ten minutes', [S, 600_001, 'qt', null], 'TooLarge'],
    ['of a request that took 56 years', [S, 1_795_304_504_117, 'at', null], 'TooLarge'],
    ['of network time over ten minutes', [S, 600_001, 'nt', null], 'TooLarge'],
    ['of utilisation over 100', [S, 101, 'up', null], 'OutOfRange'],
    ['of negative utilisation', [S, -1, 'up', null], 'Negative'],
    ['of half a job', [S, 0.5, 'qd', 'a'], 'NotAnInteger'],
    ['of absurdly many jobs', [S, 1e9 + 1, 'busy', 'a'], 'TooLarge'],
    ['of depth without a queue', [S, 5, 'qd', null], 'NoQueue'],
    ['of depth without a fourth part', [S, 5, 'qd'], 'NoQueue'],
    ['whose queue is a number', [S, 5, 'qd', 7], 'BadQueueName'],
    ['whose queue has no name', [S, 5, 'qd', ''], 'BadQueueName'],
    ['whose queue is half a character', [S, 5, 'qd', '\ud800'], 'BadQueueName'],
    ['whose queue has a name of 257 letters', [S, 5, 'qd', 'q'.repeat(257)], 'QueueNameTooLong'],
    ['whose queue has a name of 100 letters of three bytes', [S, 5, 'qd', '列'.repeat(100)], 'QueueNameTooLong'],
    ['of two parts', [S, 5], 'MalformedSample'],
    ['whose identifier is a number', [S, 5, 5, null], 'MalformedSample'],
  ])('drops a sample %s', (_, sample, reason) => {
    const { digest, ...counts } = digested(sample);
    expect(counts).toEqual({ ...NOTHING, dropped: { [reason]: 1 } });
    expect(digest).toEqual(digested().digest);
  });

  it.each([
    ['text', 'x'],
    ['null', null],
    ['an object', { 0: S, 1: 5, 2: 'qt' }],
    ['an empty array', []],
  ])('drops %s in place of a sample', (_, sample) => {
    expect(digested(sample).dropped).toEqual({ MalformedSample: 1 });
  });

  it('takes what is just within bounds', () => {
    const { accepted, dropped } = digested(
      [S - 300, 5, 'qt', null],
      [S + 5, 5, 'qt', null],
      [S + 0.5, 600_000, 'qt', null],
      [S, 0, 'up', null],
      [S, 100, 'up', null],
      [S, 1e9, 'qd', 'a'],
      [S, 1, 'qd', 'q'.repeat(256)],
      [S, -0, 'qd', 'a'],
      [S, 1.5, 'nt'],
    );
    expect({ accepted, dropped }).toEqual({ accepted: 9, dropped: {} });
  });

  it('clamps a job’s latency to 30 days', () => {
    const { digest, accepted } = digested([S, days(31), 'qt', 'a']);
    expect(accepted).toBe(1);
    expect(digest.queues.get('a')?.latency?.value).toBe(days(30));
  });

  it('ignores metrics that it does not know, whatever their value', () => {
    expect(digested([S, 'x', 'mem', null], [S, 5, 'at', 'queue'], [0, null, '', 'q'])).toMatchObject({ ...NOTHING, ignored: 3 });
  });

  it('takes a thousand queues and drops those beyond', () => {
    const metrics = Array.from({ length: 1_005 }, (_, i) => [S, i, 'qd', `queue-${i}`]);
    const { digest, accepted, dropped } = digested(...metrics, [S, 1, 'busy', 'queue-0']);
    expect(digest.queues.size).toBe(1_000);
    expect({ accepted, dropped }).toEqual({ accepted: 1_001, dropped: { TooManyQueues: 5 } });
  });

  it('bears names that mean something to JavaScript', () => {
    const { digest } = digested([S, 1, 'qd', '__proto__'], [S, 2, 'qd', 'constructor']);
    expect([...digest.queues.keys()]).toEqual(['__proto__', 'constructor']);
    expect(digested([S, 1, '__proto__', null]).ignored).toBe(1);
  });

  const part = fc.oneof(
    fc.constantFrom(null, undefined, '', 'a', 'qt', 'at', -1, 0, 5, 1e12, Number.NaN, Number.POSITIVE_INFINITY),
    fc.jsonValue(),
  );
  const good = fc.tuple(
    fc.integer({ min: -290_000, max: 5_000 }).map((ms) => (T0 + ms) / 1000),
    fc.nat(500),
    fc.constantFrom('qt', 'at', 'nt', 'up', 'qd', 'busy', 'x'),
    fc.constantFrom(null, 'a', 'b'),
  );
  const anySample = fc.oneof(
    { weight: 3, arbitrary: good },
    { weight: 1, arbitrary: fc.array(part, { maxLength: 6 }) },
    { weight: 1, arbitrary: part },
  );

  it('counts every sample once', () => {
    fc.assert(
      fc.property(fc.array(anySample, { maxLength: 60 }), (metrics) => {
        const { accepted, ignored, dropped } = digested(...metrics);
        expect(accepted + ignored + Object.values(dropped).reduce((a, b) => a + b, 0)).toBe(metrics.length);
      }),
    );
  });

  it('does not depend on the order of the samples', () => {
    const shuffled = fc
      .array(anySample, { maxLength: 40 })
      .chain((metrics) =>
        fc.tuple(fc.constant(metrics), fc.shuffledSubarray(metrics, { minLength: metrics.length, maxLength: metrics.length })),
      );
    fc.assert(fc.property(shuffled, ([a, b]) => void expect(digested(...b)).toEqual(digested(...a))));
  });
});
