import { describe, expect, test } from 'vitest';
import { createHpa, recommended } from '../../../../lib/simulate/peers/hpa.ts';
import { kedaHpa, kedaHpa5 } from '../../../../lib/simulate/peers/keda-hpa.ts';
import { knative, kpaPods } from '../../../../lib/simulate/peers/knative.ts';
import { makePeer } from '../../../../lib/simulate/peers/registry.ts';
import { jobs, madeHistory, play, requests, view } from './made-history.ts';

const bounds = { min: 1, max: 200 };
const hpa = () => createHpa({ tolerance: 0.1, downWindowSeconds: 300, upPods: 4, upShare: 1 });

describe('the arithmetic of HPA', () => {
  test.each([
    { name: '200m where 100m is wanted doubles', current: 3, total: 0.6, target: 0.1, count: 6 },
    { name: '50m where 100m is wanted halves', current: 4, total: 0.2, target: 0.1, count: 2 },
    { name: '20 messages at 5 a pod are 4 (KEDA)', current: 1, total: 20, target: 5, count: 4 },
    { name: 'within a tenth nothing changes', current: 10, total: 54, target: 5, count: 10 },
    { name: 'just outside it does', current: 10, total: 56, target: 5, count: 12 },
  ])('$name', ({ current, total, target, count }) => expect(recommended(current, total, target, 0.1)).toBe(count));

  test('scales up by four or double in 15 s, whichever is more', () => {
    const one = hpa();
    expect(one.replicas(0, 1, 1_000, 5, bounds)).toBe(5);
    expect(one.replicas(5, 5, 1_000, 5, bounds)).toBe(5);
    expect(one.replicas(15, 5, 1_000, 5, bounds)).toBe(10);
    expect(one.replicas(30, 10, 1_000, 5, bounds)).toBe(20);
  });

  test('scales down to the highest recommendation of the last 300 s', () => {
    const one = hpa();
    expect(one.replicas(0, 20, 100, 5, bounds)).toBe(20);
    expect(one.replicas(15, 20, 50, 5, bounds)).toBe(20);
    expect(one.replicas(285, 20, 10, 5, bounds)).toBe(20);
    expect(one.replicas(300, 20, 10, 5, bounds)).toBe(10);
    expect(one.replicas(630, 10, 10, 5, bounds)).toBe(2);
  });

  test('keeps the count where the metric cannot be read', () => expect(hpa().replicas(0, 7, undefined, 5, bounds)).toBe(7));
});

describe('KEDA', () => {
  test('divides what waits and what runs by k·max(1, SLO/S) for jobs, and by 5 where nothing is set', () => {
    const history = () => madeHistory(() => ({ waiting: 290, inService: 10 }));
    expect(kedaHpa.parameters(jobs)).toMatchObject({ targetPerTask: 100 });
    expect(play(makePeer(kedaHpa, jobs), { to: 60, desired: 1, history }).desired).toBe(3);
    expect(play(makePeer(kedaHpa5, jobs), { to: 300, desired: 1, history }).desired).toBe(60);
  });

  test('wakes by a poll, and sleeps after 300 s of nothing', () => {
    const scenario = { ...jobs, min: 0 };
    const history = () => madeHistory((t) => ({ waiting: t >= 50 && t < 100 ? 1 : 0 }));
    expect(play(makePeer(kedaHpa, scenario), { to: 600, desired: 0, history }).actions).toEqual([
      { at: 60, to: 1 },
      { at: 390, to: 0 },
    ]);
  });

  test('neither wakes nor sleeps on a metric that cannot be read', () => {
    const history = () => madeHistory(() => undefined);
    expect(play(makePeer(kedaHpa, { ...jobs, min: 0 }), { to: 3_600, desired: 4, history }).actions).toEqual([]);
  });
});

describe("Knative's autoscaler", () => {
  test('goes from 2 pods to 3 for a concurrency of 3 at a target of 1, though it may only grow by 1.1', () => {
    expect(kpaPods(3, 2, { target: 1, maxScaleUpRate: 1.1, maxScaleDownRate: 2 })).toBe(3);
    expect(kpaPods(0, 9, { target: 1, maxScaleUpRate: 1_000, maxScaleDownRate: 2 })).toBe(4);
  });

  test('follows the mean of a minute in peace', () => {
    const history = () => madeHistory((t) => ({ inService: t < 200 ? 5.6 : 8.4 }));
    const { actions } = play(makePeer(knative, requests), { to: 400, desired: 1, history });
    expect(actions).toHaveLength(1);
    expect(actions[0]?.to).toBe(2);
    // Any mean over the target wants a second task: 5.6 is 70 % of 8.
    expect(actions[0]?.at).toBeLessThan(210);
  });

  test('panics when six seconds want twice of what is ready, and does not scale in until a minute has passed without', () => {
    const history = () => madeHistory((t) => ({ inService: t >= 300 && t < 306 ? 560 : 5.6 }));
    const { actions } = play(makePeer(knative, requests), { to: 600, desired: 1, history });
    expect(actions[0]?.at).toBeLessThanOrEqual(304);
    const peak = Math.max(...actions.map(({ to }) => to));
    expect(peak).toBe(100);
    const firstIn = actions.find(({ to }, i) => to < (actions[i - 1]?.to ?? 0));
    expect(firstIn?.at).toBeGreaterThanOrEqual(360);
    expect(actions.at(-1)?.to).toBe(1);
  });

  test('begins in panic where several tasks run, again after a restart, so that lost history never scales in', () => {
    const history = madeHistory(() => ({ inService: 0 }));
    const scaler = makePeer(knative, requests);
    expect(scaler.decide(view({ now: 100, desired: 40, history }))).toBe(40);
    expect(scaler.decide(view({ now: 162, desired: 40, history }))).toBe(20);
    scaler.restart?.();
    expect(scaler.decide(view({ now: 164, desired: 20, history }))).toBe(20);
  });

  test('holds without data', () => {
    expect(makePeer(knative, requests).decide(view({ now: 100, desired: 4, history: madeHistory(() => undefined) }))).toBeUndefined();
  });
});
