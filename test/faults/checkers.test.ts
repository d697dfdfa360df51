import { expect, it } from 'vitest';
import { expandSchedules } from '../../lib/policy/calendar.ts';
import type { Schedule } from '../../lib/policy/policy.ts';
import { aPolicy, aQueueTimeTarget } from '../builders/policies.ts';
import { seconds, T0 } from '../builders/times.ts';
import type { SentReport } from './adapters.ts';
import { limitsAt } from './invariants/bounds.ts';
import { Heard } from './invariants/fresh.ts';

const HOUR = 3_600_000;

// Found by seed 100221: the checker read the clock alone, which goes through the hour of a window's end or begin twice.
it.each([
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['Europe/Berlin', '2026-03-29T01:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
])('the checker and the calendar hold the same bounds in %s about %s, each by its own means', (timezone, change) => {
  const at = Date.parse(change);
  let inForce = 0;
  for (const [from, to] of [
    ['01:42', '05:42'],
    ['21:30', '01:30'],
    ['01:10', '01:20'],
    ['02:15', '02:45'],
    ['00:00', '02:00'],
  ] as const) {
    const weekly: Schedule = { kind: 'weekly', name: 'a schedule', days: [1, 2, 3, 4, 5, 6, 7], from, to, timezone, lead: 0, max: 3 };
    const config = {
      customer: 'acme',
      group: 'shop',
      name: 'web',
      arn: '',
      policy: { ...aPolicy({ min: 1, max: 9 }), schedules: [weekly] },
    };
    const intervals = expandSchedules([weekly], [], at - 30 * HOUR, at + 30 * HOUR);
    for (let now = at - 8 * HOUR; now < at + 8 * HOUR; now += 60_000) {
      const isIn = intervals.some((interval) => interval.from <= now && now < interval.to);
      if (isIn) inForce += 1;
      expect(limitsAt(config, now).cap, `${from} to ${to} at ${new Date(now).toISOString()}`).toBe(isIn ? 3 : 9);
    }
  }
  expect(inForce).toBeGreaterThan(300);
});

// Found by seed 100726: the checker took it that what a clock half a minute ahead has dated is never taken.
it('a report from the future is heard where it comes again in its own present', () => {
  const target = aQueueTimeTarget();
  const config = { customer: 'acme', group: 'shop', name: 'web', arn: '', policy: aPolicy({ targets: [target] }) };
  const report: SentReport = {
    id: '1',
    customer: 'acme',
    service: 'web',
    group: 'shop',
    container: 'c',
    body: '',
    sentAt: T0,
    samples: 2,
    goodQueueTimes: 1,
    webAt: T0 + seconds(30),
    queueAt: undefined,
    spanMs: seconds(10),
    empty: false,
  };
  const heard = new Heard();
  heard.report(report, T0);
  expect(heard.newest(config, target)).toBe(Number.NEGATIVE_INFINITY);
  heard.report(report, T0 + seconds(45));
  expect(heard.newest(config, target)).toBe(T0 + seconds(30));
  heard.report({ ...report, webAt: T0 + seconds(60) }, T0 + seconds(500));
  expect(heard.newest(config, target)).toBe(T0 + seconds(30));
});
