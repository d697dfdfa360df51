import { describe, expect, it } from 'vitest';
import type { BoundsInterval } from '../../../lib/decide/observation.ts';
import { aSignal, known, unknown } from '../../builders/observations.ts';
import { aBehavior, aDepthTarget, aPolicy } from '../../builders/policies.ts';
import { aStory } from '../../builders/story.ts';
import { hours, minutes, seconds, T0 } from '../../builders/times.ts';

const calm = (at: number) => ({ targets: [aSignal(known(20, T0 + at), { label: 'p95 queue time' })] });
const silent = { targets: [aSignal(unknown('no report for 3 min'))] };
const interval = (overrides: Partial<BoundsInterval>): BoundsInterval => ({
  from: T0 + hours(1),
  to: T0 + hours(9),
  name: 'weekday mornings',
  source: 'schedule',
  lead: 'auto',
  ...overrides,
});

describe('floor and cap', () => {
  it('a service below its minimum is raised to it in one step, past every limit of pace', () => {
    const policy = aPolicy({
      min: 30,
      behavior: aBehavior({
        scaleOut: { max: [{ tasks: 1, periodMs: minutes(1) }], cooldownMs: minutes(5), stabilizeMs: minutes(1), paused: false },
      }),
    });
    expect(aStory(policy, { tasks: 2 }).at(0, calm(0))).toMatchObject({ from: 2, to: 30, code: 'AtFloor' });
  });

  it('the minimum is reached in silence, too', () => {
    expect(aStory(aPolicy({ min: 4 }), { tasks: 1 }).at(0, silent)).toMatchObject({ from: 1, to: 4, code: 'AtFloor' });
  });

  it('nothing is done about the minimum while the state of the service is unknown', () => {
    const decision = aStory(aPolicy({ min: 4 }), { tasks: 1 }).at(0, {
      ...calm(0),
      state: { kind: 'unknown', why: 'DescribeServices was throttled' },
    });
    expect(decision).toMatchObject({ kind: 'hold', code: 'StateUnknown', from: null });
    expect(decision.why).toContain('DescribeServices was throttled');
  });

  it('a schedule raises the floor early by the start-up time, so that tasks are ready at the hour', () => {
    const policy = aPolicy({ min: 2, behavior: aBehavior({ startUpMs: minutes(2) }) });
    const story = aStory(policy, { tasks: 2 });
    const at = (sinceStart: number) => story.at(sinceStart, { ...calm(sinceStart), observation: { intervals: [interval({ min: 10 })] } });
    expect(at(minutes(57)).kind).toBe('hold');
    const decision = at(minutes(58));
    expect(decision).toMatchObject({ from: 2, to: 10, code: 'ScheduleFloor' });
    expect(decision.why).toContain(
      'the schedule "weekday mornings" asks for at least 10 tasks, 120 s early so that tasks are ready at 09:00:00 UTC',
    );
  });

  it('without measurements a schedule leads by a minute, with a fixed lead by that', () => {
    for (const [lead, before, after] of [
      ['auto', minutes(58.9), minutes(59)],
      [minutes(10), minutes(49.9), minutes(50)],
    ] as const) {
      const story = aStory(aPolicy(), { tasks: 2 });
      const at = (sinceStart: number) =>
        story.at(sinceStart, { ...calm(sinceStart), observation: { intervals: [interval({ min: 10, lead })] } });
      expect(at(before).kind).toBe('hold');
      expect(at(after)).toMatchObject({ to: 10 });
    }
  });

  it('when the schedule ends the floor falls back by itself, and tasks go at the pace of scale-in', () => {
    const story = aStory(aPolicy({ min: 2 }), { tasks: 10 });
    const quiet = (at: number) => ({
      targets: [aSignal(known(0, T0 + at))],
      observation: { intervals: [interval({ from: T0 - hours(8), to: T0 + minutes(1), min: 10 })] },
    });
    expect(story.at(0, quiet(0))).toMatchObject({ kind: 'hold', code: 'ScheduleFloor' });
    for (let at = seconds(10); at < minutes(15); at += seconds(10)) story.at(at, quiet(at));
    expect(story.desired).toBeLessThan(10);
    expect(story.desired).toBeGreaterThanOrEqual(8);
  });

  it('of two windows at once the higher floor and the lower cap hold; an override is one of them', () => {
    const intervals = [
      interval({ from: T0 - 1, min: 6, max: 30 }),
      interval({ from: T0 - 1, min: 9, max: 20, name: 'until 18:00', source: 'override' }),
    ];
    const decision = aStory(aPolicy({ min: 2 }), { tasks: 2 }).at(0, { ...calm(0), observation: { intervals } });
    expect(decision).toMatchObject({ to: 9, code: 'OverrideFloor' });
    expect(decision.why).toContain('max 20');
  });

  it('where floor and cap cross, the cap wins and the trail says so', () => {
    const decision = aStory(aPolicy({ min: 10 }), { tasks: 2 }).at(0, {
      ...calm(0),
      observation: { intervals: [interval({ from: T0, max: 5 })] },
    });
    expect(decision).toMatchObject({ to: 5 });
    expect(decision.trail).toContainEqual(expect.objectContaining({ code: 'CapBelowFloor', value: 5 }));
  });

  it('a lowered cap is reached in steps of scale-in, with unknown readings, too', () => {
    const story = aStory(aPolicy({ min: 2 }), { tasks: 20 });
    const counts: number[] = [];
    for (let at = 0; at < minutes(8); at += seconds(30)) {
      story.at(at, { ...silent, observation: { intervals: [interval({ from: T0, max: 5 })] } });
      if (counts.at(-1) !== story.desired) counts.push(story.desired);
    }
    // A quarter of the count at the start of each minute.
    expect(counts).toEqual([15, 11, 8, 6, 5]);
  });

  it('a lowered cap waits for a running deployment', () => {
    const story = aStory(aPolicy(), { tasks: 20 });
    const observation = { intervals: [interval({ from: T0, max: 5 })] };
    expect(story.at(0, { ...calm(0), observation, state: { deployment: 'in-progress' } })).toMatchObject({
      kind: 'hold',
      code: 'DeploymentNoScaleIn',
      to: 20,
    });
    expect(story.at(seconds(30), { ...calm(seconds(30)), observation })).toMatchObject({ kind: 'scale', to: 15 });
  });

  it('a lowered cap waits for busy protection', () => {
    const policy = aPolicy({ targets: [aDepthTarget()], behavior: aBehavior({ busy: 'down-to-busy' }) });
    const targets = [aSignal(known(100), { busy: known(17) })];
    expect(aStory(policy, { tasks: 20 }).at(0, { targets, observation: { intervals: [interval({ from: T0, max: 5 })] } })).toMatchObject({
      to: 17,
      code: 'JobsRunning',
    });
  });

  it('demand over the cap stops at the cap and says so', () => {
    const story = aStory(aPolicy({ max: 6, targets: [aDepthTarget()] }), { tasks: 4 });
    expect(story.at(0, { targets: [aSignal(known(1_000))] })).toMatchObject({ to: 6, code: 'AtCap' });
    expect(story.at(seconds(30), { targets: [aSignal(known(1_000, T0 + seconds(30)))] })).toMatchObject({
      kind: 'hold',
      code: 'AtCap',
      to: 6,
    });
  });
});

describe('silence', () => {
  const policy = aPolicy({ behavior: aBehavior({ fallback: { tasks: 5, afterMs: minutes(3) } }) });

  it('holds, and after three minutes raises to the fallback count', () => {
    const story = aStory(policy, { tasks: 2 });
    story.at(0, calm(0));
    for (let at = seconds(30); at < minutes(4); at += seconds(30)) {
      const decision = story.at(at, { ...silent, observation: { lastReportAt: T0 } });
      if (at < minutes(3)) expect(decision.kind).toBe('hold');
      if (at === minutes(3) + seconds(30)) expect(decision).toMatchObject({ kind: 'scale', to: 5, code: 'FallbackFloor' });
    }
    expect(story.desired).toBe(5);
  });

  it('a fallback below what runs removes nothing', () => {
    const story = aStory(policy, { tasks: 12 });
    for (let at = 0; at < hours(1); at += minutes(1))
      expect(story.at(at, silent)).toMatchObject({ kind: 'hold', code: 'NoReadings', to: 12 });
  });

  it('says what is missing, in the words of whoever looked', () => {
    const why = 'requests are reported without queue time: add X-Request-Start in front of the app';
    expect(aStory(policy).at(0, { targets: [aSignal(unknown(why))] }).why).toContain(why);
  });

  it('a stale reading is unknown', () => {
    const story = aStory(aPolicy(), { tasks: 5 });
    expect(story.at(minutes(2), { targets: [aSignal(known(400, T0))] })).toMatchObject({ kind: 'hold', code: 'NoReadings' });
  });

  it('reports without requests are no load, and tasks go down to one', () => {
    const story = aStory(aPolicy({ min: 0 }), { tasks: 3 });
    for (let at = 0; at < minutes(30); at += seconds(10)) story.at(at, { targets: [aSignal(known(0, T0 + at), { samples: 0 })] });
    expect(story.desired).toBe(1);
    expect(story.at(minutes(40), { targets: [aSignal(known(0, T0 + minutes(40)))] })).toMatchObject({
      kind: 'hold',
      code: 'KeepOneForRequests',
    });
  });

  it('one silent target of two blocks scale-in but not scale-out', () => {
    const two = aPolicy({ targets: [aDepthTarget(), aDepthTarget()] });
    const story = aStory(two, { tasks: 5 });
    for (let at = 0; at < minutes(20); at += seconds(30)) {
      expect(story.at(at, { targets: [aSignal(known(0, T0 + at)), aSignal(unknown())] })).toMatchObject({
        kind: 'hold',
        code: 'UnknownBlocksScaleIn',
      });
    }
    expect(story.at(minutes(21), { targets: [aSignal(known(140, T0 + minutes(21))), aSignal(unknown())] })).toMatchObject({ to: 7 });
  });
});
