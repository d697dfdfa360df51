import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/decide/decide.ts';
import type { Decision } from '../../../lib/decide/decision.ts';
import { emptyMemory } from '../../../lib/decide/memory.ts';
import type { Target } from '../../../lib/policy/policy.ts';
import { anObservation, aSignal, aState, known } from '../../builders/observations.ts';
import { aBehavior, aDepthTarget, aPolicy, aQueueTimeTarget, aUtilizationTarget } from '../../builders/policies.ts';
import { aStory } from '../../builders/story.ts';
import { minutes, seconds, T0 } from '../../builders/times.ts';

const unlimited = aBehavior({
  scaleOut: { max: [], cooldownMs: 0, stabilizeMs: 0, paused: false },
  scaleIn: { max: [], cooldownMs: 0, stabilizeMs: 0, paused: false },
});

/** One evaluation without limits of pace: what the want alone comes to. */
function wanted(target: Target, tasks: number, value: number, running = tasks): Decision {
  const policy = aPolicy({ min: 0, max: 5_000, targets: [target], behavior: unlimited });
  const observation = anObservation({
    state: aState(tasks, { running }),
    targets: [aSignal(known(value), { label: 'the value', busy: known(0) })],
  });
  return decide(policy, observation, { ...emptyMemory, count: tasks }, T0, 'worker').decision;
}

describe("HPA's documented examples", () => {
  const utilization = aUtilizationTarget({ target: 0.5, low: 0.45 });

  it('twice the target doubles the pods: 200m over 100m', () => {
    expect(wanted(utilization, 3, 1)).toMatchObject({ kind: 'scale', from: 3, to: 6 });
  });

  it('half the target halves them: 50m over 100m', () => {
    expect(wanted(aUtilizationTarget({ target: 0.8, low: 0.7 }), 6, 0.4)).toMatchObject({ kind: 'scale', from: 6, to: 3 });
  });

  it('within a tolerance of 10 % nothing changes', () => {
    expect(wanted(utilization, 10, 0.54)).toMatchObject({ kind: 'hold', code: 'WithinDeadBand' });
    expect(wanted(utilization, 10, 0.56)).toMatchObject({ kind: 'scale', to: 12 });
  });

  it('rounds up', () => {
    expect(wanted(utilization, 3, 0.7)).toMatchObject({ kind: 'scale', to: 5 });
  });

  it('limits growth by the more permissive of 4 pods and 100 % per 15 s, from the count at the start of the period', () => {
    const story = aStory(aPolicy({ max: 1_000, targets: [aDepthTarget({ perTask: 1 })] }), { tasks: 1 });
    const scene = () => ({ targets: [aSignal(known(500), { label: 'jobs' })] });
    expect(story.at(0, scene()).to).toBe(5);
    expect(story.at(seconds(10), { targets: [aSignal(known(500, T0 + seconds(10)))] })).toMatchObject({
      kind: 'hold',
      code: 'ScaleOutRateLimit',
    });
    expect(story.at(seconds(16), { targets: [aSignal(known(500, T0 + seconds(16)))] }).to).toBe(10);
    expect(story.at(seconds(32), { targets: [aSignal(known(500, T0 + seconds(32)))] }).to).toBe(20);
  });
});

describe("KEDA's and AWS's documented examples", () => {
  it('KEDA: 20 messages at a queueLength of 5 are 4 replicas, whatever there is now', () => {
    expect(wanted(aDepthTarget({ perTask: 5 }), 1, 20)).toMatchObject({ to: 4 });
    expect(wanted(aDepthTarget({ perTask: 5 }), 0, 20)).toMatchObject({ to: 4 });
    expect(wanted(aDepthTarget({ perTask: 5 }), 9, 20)).toMatchObject({ to: 4 });
  });

  it('KEDA: the activation threshold is strict and beats scaling, and goes for zero only', () => {
    const target = aDepthTarget({ perTask: 10, activation: 50 });
    expect(wanted(target, 0, 40)).toMatchObject({ kind: 'hold', code: 'BelowActivation', to: 0 });
    expect(wanted(target, 0, 50)).toMatchObject({ kind: 'hold', to: 0 });
    expect(wanted(target, 0, 51)).toMatchObject({ to: 6 });
    expect(wanted(target, 1, 40)).toMatchObject({ to: 4 });
  });

  it('AWS backlog per task: 1,500 messages, 0.1 s each, 10 s acceptable: a target of 100, and 10 tasks become 15', () => {
    const perTask = 10 / 0.1;
    expect(wanted(aDepthTarget({ perTask }), 10, 1_500)).toMatchObject({ from: 10, to: 15 });
  });

  it('Nomad target-value: from zero, the factor rounded up', () => {
    expect(wanted(aDepthTarget({ perTask: 10 }), 0, 25)).toMatchObject({ from: 0, to: 3 });
  });

  it('Knative: an observed concurrency of 3 at a target of 1 needs 3 pods, not what growth alone would allow', () => {
    expect(wanted(aDepthTarget({ perTask: 1 }), 2, 3)).toMatchObject({ from: 2, to: 3 });
  });
});

describe("Knative's documented examples", () => {
  it('100 requests at once, 10 for a container of which 70 % are meant to be used, need 15 pods', () => {
    expect(wanted(aDepthTarget({ perTask: 10 * 0.7 }), 3, 100)).toMatchObject({ from: 3, to: 15 });
  });

  it('50 requests at once at a concurrency of 10 need 5 pods', () => {
    expect(wanted(aDepthTarget({ perTask: 10 }), 1, 50)).toMatchObject({ to: 5 });
  });

  /** Ten ready pods with a target of 10 each; no window of our own, so that only the burst window holds. */
  const tenPods = () => aStory(aPolicy({ max: 1_000, targets: [aDepthTarget({ perTask: 10 })], behavior: unlimited }), { tasks: 10 });
  const seen = (n: number, at: number) => ({ targets: [aSignal(known(n, T0 + at), { label: 'requests at once', busy: known(0) })] });

  it('what is wanted over what is ready is 1.9 of a threshold of 2: no panic, and down again with the next reading', () => {
    const story = tenPods();
    expect(story.at(0, seen(190, 0))).toMatchObject({ from: 10, to: 19 });
    expect(story.at(seconds(30), seen(50, seconds(30)))).toMatchObject({ from: 19, to: 5 });
  });

  it('at 2.0, twice the concurrency per pod, panic: never down, further up by the largest want, until a stable window of 60 s was calm', () => {
    const story = tenPods();
    expect(story.at(0, seen(200, 0))).toMatchObject({ from: 10, to: 20 });
    expect(story.at(seconds(10), seen(50, seconds(10)))).toMatchObject({ kind: 'hold', to: 20, code: 'Panic', until: T0 + minutes(1) });
    expect(story.at(seconds(30), seen(230, seconds(30)))).toMatchObject({ from: 20, to: 23 });
    expect(story.at(seconds(50), seen(50, seconds(50)))).toMatchObject({ kind: 'hold', to: 23, code: 'Panic' });
    expect(story.at(minutes(1), seen(50, minutes(1)))).toMatchObject({ from: 23, to: 5 });
  });

  it('the ratio is taken to the pods that are ready, not to those ordered', () => {
    const story = aStory(aPolicy({ max: 1_000, targets: [aDepthTarget({ perTask: 10 })], behavior: unlimited }), {
      tasks: 10,
      startUpMs: seconds(40),
    });
    story.at(0, seen(150, 0));
    // 25 of 15 ordered is no burst, of 10 ready it is.
    story.at(seconds(20), seen(250, seconds(20)));
    expect(story.desired).toBe(25);
    expect(story.at(seconds(60), seen(50, seconds(60)))).toMatchObject({ kind: 'hold', code: 'Panic', until: T0 + seconds(80) });
  });

  it('an autoscaler that starts with more than one pod starts in panic', () => {
    const policy = aPolicy({ max: 1_000, targets: [aDepthTarget({ perTask: 10 })], behavior: unlimited });
    const story = aStory(policy, { tasks: 10, memory: emptyMemory });
    expect(story.at(0, seen(50, 0))).toMatchObject({ kind: 'hold', to: 10, code: 'Panic', until: T0 + minutes(1) });
    expect(story.at(minutes(1), seen(50, minutes(1)))).toMatchObject({ to: 5 });
  });

  it('at zero nothing is removed, and one request is enough to start a pod', () => {
    expect(wanted(aDepthTarget({ perTask: 10 }), 0, 1)).toMatchObject({ from: 0, to: 1 });
  });
});

describe("Judoscale's settings", () => {
  // upscale_threshold 100, downscale_threshold 50, upscale_quantity 2 every 120 s, downscale_quantity 1 every 600 s, sensitivity 10 s.
  const policy = aPolicy({
    min: 2,
    max: 12,
    targets: [aQueueTimeTarget({ by: 'range', topMs: 100, lowMs: 50, step: { out: 2, in: 1 } })],
    behavior: aBehavior({
      scaleOut: { max: [], cooldownMs: seconds(120), stabilizeMs: seconds(10), paused: false },
      scaleIn: { max: [], cooldownMs: minutes(10), stabilizeMs: minutes(10), paused: false },
    }),
  });
  const seen = (value: number, at: number) => ({ targets: [aSignal(known(value, T0 + at), { label: 'p95 queue time' })] });

  it('upscale_sensitivity_seconds: a breach must last, upscale_quantity: then two tasks come at once', () => {
    const story = aStory(policy, { tasks: 3 });
    expect(story.at(0, seen(150, 0))).toMatchObject({ kind: 'hold', code: 'ScaleOutStabilizing' });
    expect(story.at(seconds(10), seen(150, seconds(10)))).toMatchObject({ from: 3, to: 5 });
  });

  it('upscale_interval_seconds: the next two come 120 s later, while it lasts', () => {
    const story = aStory(policy, { tasks: 3 });
    const raises: number[] = [];
    for (let at = 0; at <= minutes(5); at += seconds(10)) if (story.at(at, seen(150, at)).kind === 'scale') raises.push(at / 1_000);
    expect(raises).toEqual([10, 140, 270]);
    expect(story.desired).toBe(9);
  });

  it('downscale_interval_seconds: one task goes after 10 minutes below, the next 10 minutes after that', () => {
    const story = aStory(policy, { tasks: 4 });
    const falls: number[] = [];
    for (let at = 0; at <= minutes(35); at += seconds(10)) if (story.at(at, seen(20, at)).kind === 'scale') falls.push(at / 60_000);
    expect(falls).toHaveLength(2);
    expect(falls[0]).toBe(10);
    expect((falls[1] ?? 0) - (falls[0] ?? 0)).toBeGreaterThanOrEqual(10);
    expect((falls[1] ?? 0) - (falls[0] ?? 0)).toBeLessThanOrEqual(11.5);
    expect(story.desired).toBe(2);
  });

  it('inside the range nothing happens, and the quantity is cut at the maximum: 11 becomes 12, not 13', () => {
    expect(aStory(policy, { tasks: 5 }).at(0, seen(75, 0))).toMatchObject({ kind: 'hold', code: 'WithinRange' });
    const story = aStory(policy, { tasks: 11 });
    story.at(0, seen(150, 0));
    expect(story.at(seconds(10), seen(150, seconds(10)))).toMatchObject({ to: 12 });
  });
});
