import { describe, expect, it, vi } from 'vitest';
import { expandSchedules } from '../../../lib/policy/calendar.ts';
import { instantsOf, localAt } from '../../../lib/policy/local-instants.ts';
import type { Override, Schedule } from '../../../lib/policy/policy.ts';
import fc from '../../builders/fast-check.ts';

// Many cases: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 60_000 });

const iso = (instant: number) => new Date(instant).toISOString().replace(':00.000Z', 'Z');
const at = (text: string) => Date.parse(text);
const day = 86_400_000;

const weekly = (over: Partial<Extract<Schedule, { kind: 'weekly' }>>): Schedule => ({
  kind: 'weekly',
  name: 'window',
  days: [1, 2, 3, 4, 5, 6, 7],
  from: '08:00',
  to: '18:00',
  timezone: 'UTC',
  min: 10,
  lead: 'auto',
  ...over,
});
const cron = (pattern: string, forMs: number, timezone = 'UTC'): Schedule => ({
  kind: 'cron',
  name: 'cron',
  cron: pattern,
  forMs,
  timezone,
  min: 5,
  lead: 0,
});
const once = (from: string, to: string, timezone = 'UTC'): Schedule => ({
  kind: 'once',
  name: 'once',
  from,
  to,
  timezone,
  max: 3,
  lead: 'auto',
});

const windows = (schedule: Schedule, from: string, to: string) =>
  expandSchedules([schedule], [], at(from), at(to)).map((interval) => `${iso(interval.from)} ${iso(interval.to)}`);

describe('a weekly window', () => {
  it('comes on its days, at its local times', () => {
    // 2026-06-01 is a Monday; New York is at UTC-4.
    expect(windows(weekly({ days: [1, 3], timezone: 'America/New_York' }), '2026-06-01T00:00Z', '2026-06-08T00:00Z')).toEqual([
      '2026-06-01T12:00Z 2026-06-01T22:00Z',
      '2026-06-03T12:00Z 2026-06-03T22:00Z',
    ]);
  });

  it('crosses midnight where its end is not after its start, and belongs to the day it begins on', () => {
    expect(windows(weekly({ days: [5], from: '22:00', to: '06:00' }), '2026-06-01T00:00Z', '2026-06-08T00:00Z')).toEqual([
      '2026-06-05T22:00Z 2026-06-06T06:00Z',
    ]);
  });

  it('that began yesterday is in force still', () => {
    expect(windows(weekly({ days: [5], from: '22:00', to: '06:00' }), '2026-06-06T05:00Z', '2026-06-06T07:00Z')).toEqual([
      '2026-06-05T22:00Z 2026-06-06T06:00Z',
    ]);
  });

  it('of a whole day is one interval over several days', () => {
    expect(windows(weekly({ days: [6, 7], from: '00:00', to: '00:00' }), '2026-06-01T00:00Z', '2026-06-10T00:00Z')).toEqual([
      '2026-06-06T00:00Z 2026-06-08T00:00Z',
    ]);
  });

  it('keeps name, bounds and lead', () => {
    expect(
      expandSchedules([weekly({ name: 'office', min: 4, max: 9, lead: 300_000 })], [], at('2026-06-01T00:00Z'), at('2026-06-01T12:00Z')),
    ).toEqual([
      { from: at('2026-06-01T08:00Z'), to: at('2026-06-01T18:00Z'), min: 4, max: 9, name: 'office', source: 'schedule', lead: 300_000 },
    ]);
  });

  it('is left out where it only touches the range', () => {
    expect(windows(weekly({}), '2026-06-01T18:00Z', '2026-06-02T08:00Z')).toEqual([]);
  });
});

describe('when clocks go forward', () => {
  const cases: readonly (readonly [string, string, string, string, string, string])[] = [
    // zone, from, to, the day, and the window: its start or end lies in the gap or beyond it
    ['America/New_York', '02:30', '04:00', '2026-03-08', '2026-03-08T07:00Z', '2026-03-08T08:00Z'],
    ['America/New_York', '01:00', '02:30', '2026-03-08', '2026-03-08T06:00Z', '2026-03-08T07:00Z'],
    ['Europe/Berlin', '02:30', '04:00', '2026-03-29', '2026-03-29T01:00Z', '2026-03-29T02:00Z'],
    ['Europe/Berlin', '00:00', '08:00', '2026-03-29', '2026-03-28T23:00Z', '2026-03-29T06:00Z'],
    // Half an hour: 02:00 becomes 02:30.
    ['Australia/Lord_Howe', '02:15', '03:00', '2026-10-04', '2026-10-03T15:30Z', '2026-10-03T16:00Z'],
    // At midnight: 00:00 becomes 01:00.
    ['America/Santiago', '00:00', '06:00', '2026-09-06', '2026-09-06T04:00Z', '2026-09-06T09:00Z'],
  ];
  it.each(cases)('a window in %s from %s to %s on %s is %s to %s', (timezone, from, to, date, start, end) => {
    const days = [new Date(`${date}T00:00Z`).getUTCDay() || 7];
    expect(windows(weekly({ timezone, from, to, days }), iso(at(start) - day), iso(at(end) + day))).toEqual([`${start} ${end}`]);
  });

  it('a window that lies in the gap as a whole does not come that day', () => {
    expect(windows(weekly({ timezone: 'Europe/Berlin', from: '02:10', to: '02:50' }), '2026-03-28T12:00Z', '2026-03-29T12:00Z')).toEqual(
      [],
    );
  });

  it('office hours stay at their local times, and last as long as ever', () => {
    expect(windows(weekly({ timezone: 'Europe/Berlin' }), '2026-03-28T00:00Z', '2026-03-31T00:00Z')).toEqual([
      '2026-03-28T07:00Z 2026-03-28T17:00Z',
      '2026-03-29T06:00Z 2026-03-29T16:00Z',
      '2026-03-30T06:00Z 2026-03-30T16:00Z',
    ]);
  });

  it('a whole day is never broken', () => {
    for (const timezone of ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Santiago']) {
      const always = windows(weekly({ timezone, from: '00:00', to: '00:00' }), '2026-01-01T00:00Z', '2026-12-31T00:00Z');
      expect(always, timezone).toHaveLength(1);
    }
  });
});

describe('when clocks go back', () => {
  const cases: readonly (readonly [string, string, string, string, string, string])[] = [
    // 01:30 comes twice: a start is the earlier, an end the later.
    ['America/New_York', '01:30', '03:00', '2026-11-01', '2026-11-01T05:30Z', '2026-11-01T08:00Z'],
    ['America/New_York', '00:00', '01:30', '2026-11-01', '2026-11-01T04:00Z', '2026-11-01T06:30Z'],
    ['Europe/Berlin', '02:15', '02:45', '2026-10-25', '2026-10-25T00:15Z', '2026-10-25T01:45Z'],
    ['Australia/Lord_Howe', '01:45', '03:00', '2026-04-05', '2026-04-04T14:45Z', '2026-04-04T16:30Z'],
    ['America/Santiago', '23:30', '06:00', '2026-04-04', '2026-04-05T02:30Z', '2026-04-05T10:00Z'],
  ];
  it.each(cases)('a window in %s from %s to %s on %s is %s to %s', (timezone, from, to, date, start, end) => {
    const days = [new Date(`${date}T00:00Z`).getUTCDay() || 7];
    expect(windows(weekly({ timezone, from, to, days }), iso(at(start) - day), iso(at(end) + day))).toEqual([`${start} ${end}`]);
  });
});

describe('a cron schedule', () => {
  it('begins at its times and lasts as long as it says', () => {
    expect(windows(cron('0 20 * * 1-5', 2 * 3_600_000, 'Europe/Berlin'), '2026-06-05T00:00Z', '2026-06-09T00:00Z')).toEqual([
      '2026-06-05T18:00Z 2026-06-05T20:00Z',
      '2026-06-08T18:00Z 2026-06-08T20:00Z',
    ]);
  });

  it('knows the last day of a month', () => {
    expect(windows(cron('0 20 L * *', 3_600_000), '2026-02-01T00:00Z', '2026-04-01T00:00Z')).toEqual([
      '2026-02-28T20:00Z 2026-02-28T21:00Z',
      '2026-03-31T20:00Z 2026-03-31T21:00Z',
    ]);
  });

  it('that begins again before it ended is one interval', () => {
    const [interval, ...others] = expandSchedules([cron('*/5 * * * *', 600_000)], [], at('2026-06-01T00:00Z'), at('2026-06-09T00:00Z'));
    expect(others).toEqual([]);
    expect(interval?.from).toBeLessThanOrEqual(at('2026-06-01T00:00Z'));
    expect(interval?.to).toBeGreaterThanOrEqual(at('2026-06-09T00:00Z'));
  });

  it('that began long ago is in force still', () => {
    expect(windows(cron('0 0 * * 1', 5 * day), '2026-06-05T23:00Z', '2026-06-07T00:00Z')).toEqual(['2026-06-01T00:00Z 2026-06-06T00:00Z']);
  });

  it('follows the rule of the gap and of the doubled hour', () => {
    expect(windows(cron('30 2 * * *', 3_600_000, 'Europe/Berlin'), '2026-03-29T00:00Z', '2026-03-29T12:00Z')).toEqual([
      '2026-03-29T01:00Z 2026-03-29T02:00Z',
    ]);
    expect(windows(cron('30 2 * * *', 3_600_000, 'Europe/Berlin'), '2026-10-25T00:00Z', '2026-10-25T12:00Z')).toEqual([
      '2026-10-25T00:30Z 2026-10-25T02:30Z',
    ]);
  });
});

describe('a schedule with dates', () => {
  it('comes once, at local times', () => {
    expect(windows(once('2026-11-27T00:00', '2026-12-01T00:00', 'America/New_York'), '2026-11-28T00:00Z', '2026-11-29T00:00Z')).toEqual([
      '2026-11-27T05:00Z 2026-12-01T05:00Z',
    ]);
  });
  it('is gone afterwards', () => {
    expect(windows(once('2026-11-27T00:00', '2026-12-01T00:00'), '2026-12-01T00:00Z', '2026-12-09T00:00Z')).toEqual([]);
  });
});

describe('several of them', () => {
  const override: Override = { name: 'sale', from: at('2026-06-01T10:00Z'), until: at('2026-06-01T12:00Z'), min: 30 };

  it('stay apart, soonest first, for the core to take the highest floor and the lowest cap', () => {
    const intervals = expandSchedules(
      [weekly({}), once('2026-06-01T09:00', '2026-06-01T11:00')],
      [override],
      at('2026-06-01T00:00Z'),
      at('2026-06-02T00:00Z'),
    );
    expect(intervals.map(({ name, source, min, max, lead }) => ({ name, source, min, max, lead }))).toEqual([
      { name: 'window', source: 'schedule', min: 10, max: undefined, lead: 'auto' },
      { name: 'once', source: 'schedule', min: undefined, max: 3, lead: 'auto' },
      { name: 'sale', source: 'override', min: 30, max: undefined, lead: 0 },
    ]);
  });

  it('do not hold an override that ran out', () => {
    expect(expandSchedules([], [override], at('2026-06-01T12:00Z'), at('2026-06-02T00:00Z'))).toEqual([]);
  });
});

describe('the same, whatever is asked', () => {
  const zones = [
    'UTC',
    'America/New_York',
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'America/Santiago',
    'Asia/Kolkata',
    'Pacific/Apia',
    'Africa/Casablanca',
  ];
  const time = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  const start = fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2027-12-31T00:00Z') });
  const anyWeekly = fc
    .record({
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      from: time,
      to: time,
      timezone: fc.constantFrom(...zones),
    })
    .map((over) => weekly(over));

  it('a window is in force at an instant whichever range around it is asked for', () => {
    fc.assert(
      fc.property(anyWeekly, start, fc.nat(day), fc.nat(8 * day), (schedule, now, before, after) => {
        const inForce = (from: number, to: number) =>
          expandSchedules([schedule], [], from, to).some((interval) => interval.from <= now && now < interval.to);
        expect(inForce(now - before, now + after + 1)).toBe(inForce(now, now + 1));
      }),
    );
  });

  it('a window is in force exactly while local clocks are between its times, but for the hours when they change', () => {
    fc.assert(
      fc.property(anyWeekly, start, (schedule, now) => {
        if (schedule.kind !== 'weekly') return;
        const { timezone, from, to, days } = schedule;
        fc.pre(localAt(now - day, timezone) - localAt(now + day, timezone) === -2 * day);
        const local = new Date(localAt(now, timezone));
        const clock = local.toISOString().slice(11, 16);
        const weekday = local.getUTCDay() || 7;
        const yesterday = weekday === 1 ? 7 : weekday - 1;
        const overnight = to <= from;
        const expected =
          (days.includes(weekday) && clock >= from && (overnight || clock < to)) || (overnight && days.includes(yesterday) && clock < to);
        expect(expandSchedules([schedule], [], now, now + 1).length > 0).toBe(expected);
      }),
    );
  });

  it('local times keep their order as instants', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), start, fc.nat(2 * day), (timezone, local, later) => {
        expect(instantsOf(local + later, timezone).first).toBeGreaterThanOrEqual(instantsOf(local, timezone).first);
        const { first, last } = instantsOf(local, timezone);
        expect(last).toBeGreaterThanOrEqual(first);
      }),
    );
  });

  it('clocks show the local time again at its instants, where it exists at all', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), start, (timezone, instant) => {
        const { first, last } = instantsOf(localAt(instant, timezone), timezone);
        expect([first, last]).toContain(instant);
      }),
    );
  });
});
