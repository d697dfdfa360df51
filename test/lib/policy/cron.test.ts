import { Cron } from 'croner';
import { describe, expect, it } from 'vitest';
import { cronStarts, parseCron } from '../../../lib/policy/cron.ts';
import { wrongCron } from '../../../lib/policy/cron-check.ts';
import fc from '../../builders/fast-check.ts';

const DAY = 86_400_000;

const field = (low: number, high: number, names: readonly string[] = []) => {
  const number = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: low, max: high }).map(String) },
    ...(names.length ? [fc.constantFrom(...names)] : []),
  );
  const range = fc
    .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
    .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.tuple(fc.oneof(fc.constant('*'), range), fc.integer({ min: 1, max: high })).map(([base, every]) => `${base}/${every}`);
  return fc.oneof(
    fc.constant('*'),
    number,
    range,
    step,
    fc.array(fc.oneof(number, range), { minLength: 2, maxLength: 3 }).map((parts) => parts.join(',')),
  );
};
const pattern = fc
  .tuple(
    field(0, 59),
    field(0, 23),
    fc.oneof({ weight: 5, arbitrary: field(1, 31) }, { weight: 1, arbitrary: fc.constantFrom('L', '1,L') }),
    field(1, 12, ['JAN', 'oct']),
    field(0, 6, ['MON', 'sun']),
  )
  .map((fields) => fields.join(' '));

describe('cron patterns', () => {
  it('start exactly when croner says, whatever the pattern', () => {
    fc.assert(
      fc.property(pattern, fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2029, 0, 1) }), (text, from) => {
        const cron = new Cron(text, { timezone: 'UTC', mode: '5-part', paused: true });
        const expected: number[] = [];
        const to = from + 10 * DAY;
        for (let next = cron.nextRun(new Date(from - 1)); next && next.getTime() < to && expected.length < 300; next = cron.nextRun(next)) {
          expected.push(next.getTime());
        }
        const starts = cronStarts(text, Math.ceil(from / 1000) * 1000, to);
        expect(starts.slice(0, expected.length)).toEqual(expected);
        if (expected.length < 300) expect(starts).toHaveLength(expected.length);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('take Sunday as 0 and as 7', () => {
    expect(cronStarts('0 8 * * 7', 0, 14 * DAY)).toEqual(cronStarts('0 8 * * 0', 0, 14 * DAY));
  });

  it.each(['0 8 * * 5#2', '0 8 15W * *', '61 8 * * *', '5-1 * * * *', '* * *', '*/0 * * * *', 'x 8 * * *'])(
    '%s is not run, and is refused with a reason where a person wrote it',
    (text) => {
      expect(parseCron(text)).toBeUndefined();
      expect(wrongCron(text, 288)).toEqual(expect.any(String));
    },
  );
});
