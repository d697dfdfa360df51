import { describe, expect, it } from 'vitest';
import { expandSchedules } from '../../../lib/policy/calendar.ts';
import type { Override, Schedule } from '../../../lib/policy/policy.ts';
import { aSignal, known } from '../../builders/observations.ts';
import { aBehavior, aDepthTarget, aPolicy } from '../../builders/policies.ts';
import { aStory } from '../../builders/story.ts';
import { hours, minutes, seconds, T0 } from '../../builders/times.ts';

const at = (text: string) => Date.parse(text);
const clock = (instant: number) => new Date(instant).toISOString().slice(0, 16);

/** A worker that two tasks are enough for, and that reaches and leaves a floor at once: what is seen is the calendar alone. */
const policy = aPolicy({
  min: 2,
  max: 60,
  targets: [aDepthTarget({ perTask: 20 })],
  behavior: aBehavior({
    startUpMs: 0,
    scaleOut: { max: [], cooldownMs: 0, stabilizeMs: 0, paused: false },
    scaleIn: { max: [], cooldownMs: 0, stabilizeMs: 0, paused: false },
    panic: { threshold: 10, windowMs: 10_000 },
  }),
});

/** Every change of the count from minute to minute, with the code of its decision, where the calendar holds those schedules and overrides. */
function changes(from: string, to: string, schedules: readonly Schedule[], overrides: readonly Override[] = []): string[] {
  const story = aStory(policy, { tasks: 2 });
  const seen: string[] = [];
  for (let now = at(from); now <= at(to); now += minutes(1)) {
    const decision = story.at(now - T0, {
      targets: [aSignal(known(40, now), { busy: known(0, now) })],
      observation: { intervals: expandSchedules(schedules, overrides, now, now + hours(2)) },
    });
    if (decision.kind === 'scale') seen.push(`${clock(now)} ${decision.from} to ${decision.to} ${decision.code}`);
  }
  return seen;
}

type Weekly = Extract<Schedule, { kind: 'weekly' }>;

const weekdays = (timezone: string): Weekly => ({
  kind: 'weekly',
  name: 'office hours',
  days: [1, 2, 3, 4, 5, 6, 7],
  from: '08:00',
  to: '18:00',
  timezone,
  min: 10,
  lead: 0,
});

describe('what a user sees of the calendar, minute by minute', () => {
  it.each([
    ['America/New_York', '2026-03-07T12:00Z', '2026-03-07T13:00', '2026-03-07T23:00', '2026-03-08T12:00', '2026-03-08T22:00'],
    ['America/New_York', '2026-10-31T11:00Z', '2026-10-31T12:00', '2026-10-31T22:00', '2026-11-01T13:00', '2026-11-01T23:00'],
    ['Europe/Berlin', '2026-03-28T06:00Z', '2026-03-28T07:00', '2026-03-28T17:00', '2026-03-29T06:00', '2026-03-29T16:00'],
    ['Europe/Berlin', '2026-10-24T05:00Z', '2026-10-24T06:00', '2026-10-24T16:00', '2026-10-25T07:00', '2026-10-25T17:00'],
    ['Australia/Lord_Howe', '2026-10-02T20:00Z', '2026-10-02T21:30', '2026-10-03T07:30', '2026-10-03T21:00', '2026-10-04T07:00'],
    ['Australia/Lord_Howe', '2026-04-03T20:00Z', '2026-04-03T21:00', '2026-04-04T07:00', '2026-04-04T21:30', '2026-04-05T07:30'],
    ['America/Santiago', '2026-09-05T11:00Z', '2026-09-05T12:00', '2026-09-05T22:00', '2026-09-06T11:00', '2026-09-06T21:00'],
    ['America/Santiago', '2026-04-04T10:00Z', '2026-04-04T11:00', '2026-04-04T21:00', '2026-04-05T12:00', '2026-04-05T22:00'],
  ])(
    'office hours in %s begin and end by the clocks on the wall, on the day before clocks change and on the day itself (from %s)',
    (zone, from, ...edges) => {
      const to = new Date(at(from) + hours(36)).toISOString();
      expect(changes(from, to, [weekdays(zone)])).toEqual(
        edges.map((edge, i) => (i % 2 === 0 ? `${edge} 2 to 10 ScheduleFloor` : `${edge} 10 to 2 LessThanPerTask`)),
      );
    },
  );

  it('a cron window begins at its times and ends when its length is over', () => {
    const schedule: Schedule = {
      kind: 'cron',
      name: 'month end',
      cron: '0 20 L * *',
      forMs: hours(3),
      timezone: 'Europe/Berlin',
      min: 7,
      lead: 0,
    };
    expect(changes('2026-02-28T12:00Z', '2026-03-01T12:00Z', [schedule])).toEqual([
      '2026-02-28T19:00 2 to 7 ScheduleFloor',
      '2026-02-28T22:00 7 to 2 LessThanPerTask',
    ]);
  });

  it('a window with dates comes once, and early by its lead', () => {
    const schedule: Schedule = {
      kind: 'once',
      name: 'sale',
      from: '2026-11-27T00:00',
      to: '2026-11-28T00:00',
      timezone: 'UTC',
      min: 30,
      lead: minutes(5),
    };
    expect(changes('2026-11-26T20:00Z', '2026-11-28T20:00Z', [schedule])).toEqual([
      '2026-11-26T23:55 2 to 30 ScheduleFloor',
      '2026-11-28T00:00 30 to 2 LessThanPerTask',
    ]);
  });

  it('an override of 30 until 18:00 holds at once and reverts by itself at 18:00', () => {
    const override: Override = { name: 'launch', from: at('2026-10-01T15:20Z'), until: at('2026-10-01T18:00Z'), min: 30 };
    expect(changes('2026-10-01T15:00Z', '2026-10-01T20:00Z', [], [override])).toEqual([
      '2026-10-01T15:20 2 to 30 OverrideFloor',
      '2026-10-01T18:00 30 to 2 LessThanPerTask',
    ]);
  });

  it('of windows that overlap the highest floor holds, each for its own time', () => {
    const inner: Weekly = { ...weekdays('UTC'), name: 'lunch', from: '12:00', to: '13:00', min: 20 };
    expect(changes('2026-10-01T07:00Z', '2026-10-01T19:00Z', [weekdays('UTC'), inner])).toEqual([
      '2026-10-01T08:00 2 to 10 ScheduleFloor',
      '2026-10-01T12:00 10 to 20 ScheduleFloor',
      '2026-10-01T13:00 20 to 10 ScheduleFloor',
      '2026-10-01T18:00 10 to 2 LessThanPerTask',
    ]);
  });

  it('a window that lowers the cap is obeyed while it lasts, whatever the queue says', () => {
    const night: Weekly = { ...weekdays('UTC'), name: 'budget', from: '09:00', to: '10:00', max: 1 };
    const { min: _none, ...cap } = night;
    expect(changes('2026-10-01T08:30Z', '2026-10-01T11:00Z', [cap])).toEqual([
      '2026-10-01T09:00 2 to 1 LoweredCap',
      '2026-10-01T10:00 1 to 2 MoreThanPerTask',
    ]);
  });
});

describe('what a user sees of the dead band and of the limit of pace by tasks', () => {
  const jobs = (n: number, sinceStart: number) => ({ targets: [aSignal(known(n, T0 + sinceStart), { busy: known(0, T0 + sinceStart) })] });

  it('a queue within a tenth of what the tasks should share changes nothing, however long, and just beyond it does', () => {
    const story = aStory(policy, { tasks: 10 });
    for (let minute = 0; minute < 60; minute++) {
      const load = minute % 2 === 0 ? 181 : 219;
      expect(story.at(minutes(minute), jobs(load, minutes(minute)))).toMatchObject({ kind: 'hold', to: 10, code: 'WithinDeadBand' });
    }
    expect(story.at(hours(1), jobs(221, hours(1)))).toMatchObject({ from: 10, to: 12 });
  });

  it('two tasks a minute go, counted from when each change is seen at ECS, and no more', () => {
    const slow = {
      ...policy,
      behavior: { ...policy.behavior, scaleIn: { ...policy.behavior.scaleIn, max: [{ tasks: 2, periodMs: minutes(1) }] } },
    };
    const story = aStory(slow, { tasks: 12 });
    const falls: { at: number; by: number }[] = [];
    for (let at = 0; at <= minutes(10); at += seconds(10)) {
      const decision = story.at(at, jobs(40, at));
      if (decision.kind === 'scale') falls.push({ at, by: decision.from - decision.to });
    }
    expect(falls.map(({ by }) => by)).toEqual([2, 2, 2, 2, 2]);
    for (const [i, { at }] of falls.slice(1).entries()) expect(at - (falls[i]?.at ?? 0)).toBe(seconds(70));
    expect(story.desired).toBe(2);
  });
});
