import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/decide/decide.ts';
import { emptyMemory } from '../../../lib/decide/memory.ts';
import { anObservation, aSignal, aState, known, unknown } from '../../builders/observations.ts';
import { aBehavior, aDepthTarget, aLatencyTarget, anSqsTarget, aPolicy, aQueueTimeTarget } from '../../builders/policies.ts';
import { aStory } from '../../builders/story.ts';
import { hours, minutes, seconds, T0 } from '../../builders/times.ts';

/** A worker whose want follows from its queue: 20 jobs per task. */
const worker = aPolicy({ min: 0, max: 100, targets: [aDepthTarget()] });
const jobs = (n: number, at: number, busy = known(0, T0 + at)) => ({
  targets: [aSignal(known(n, T0 + at), { label: 'jobs waiting', busy })],
});
const every = (from: number, to: number, step: number) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

describe('scale-in', () => {
  it('waits until fewer tasks were enough for five minutes, says so, and goes to the most that was wanted', () => {
    const story = aStory(worker, { tasks: 10 });
    story.at(0, jobs(200, 0));
    for (const at of every(seconds(10), minutes(5), seconds(10))) {
      // 8 tasks are wanted once, three minutes in.
      const decision = story.at(at, jobs(at === minutes(3) ? 160 : 100, at));
      expect(decision).toMatchObject({ kind: 'hold', code: 'ScaleInStabilizing' });
      expect(decision.why).toContain('08:05:10 UTC');
    }
    expect(story.at(minutes(5) + seconds(10), jobs(100, minutes(5) + seconds(10)))).toMatchObject({
      from: 10,
      to: 8,
      code: 'ScaleInStabilizing',
    });
  });

  it('one want for all tasks in the window starts it anew', () => {
    const story = aStory(worker, { tasks: 10 });
    for (const at of every(0, minutes(9), seconds(10))) {
      expect(story.at(at, jobs(at === minutes(4) ? 200 : 100, at)).kind).toBe('hold');
    }
    expect(story.at(minutes(9) + seconds(20), jobs(100, minutes(9) + seconds(20))).kind).toBe('scale');
  });

  it('removes a quarter a minute', () => {
    const story = aStory(worker, { tasks: 40 });
    const counts: number[] = [];
    for (const at of every(0, minutes(10), seconds(10))) {
      story.at(at, jobs(20, at));
      if (counts.at(-1) !== story.desired) counts.push(story.desired);
    }
    expect(counts).toEqual([40, 30, 22, 16, 12, 9]);
  });

  it('after a cold start nothing is removed before a whole window was seen', () => {
    const { decision } = decide(worker, anObservation({ state: aState(50), targets: jobs(0, 0).targets }), emptyMemory, T0, 'worker');
    expect(decision).toMatchObject({ kind: 'hold', code: 'ScaleInStabilizing', until: T0 + minutes(5) });
  });

  it('a gap in which nobody looked starts the window anew', () => {
    const story = aStory(worker, { tasks: 10 });
    story.at(0, jobs(100, 0));
    expect(story.at(minutes(10), jobs(100, minutes(10)))).toMatchObject({ kind: 'hold', code: 'ScaleInStabilizing' });
  });

  it('silence in the window starts it anew', () => {
    const story = aStory(worker, { tasks: 10 });
    for (const at of every(0, minutes(4), seconds(30))) story.at(at, jobs(100, at));
    story.at(minutes(4.5), { targets: [aSignal(unknown())] });
    expect(story.at(minutes(5), jobs(100, minutes(5)))).toMatchObject({ kind: 'hold', until: T0 + minutes(10) });
  });

  it('that was undone at once twice in an hour is tried again only after half an hour, and says why', () => {
    const story = aStory(worker, { tasks: 3 });
    // Three tasks are far too many and two too few, whatever the reason: the queue is empty with three and long with two.
    const scene = (at: number) => jobs(story.running(at) >= 3 && story.desired >= 3 ? 30 : 55, at);
    const falls: number[] = [];
    let held: string | undefined;
    for (const at of every(0, minutes(80), seconds(10))) {
      const before = story.desired;
      const { why } = story.at(at, scene(at));
      if (story.desired < before) falls.push(at / 60_000);
      if (at === minutes(20)) held = why;
    }
    expect(falls.map(Math.round)).toEqual([5, 11, 41, 72]);
    expect(held).toContain('for 30 min (2 times in an hour tasks were removed and needed again at once)');
  });

  it('a cooldown counts from the last change in either direction', () => {
    const policy = aPolicy({
      ...worker,
      behavior: aBehavior({ scaleIn: { max: [], cooldownMs: minutes(10), stabilizeMs: 0, paused: false } }),
    });
    const story = aStory(policy, { tasks: 2 });
    story.at(0, jobs(100, 0));
    expect(story.at(minutes(5), jobs(0, minutes(5)))).toMatchObject({ kind: 'hold', code: 'ScaleInCooldown', to: 5 });
    expect(story.at(minutes(10) + 1, jobs(0, minutes(10) + 1))).toMatchObject({ kind: 'scale', to: 0 });
  });

  it('a quiet service costs no write: an hour of holding changes the memory twice at most', () => {
    const story = aStory(worker, { tasks: 5 });
    for (const at of every(0, hours(1), seconds(10))) story.at(at, jobs(96 + (at % 3), at));
    expect(story.writes).toBeLessThanOrEqual(2);
  });

  it('a waiting scale-in whose wants go up and down stores its window five times a minute at most', () => {
    const story = aStory(aPolicy({ ...worker, min: 5 }), { tasks: 10 });
    for (const at of every(0, minutes(5) - 1, seconds(5))) story.at(at, jobs(100 + (at % 7), at));
    expect(story.writes).toBeLessThanOrEqual(25);
  });
});

describe('scale-out', () => {
  it('one decision is on its way: the next evaluation waits for it, and after ten seconds decides anew', () => {
    const story = aStory(worker, { tasks: 2, settle: 'failed' });
    const policy = worker;
    const observation = (at: number) => anObservation({ state: aState(2, { at: T0 }), targets: jobs(200, at).targets });
    const first = decide(policy, observation(0), emptyMemory, T0, 'worker');
    expect(first.decision).toMatchObject({ from: 2, to: 6 });
    expect(decide(policy, observation(seconds(9)), first.memory, T0 + seconds(9), 'worker').decision).toMatchObject({
      kind: 'hold',
      code: 'InFlight',
    });
    expect(decide(policy, observation(seconds(11)), first.memory, T0 + seconds(11), 'worker').decision).toMatchObject({ from: 2, to: 6 });
    expect(story.at(0, jobs(200, 0))).toMatchObject({ to: 6 });
    // The write failed: it counts neither for a rate limit nor as a change.
    expect(story.at(seconds(1), jobs(200, seconds(1)))).toMatchObject({ from: 2, to: 6 });
  });

  it('a cooldown and a window may slow it, a burst passes both but not the limit of pace', () => {
    const behavior = aBehavior({
      scaleOut: { max: [{ share: 1, periodMs: seconds(15) }], cooldownMs: minutes(2), stabilizeMs: seconds(30), paused: false },
    });
    const policy = aPolicy({ ...worker, behavior });
    const slow = aStory(policy, { tasks: 10 });
    expect(slow.at(0, jobs(240, 0))).toMatchObject({ kind: 'hold', code: 'ScaleOutStabilizing', until: T0 + seconds(30) });
    for (const at of [seconds(10), seconds(20)]) slow.at(at, jobs(240, at));
    expect(slow.at(seconds(30), jobs(240, seconds(30)))).toMatchObject({ to: 12 });
    slow.at(minutes(1), jobs(300, minutes(1)));
    expect(slow.at(minutes(1.5), jobs(300, minutes(1.5)))).toMatchObject({ kind: 'hold', code: 'ScaleOutCooldown' });
    expect(aStory(policy, { tasks: 10 }).at(0, jobs(900, 0))).toMatchObject({ to: 20, code: 'ScaleOutRateLimit' });
  });

  it('a service seen for the first time keeps its tasks for a minute, though its policy waits for nothing else', () => {
    const policy = aPolicy({ ...worker, behavior: aBehavior({ scaleIn: { max: [], cooldownMs: 0, stabilizeMs: 0, paused: false } }) });
    const story = aStory(policy, { tasks: 10, memory: emptyMemory });
    for (const at of every(0, seconds(50), seconds(10))) {
      const decision = story.at(at, jobs(40, at));
      expect(decision).toMatchObject({ kind: 'hold', to: 10, code: 'Panic', until: T0 + minutes(1) });
      expect(decision.why).toContain('nothing is known of what was before, nothing is removed until 08:01:00 UTC at least');
    }
    expect(story.at(minutes(1), jobs(40, minutes(1)))).toMatchObject({ kind: 'scale', from: 10, to: 2 });
    expect(story.memory.coldUntil).toBeUndefined();
  });

  it('what such a service is given at first is not taken back within that minute', () => {
    const policy = aPolicy({ ...worker, behavior: aBehavior({ scaleIn: { max: [], cooldownMs: 0, stabilizeMs: 0, paused: false } }) });
    const story = aStory(policy, { tasks: 1, memory: emptyMemory });
    // One and a half times what runs: no burst by itself.
    expect(story.at(0, jobs(30, 0))).toMatchObject({ from: 1, to: 2 });
    expect(story.at(seconds(30), jobs(10, seconds(30)))).toMatchObject({ kind: 'hold', to: 2, code: 'Panic' });
    expect(story.at(minutes(1), jobs(10, minutes(1)))).toMatchObject({ from: 2, to: 1 });
  });

  it('with the burst window off nothing but its own windows holds a service seen for the first time', () => {
    const { panic: _off, ...behavior } = aBehavior({ scaleIn: { max: [], cooldownMs: 0, stabilizeMs: 0, paused: false } });
    expect(aStory(aPolicy({ ...worker, behavior }), { tasks: 10, memory: emptyMemory }).at(0, jobs(40, 0))).toMatchObject({ to: 2 });
  });

  it('a burst window of 30 s is not begun by one report of a peak, but by three in a row', () => {
    const slow = aBehavior({
      scaleOut: { max: [], cooldownMs: minutes(5), stabilizeMs: 0, paused: false },
      scaleIn: { max: [], cooldownMs: 0, stabilizeMs: 0, paused: false },
      panic: { threshold: 2, windowMs: seconds(30) },
    });
    const story = aStory(aPolicy({ ...worker, behavior: slow }), { tasks: 4 });
    story.at(0, jobs(100, 0));
    expect(story.desired).toBe(5);
    story.at(minutes(1), jobs(200, minutes(1)));
    story.at(minutes(1) + seconds(10), jobs(80, minutes(1) + seconds(10)));
    expect(story.desired).toBe(4);
    for (const at of [minutes(2), minutes(2) + seconds(10)])
      expect(story.at(at, jobs(200, at))).toMatchObject({ kind: 'hold', code: 'ScaleOutCooldown', to: 4 });
    expect(story.at(minutes(2) + seconds(20), jobs(200, minutes(2) + seconds(20)))).toMatchObject({ from: 4, to: 10 });
    expect(story.at(minutes(3), jobs(80, minutes(3)))).toMatchObject({ kind: 'hold', code: 'Panic', until: T0 + minutes(3) + seconds(20) });
    expect(story.at(minutes(3) + seconds(20), jobs(80, minutes(3) + seconds(20)))).toMatchObject({ from: 10, to: 4 });
  });

  it('in a burst nothing is removed until it has been over for a minute, however short the windows', () => {
    const policy = aPolicy({ ...worker, behavior: aBehavior({ scaleIn: { max: [], cooldownMs: 0, stabilizeMs: 0, paused: false } }) });
    const story = aStory(policy, { tasks: 4 });
    story.at(0, jobs(200, 0));
    expect(story.desired).toBe(8);
    expect(story.at(seconds(30), jobs(40, seconds(30)))).toMatchObject({ kind: 'hold', code: 'Panic' });
    expect(story.at(seconds(61), jobs(40, seconds(61)))).toMatchObject({ to: 2 });
  });

  it('steps wait for the tasks of the step before, and say so', () => {
    const story = aStory(aPolicy({ targets: [aQueueTimeTarget({ by: 'range' })] }), { tasks: 2, startUpMs: seconds(40) });
    const slow = (at: number) => ({ targets: [aSignal(known(400, T0 + at), { label: 'p95 queue time' })] });
    expect(story.at(0, slow(0))).toMatchObject({ to: 3, code: 'AboveTarget' });
    const waiting = story.at(seconds(20), slow(seconds(20)));
    expect(waiting).toMatchObject({ kind: 'hold', code: 'AwaitingStartUp' });
    expect(waiting.why).toBe(
      'Holding web at 3: p95 queue time (400 ms) is over 50 ms; 1 task ordered before is starting. Looked at again by 08:01:00 UTC.',
    );
    story.at(seconds(40), slow(seconds(40)));
    expect(story.at(seconds(50), slow(seconds(50)))).toMatchObject({ to: 4 });
  });
});

describe('deployments', () => {
  it('while one runs tasks are added but not removed', () => {
    const story = aStory(worker, { tasks: 10 });
    const state = { deployment: 'in-progress' } as const;
    for (const at of every(0, minutes(6), seconds(30))) expect(story.at(at, { ...jobs(20, at), state }).kind).toBe('hold');
    expect(story.at(minutes(7), { ...jobs(20, minutes(7)), state }).code).toBe('DeploymentNoScaleIn');
    expect(story.at(minutes(8), { ...jobs(280, minutes(8)), state })).toMatchObject({ to: 14 });
  });

  it('after a failed rollout nothing more is ordered, and the decision says where to look', () => {
    const decision = aStory(worker, { tasks: 2 }).at(0, { ...jobs(200, 0), state: { deployment: 'failed' } });
    expect(decision).toMatchObject({ kind: 'hold', code: 'FailedRollout' });
    expect(decision.why).toContain('events of the service');
  });

  it('tasks that do not start stop further orders after twice the start-up time, until one does', () => {
    const story = aStory(worker, { tasks: 4, startUpMs: hours(1) });
    story.at(0, jobs(160, 0));
    expect(story.desired).toBe(8);
    expect(story.at(minutes(1), jobs(400, minutes(1)))).toMatchObject({ to: 16 });
    expect(story.at(minutes(3), jobs(600, minutes(3)))).toMatchObject({ kind: 'hold', code: 'TasksNotStarting', to: 16 });
    expect(story.at(minutes(3.5), { ...jobs(600, minutes(3.5)), state: { running: 12 } })).toMatchObject({ kind: 'scale', to: 30 });
  });

  it('a deploy that resets the count is undone at once, and the line to change is named', () => {
    const story = aStory(worker, { tasks: 20 });
    story.at(0, { ...jobs(400, 0), state: { deploymentCreatedAt: T0 - hours(9) } });
    story.foreign(2, seconds(20));
    const state = { deployment: 'in-progress', deploymentCreatedAt: T0 + seconds(15) } as const;
    const decision = story.at(seconds(30), { targets: [aSignal(unknown())], state });
    expect(decision).toMatchObject({ from: 2, to: 20, code: 'DeployResetCount' });
    for (const word of ['desiredCount', 'CloudFormation', 'CDK', 'Terraform']) expect(decision.why).toContain(word);
    expect(story.at(seconds(40), { ...jobs(400, seconds(40)), state })).toMatchObject({ kind: 'hold' });
  });

  it('a reset is restored to no more than the cap, and forgotten after ten minutes', () => {
    const story = aStory(
      aPolicy({ ...worker, behavior: aBehavior({ scaleOut: { max: [], cooldownMs: 0, stabilizeMs: 0, paused: true } }) }),
      { tasks: 20 },
    );
    story.at(0, { ...jobs(400, 0), state: { deploymentCreatedAt: T0 - hours(9) } });
    story.foreign(2, seconds(20));
    const at = (t: number) => story.at(t, { ...jobs(40, t), state: { deploymentCreatedAt: T0 + seconds(15) } });
    expect(at(seconds(30))).toMatchObject({ kind: 'hold', code: 'ScaleOutPaused', would: 20 });
    expect(at(minutes(11))).toMatchObject({ kind: 'hold', code: 'WithinDeadBand' });
  });
});

describe('who else writes the count', () => {
  it('a person is respected for half an hour in both directions, but not below the floor', () => {
    const story = aStory(aPolicy({ ...worker, min: 2 }), { tasks: 10 });
    story.at(0, jobs(200, 0));
    story.foreign(4, seconds(30));
    const held = story.at(minutes(1), jobs(200, minutes(1)));
    expect(held).toMatchObject({ kind: 'hold', code: 'ManualCount', to: 4, until: T0 + minutes(31) });
    expect(story.at(minutes(30), jobs(200, minutes(30)))).toMatchObject({ kind: 'hold', code: 'ManualCount' });
    expect(story.at(minutes(31), jobs(200, minutes(31)))).toMatchObject({ kind: 'scale', to: 8 });
    story.foreign(1, minutes(32));
    expect(story.at(minutes(33), jobs(200, minutes(33)))).toMatchObject({ kind: 'scale', from: 1, to: 2, code: 'AtFloor' });
  });

  it('a count equal to our last write is ours, also where its answer was lost', () => {
    for (const result of ['applied', 'unknown'] as const) {
      const first = decide(worker, anObservation({ state: aState(2), targets: jobs(100, 0).targets }), emptyMemory, T0, 'worker');
      const at = T0 + seconds(20);
      const next = decide(
        worker,
        anObservation({
          state: aState(5, { at }),
          targets: jobs(160, seconds(20)).targets,
          lastWrite: { decision: 'd', at: T0 + 300, from: 2, to: 5, result },
        }),
        first.memory,
        at,
        'worker',
      );
      expect(next.decision).toMatchObject({ kind: 'scale', from: 5, to: 8 });
      expect(next.memory.foreign).toEqual([]);
    }
  });

  it('three changes by others within an hour are another autoscaler: hold, and say that it should be observed', () => {
    const story = aStory(aPolicy({ ...worker, min: 1 }), { tasks: 10 });
    story.at(0, jobs(200, 0));
    for (const [i, count] of [4, 9, 3].entries()) {
      story.foreign(count, minutes(10 * i + 5));
      story.at(minutes(10 * i + 6), jobs(200, minutes(10 * i + 6)));
    }
    const decision = story.at(minutes(40), jobs(200, minutes(40)));
    expect(decision).toMatchObject({ kind: 'hold', code: 'AnotherAutoscaler', advise: 'observe', until: T0 + minutes(66) });
    expect(decision.why).toContain('observe');
    // Beside the reason, what Sluice would have done at its usual pace.
    expect(decision).toMatchObject({ would: 7 });
    expect(decision.why).toContain('It would go to 7.');
    expect(story.at(minutes(67), jobs(200, minutes(67))).kind).toBe('scale');
  });

  it('an autoscaler that is set up for the service holds it at once, and is named', () => {
    const rival = 'Application Auto Scaling scales worker already, from 2 to 20 tasks. Take its target away.';
    const seen = (mode: 'on' | 'observe') =>
      decide(aPolicy({ ...worker, min: 3, mode }), anObservation({ state: aState(2), rival, ...jobs(200, 0) }), emptyMemory, T0, 'worker')
        .decision;
    expect(seen('on')).toMatchObject({ kind: 'hold', to: 2, code: 'AnotherAutoscaler', advise: 'observe', would: 6 });
    expect(seen('on').why).toMatch(
      /for this service: Application Auto Scaling .* Take its target away\. Or set the mode of this service to observe\. It would go to 6\.$/u,
    );
    // Who only observes sees what would have been done, and why it would not be good.
    expect(seen('observe')).toMatchObject({ kind: 'hold', code: 'Observing', would: 6 });
    expect(seen('observe').trail).toContainEqual(expect.objectContaining({ code: 'AnotherAutoscaler' }));
  });
});

describe('one of several queues that is not reported', () => {
  const partly = (n: number, at: number) => ({
    targets: [aSignal(unknown('no adapter reports queue mailers'), { label: 'jobs waiting', atLeast: { value: n, at: T0 + at } })],
  });

  it('is no reason not to scale out for what the others hold', () => {
    const { decision } = decide(worker, anObservation({ state: aState(5), ...partly(160, 0) }), emptyMemory, T0, 'worker');
    expect(decision).toMatchObject({ kind: 'scale', to: 8, code: 'MoreThanPerTask' });
    expect(decision.why).toContain('jobs waiting, of the queues that are reported,');
  });

  it('keeps every task, however little the others hold and for however long', () => {
    const story = aStory(worker, { tasks: 5 });
    for (const at of every(0, minutes(20), seconds(10))) {
      expect(story.at(at, partly(0, at))).toMatchObject({ kind: 'hold', to: 5, code: 'NoReadings' });
    }
  });

  it('says between two steps that it waits for the tasks of the first, as with all queues known', () => {
    const story = aStory(aPolicy({ min: 0, targets: [aLatencyTarget({ by: 'range' })] }), { tasks: 2, startUpMs: seconds(40) });
    const late = (at: number) => ({
      targets: [
        aSignal(unknown('no adapter reports queue mailers'), {
          label: 'latency of queue default',
          atLeast: { value: minutes(5), at: T0 + at },
        }),
      ],
    });
    expect(story.at(0, late(0))).toMatchObject({ from: 2, to: 3, code: 'AboveTarget' });
    for (const at of every(seconds(10), seconds(30), seconds(10)))
      expect(story.at(at, late(at))).toMatchObject({ kind: 'hold', to: 3, code: 'AwaitingStartUp' });
  });

  it('is too old to go by like any other reading', () => {
    const { decision } = decide(worker, anObservation({ state: aState(5), ...partly(160, -minutes(2)) }), emptyMemory, T0, 'worker');
    expect(decision).toMatchObject({ kind: 'hold', code: 'NoReadings' });
  });
});

describe('busy workers', () => {
  const protect = (busy: 'ignore' | 'hold' | 'down-to-busy' | 'task-protection') =>
    aPolicy({ ...worker, behavior: aBehavior({ busy, scaleIn: { max: [], cooldownMs: 0, stabilizeMs: 0, paused: false } }) });

  it('hold: nothing is removed while jobs run, and then it is', () => {
    const story = aStory(protect('hold'), { tasks: 10 });
    expect(story.at(0, jobs(0, 0, known(1)))).toMatchObject({ kind: 'hold', code: 'JobsRunning' });
    expect(story.at(seconds(30), jobs(0, seconds(30)))).toMatchObject({ to: 0 });
  });

  it('down-to-busy: as many stay as jobs run', () => {
    expect(aStory(protect('down-to-busy'), { tasks: 10 }).at(0, jobs(20, 0, known(6)))).toMatchObject({ to: 6, code: 'JobsRunning' });
  });

  it('what runs must be known for both', () => {
    for (const busy of ['hold', 'down-to-busy'] as const) {
      expect(aStory(protect(busy), { tasks: 10 }).at(0, jobs(20, 0, unknown()))).toMatchObject({ kind: 'hold', code: 'BusyUnknown' });
    }
  });

  it('handed to ECS, or ignored, it is no concern of the decision', () => {
    for (const busy of ['ignore', 'task-protection'] as const)
      expect(aStory(protect(busy), { tasks: 10 }).at(0, jobs(20, 0, known(6)))).toMatchObject({ to: 1 });
  });
});

describe('to zero and back', () => {
  it('a worker goes to zero when its queue has been empty for the window, and a job wakes it at once', () => {
    const story = aStory(worker, { tasks: 1 });
    for (const at of every(0, minutes(5) - 1, seconds(10))) expect(story.at(at, jobs(0, at)).to).toBe(1);
    expect(story.at(minutes(5), jobs(0, minutes(5)))).toMatchObject({ to: 0 });
    expect(story.at(minutes(6), jobs(1, minutes(6)))).toMatchObject({ from: 0, to: 1, code: 'MoreThanPerTask' });
  });

  it('it does not while a job runs', () => {
    const story = aStory(worker, { tasks: 1 });
    for (const at of every(0, minutes(20), seconds(30)))
      expect(story.at(at, jobs(0, at, known(1, T0 + at)))).toMatchObject({ kind: 'hold', code: 'NotKnownEmpty' });
  });

  it('a latency target wakes it at the first waiting job, long before the latency is missed', () => {
    const policy = aPolicy({ min: 0, targets: [aLatencyTarget()] });
    const decision = aStory(policy, { tasks: 0, name: 'worker' }).at(0, {
      targets: [aSignal(known(2_000), { label: 'latency of queue mailers' })],
    });
    expect(decision).toMatchObject({ from: 0, to: 1, code: 'WorkWaiting' });
    expect(decision.why).toContain('jobs wait (latency of queue mailers 2 s) and no task runs');
  });

  it('a collected total wakes it only above the activation threshold, which goes for zero alone', () => {
    const target = anSqsTarget({ activation: 50 });
    const story = aStory(aPolicy({ ...worker, targets: [target] }), { tasks: 0, name: 'worker' });
    const messages = (n: number, at: number) => ({ targets: [aSignal(known(n, T0 + at), { label: 'messages in jobs' })] });
    const held = story.at(0, messages(50, 0));
    expect(held).toMatchObject({ kind: 'hold', to: 0, code: 'BelowActivation' });
    expect(held.why).toContain('messages in jobs (50) is not over 50, from which tasks are started');
    expect(story.at(minutes(1), messages(51, minutes(1)))).toMatchObject({ from: 0, to: 3, code: 'MoreThanPerTask' });
    for (const at of every(minutes(2), minutes(7), seconds(30))) story.at(at, messages(40, at));
    expect(story.desired).toBe(2);
  });

  it('a queue whose age is watched wakes it at the first message, where the threshold says so, and at the target where not', () => {
    const at = (activation: number | undefined, age: number) =>
      aStory(
        aPolicy({
          ...worker,
          targets: [
            (({ perTask: _none, ...age }) => age)(
              anSqsTarget({ target: minutes(2), low: minutes(1), ...(activation !== undefined && { activation }) }, 'age'),
            ),
          ],
        }),
        { tasks: 0 },
      ).at(0, { targets: [aSignal(known(age), { label: 'age of the oldest message' })] });
    expect(at(0, seconds(1))).toMatchObject({ to: 1, code: 'WorkWaiting' });
    expect(at(0, seconds(1)).why).toContain('age of the oldest message (1 s) is over 0 ms: 1 task is started');
    expect(at(0, 0)).toMatchObject({ kind: 'hold', to: 0, code: 'BelowActivation' });
    expect(at(undefined, seconds(1))).toMatchObject({ kind: 'hold', to: 0 });
    expect(at(undefined, minutes(3))).toMatchObject({ to: 1, code: 'AboveTarget' });
  });

  it('by steps a total goes one step at a time around what the tasks share, and from zero only above the threshold', () => {
    for (const target of [anSqsTarget({ by: 'range', activation: 5 }), aDepthTarget({ by: 'range', activation: 5 })]) {
      const first = (n: number, tasks: number) =>
        aStory(aPolicy({ ...worker, targets: [target] }), { tasks }).at(0, {
          targets: [aSignal(known(n), { label: 'jobs', busy: known(0) })],
        });
      expect(first(500, 3)).toMatchObject({ from: 3, to: 4, code: 'AboveTarget' });
      expect(first(50, 3)).toMatchObject({ kind: 'hold', code: 'WithinRange' });
      expect(first(5, 0)).toMatchObject({ kind: 'hold', to: 0, code: 'BelowActivation' });
      expect(first(6, 0)).toMatchObject({ from: 0, to: 1 });
    }
  });

  it('an active minimum skips the counts between zero and it, both ways', () => {
    const story = aStory(aPolicy({ ...worker, activeMin: 5 }), { tasks: 0 });
    expect(story.at(0, jobs(10, 0))).toMatchObject({ from: 0, to: 5, code: 'AtActiveMinimum' });
    for (const at of every(seconds(30), minutes(4), seconds(30))) story.at(at, jobs(10, at));
    expect(story.desired).toBe(5);
    for (const at of every(minutes(4.5), minutes(10), seconds(30))) story.at(at, jobs(0, at));
    expect(story.desired).toBe(0);
  });
});

describe('pauses, breaker and modes', () => {
  const fast = aPolicy({ ...worker, behavior: aBehavior({ scaleIn: { max: [], cooldownMs: 0, stabilizeMs: 0, paused: false } }) });

  it('in and out are paused apart, and what would have been is told', () => {
    const paused = (which: { in: boolean; out: boolean }) => ({ paused: { ...which, why: 'migration' } });
    expect(aStory(fast, { tasks: 5 }).at(0, { ...jobs(200, 0), observation: paused({ in: true, out: false }) })).toMatchObject({ to: 10 });
    const held = aStory(fast, { tasks: 5 }).at(0, { ...jobs(0, 0), observation: paused({ in: true, out: false }) });
    expect(held).toMatchObject({ kind: 'hold', code: 'ScaleInPaused', would: 0 });
    expect(held.why).toContain('migration');
    expect(aStory(fast, { tasks: 5 }).at(0, { ...jobs(200, 0), observation: paused({ in: false, out: true }) })).toMatchObject({
      kind: 'hold',
      code: 'ScaleOutPaused',
      would: 10,
    });
  });

  it('with scale-out paused the floor waits, too', () => {
    const decision = aStory(aPolicy({ min: 8 }), { tasks: 2 }).at(0, { ...jobs(0, 0), observation: { paused: { in: false, out: true } } });
    expect(decision).toMatchObject({ kind: 'hold', code: 'ScaleOutPaused', to: 2 });
  });

  it('with scale-out paused the active minimum waits, too', () => {
    const observation = { paused: { in: false, out: true } };
    expect(aStory({ ...fast, activeMin: 3 }, { tasks: 2 }).at(0, { ...jobs(10, 0), observation })).toMatchObject({
      kind: 'hold',
      to: 2,
      code: 'ScaleOutPaused',
    });
  });

  it('an open breaker holds scale-in, not scale-out', () => {
    const observation = { breaker: '60 % of all services want in at once' };
    const held = aStory(fast, { tasks: 5 }).at(0, { ...jobs(0, 0), observation });
    expect(held).toMatchObject({ kind: 'hold', code: 'BreakerOpen' });
    expect(held.why).toContain('60 %');
    expect(aStory(fast, { tasks: 5 }).at(0, { ...jobs(200, 0), observation })).toMatchObject({ to: 10 });
  });

  it('observe holds, says in full what it would have done, and respects nobody else', () => {
    const decision = aStory({ ...fast, mode: 'observe' }, { tasks: 5 }).at(0, jobs(200, 0));
    expect(decision).toMatchObject({ kind: 'hold', code: 'Observing', to: 5, would: 10 });
    expect(decision.why).toBe(
      'Holding web at 5: jobs waiting (200) ÷ 20 per task makes 10 tasks, which alone would make it 10; the mode is observe, so nothing is changed. It would go to 10.',
    );
    expect(decision.trail.map((step) => step.code)).toEqual(['MoreThanPerTask', 'MoreThanPerTask', 'Observing']);
  });

  it('out-only never removes, off decides nothing', () => {
    expect(aStory({ ...fast, mode: 'out-only' }, { tasks: 5 }).at(0, jobs(0, 0))).toMatchObject({
      kind: 'hold',
      code: 'OutOnly',
      would: 0,
    });
    expect(aStory({ ...fast, mode: 'out-only' }, { tasks: 5 }).at(0, jobs(200, 0))).toMatchObject({ to: 10 });
    const { decision, memory } = decide(
      { ...fast, mode: 'off' },
      anObservation({ targets: jobs(500, 0).targets }),
      emptyMemory,
      T0,
      'worker',
    );
    expect(decision).toMatchObject({ kind: 'hold', code: 'Off' });
    expect(memory).toBe(emptyMemory);
  });
});
