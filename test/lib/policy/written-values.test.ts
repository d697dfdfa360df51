import { describe, expect, it } from 'vitest';
import { formatDays, parseDays } from '../../../lib/policy/days.ts';
import { formatDuration, parseDuration } from '../../../lib/policy/duration.ts';
import { formatFallback, parseFallback } from '../../../lib/policy/fallback.ts';
import { nearestWord } from '../../../lib/policy/nearest-word.ts';
import { formatRateLimit, parseRateLimit } from '../../../lib/policy/rate-limit.ts';
import { parseServiceArn } from '../../../lib/policy/service-arn.ts';
import { formatShare, parseShare } from '../../../lib/policy/share.ts';
import fc from '../../builders/fast-check.ts';

describe('durations', () => {
  it.each([
    ['50ms', 50],
    ['0s', 0],
    ['30s', 30_000],
    ['1.5h', 5_400_000],
    ['1.005s', 1_005],
    ['7d', 604_800_000],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '5', 's', '1h30m', '-5s', '5 s', '0.5ms', '1e3s', '5S', ' 5s', '5s '])('"%s" is none', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );

  it('come back from how they are written', () => {
    fc.assert(
      fc.property(fc.nat(), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});

describe('shares', () => {
  it.each([
    ['70%', 0.7],
    ['12.5%', 0.125],
    ['200%', 2],
    ['2.3%', 0.023],
  ])('%s is %d', (text, share) => expect(parseShare(text)).toBe(share));

  it.each(['70', '%', '-1%', '0.7', '70 %'])('"%s" is none', (text) => expect(parseShare(text)).toBeUndefined());

  it('come back from how they are written', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (n) => {
        const text = formatShare(n / 1_000_000);
        expect(formatShare(parseShare(text) ?? -1)).toBe(text);
        expect(parseShare(text)).toBeCloseTo(n / 1_000_000, 9);
      }),
    );
  });
});

describe('rate limits and fallbacks', () => {
  it('are read as they are written', () => {
    expect(parseRateLimit('4 tasks per 15s')).toEqual({ tasks: 4, periodMs: 15_000 });
    expect(parseRateLimit('1 task per 1m')).toEqual({ tasks: 1, periodMs: 60_000 });
    expect(parseRateLimit('25% per 1m')).toEqual({ share: 0.25, periodMs: 60_000 });
    expect(parseFallback('5 tasks after 3m of silence')).toEqual({ tasks: 5, afterMs: 180_000 });
    for (const text of ['4 per 15s', '25% a minute', '4 tasks per 15', '25 % per 1m', '']) expect(parseRateLimit(text)).toBeUndefined();
    for (const text of ['5 tasks', 'after 3m', '5 tasks after 3', '-1 tasks after 3m']) expect(parseFallback(text)).toBeUndefined();
  });

  it('come back from how they are written', () => {
    for (const text of ['4 tasks per 15s', '1 task per 1m', '25% per 1m', '12.5% per 90s']) {
      const limit = parseRateLimit(text);
      expect(limit && formatRateLimit(limit)).toBe(text);
    }
    expect(formatFallback({ tasks: 1, afterMs: 180_000 })).toBe('1 task after 3m');
  });
});

describe('days', () => {
  it.each([
    ['mon-fri', [1, 2, 3, 4, 5]],
    ['sat-mon', [1, 6, 7]],
    ['mon,wed', [1, 3]],
    ['mon, wed-thu', [1, 3, 4]],
    ['sun', [7]],
    ['daily', [1, 2, 3, 4, 5, 6, 7]],
    ['tue-mon', [1, 2, 3, 4, 5, 6, 7]],
  ])('%s are %j', (text, days) => expect(parseDays(text)).toEqual({ days }));

  it.each([
    ['monday', 'monday'],
    ['mon-fry', 'fry'],
    ['mon-wed-fri', 'mon-wed-fri'],
    ['mon,,tue', ''],
  ])('%s are none', (text, wrong) => expect(parseDays(text)).toEqual({ wrong }));

  it('come back from how they are written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (days) => {
        const sorted = days.toSorted();
        expect(parseDays(formatDays(sorted))).toEqual({ days: sorted });
      }),
    );
  });
});

describe('the nearest word', () => {
  it.each([
    ['behaviour', 'behavior'],
    ['mni', 'min'],
    ['scaleIn', 'scale-in'],
    ['stabilise', 'stabilize'],
  ])('to %s is %s', (word, meant) => expect(nearestWord(word, ['behavior', 'min', 'max', 'scale-in', 'stabilize'])).toBe(meant));

  it('is none where nothing is near', () => {
    expect(nearestWord('elephant', ['min', 'max'])).toBeUndefined();
    expect(nearestWord('', ['min'])).toBeUndefined();
  });
});

describe("an ECS service's ARN", () => {
  it('is taken apart', () => {
    expect(parseServiceArn('arn:aws-cn:ecs:cn-northwest-1:111122223333:service/shop_1/web-app')).toEqual({
      ok: true,
      arn: { partition: 'aws-cn', region: 'cn-northwest-1', accountId: '111122223333', cluster: 'shop_1', service: 'web-app' },
    });
  });

  it.each([
    '',
    'web',
    'arn:aws:ecs:us-east-1:1111:service/shop/web',
    'arn:aws:ecs:us-east-1:111122223333:service/shop/web/x',
    'arn:aws:ecs:us-east-1:111122223333:cluster/shop',
  ])('is not "%s"', (text) => expect(parseServiceArn(text).ok).toBe(false));
});
