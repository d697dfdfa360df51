import { describe, expect, test } from 'vitest';
import { aasBacklog } from '../../../../lib/simulate/peers/aas-backlog.ts';
import { aasCpu20, aasCpu60, aasCpu60Io } from '../../../../lib/simulate/peers/aas-cpu.ts';
import { cdkQueueSteps, queueStep } from '../../../../lib/simulate/peers/cdk-queue-steps.ts';
import type { Peer } from '../../../../lib/simulate/peers/peer.ts';
import { makePeer } from '../../../../lib/simulate/peers/registry.ts';
import { tracked } from '../../../../lib/simulate/peers/target-tracking.ts';
import type { Scenario } from '../../../../lib/simulate/scaler.ts';
import { jobs, madeHistory, play, requests } from './made-history.ts';

const busyFrom = (start: number, before: number, after: number) => () =>
  madeHistory((t) => ({ busyShare: t < start ? before : after, running: 10 }));

/** Seconds from a step in load to the first action, mean over the phase of the step within a period. */
function meanTrigger(peer: Peer, period: number): number {
  const delays: number[] = [];
  for (let phase = 0; phase < period; phase++) {
    const start = 3_600 + phase;
    // A small breach, so that a period that it fills in part is not over the target.
    const { actions } = play(makePeer(peer, requests), { to: start + 900, desired: 10, history: busyFrom(start, 0.64, 0.7001) });
    delays.push((actions[0]?.at ?? Number.NaN) - start);
  }
  return delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
}

describe('AWS target tracking', () => {
  test("acts as late after a step as AWS's own benchmark says: 363 s on one-minute metrics, 86 s on 20 s metrics", () => {
    expect(meanTrigger(aasCpu60, 60)).toBeCloseTo(363, -0.5);
    expect(meanTrigger(aasCpu20, 20)).toBeCloseTo(86, -0.5);
  });

  test('goes out in proportion to how far the metric is over its target', () => {
    expect(tracked(10, 1, 0.7)).toBe(15);
    expect(tracked(10, 0.21, 0.7)).toBe(3);
    const { actions } = play(makePeer(aasCpu60, requests), { to: 600, desired: 10, history: busyFrom(0, 0, 1) });
    expect(actions[0]?.to).toBe(15);
  });

  test('lets only a larger scale-out pass while the cooldown of the last one runs', () => {
    const history = () => madeHistory((t) => ({ busyShare: t < 420 ? 0.8 : 1, running: 10 }));
    const { actions } = play(makePeer(aasCpu60, requests), { to: 700, desired: 10, history, startUp: 1e9 });
    expect(actions.map(({ to }) => to)).toEqual([12, 15]);
  });

  test('goes in only after 15 minutes under nine tenths of the target, to what the highest of them needs', () => {
    const peer = () => makePeer(aasCpu60, requests);
    expect(play(peer(), { to: 3_600, desired: 10, history: busyFrom(0, 0, 0.64) }).actions).toEqual([]);
    const { actions } = play(peer(), { to: 1_500, desired: 10, history: busyFrom(0, 0, 0.35) });
    expect(actions).toHaveLength(2);
    expect(actions[0]).toEqual({ at: 15 * 60 + 153, to: 5 });
    expect((actions[1]?.at ?? 0) - (actions[0]?.at ?? 0)).toBeGreaterThanOrEqual(300);
  });

  test('does not go in while a deployment runs, nor where a point is missing', () => {
    expect(play(makePeer(aasCpu60, requests), { to: 3_600, desired: 10, history: busyFrom(0, 0, 0.1), deploying: true }).actions).toEqual(
      [],
    );
    const gaps = () => madeHistory((t) => (Math.floor(t / 60) % 10 === 0 ? undefined : { busyShare: 0.1 }));
    expect(play(makePeer(aasCpu60, requests), { to: 7_200, desired: 10, history: gaps }).actions).toEqual([]);
  });

  test('never sees I/O-bound load by its CPU', () => {
    expect(play(makePeer(aasCpu60Io, requests), { to: 3_600, desired: 10, history: busyFrom(0, 1, 1) }).actions).toMatchObject([
      { to: 2 },
      { to: 1 },
    ]);
  });
});

describe('AWS backlog per task', () => {
  test("is the guide's example: 1,500 messages, 10 instances, 0.1 s each and 10 s acceptable make 15", () => {
    const scenario: Scenario = { ...jobs, serviceMs: 100, sloMs: 10_000 };
    expect(aasBacklog.parameters(scenario)).toMatchObject({ target: 100 });
    const history = () => madeHistory(() => ({ waiting: 1_500, running: 10 }));
    expect(play(makePeer(aasBacklog, scenario), { to: 400, desired: 10, history }).actions[0]?.to).toBe(15);
  });

  test('goes out by one from no task at all', () => {
    const history = () => madeHistory(() => ({ waiting: 1_500, running: 0 }));
    expect(play(makePeer(aasBacklog, { ...jobs, min: 0 }), { to: 400, desired: 0, history, startUp: 1e9 }).actions[0]?.to).toBe(1);
  });

  test('counts requests of the load balancer per task and minute where there is no queue', () => {
    const { target } = aasBacklog.parameters(requests) as { target: number };
    // Eight places of 200 ms carry 40 a second when always busy.
    expect(target).toBeGreaterThan(0.6 * 40 * 60);
    expect(target).toBeLessThan(40 * 60);
    const history = () => madeHistory(() => ({ arrived: (20 * target) / 60, running: 10 }));
    expect(play(makePeer(aasBacklog, requests), { to: 400, desired: 10, history }).actions[0]?.to).toBe(20);
  });
});

describe("the CDK's queue steps", () => {
  test.each([
    [0, -1],
    [1, 0],
    [99, 0],
    [100, 1],
    [499, 1],
    [500, 5],
    [1e6, 5],
  ])('at %i messages the step is %i', (visible, step) => expect(queueStep(visible)).toBe(step));

  test('adds five and waits for the cooldown before the next five', () => {
    const history = () => madeHistory(() => ({ waiting: 900, busyShare: 0.47 }));
    const { actions } = play(makePeer(cdkQueueSteps, jobs), { to: 1_200, desired: 10, history });
    expect(actions.map(({ to }) => to)).toEqual([15, 20, 25, 30]);
    expect((actions[1]?.at ?? 0) - (actions[0]?.at ?? 0)).toBe(300);
  });

  test('goes in by one in five minutes of an empty queue, unless the CPU policy wants out', () => {
    const at = (busyShare: number) => () => madeHistory(() => ({ waiting: 0, busyShare, running: 10 }));
    expect(play(makePeer(cdkQueueSteps, jobs), { to: 900, desired: 10, history: at(0.47) }).actions.map(({ to }) => to)).toEqual([9, 8, 7]);
    expect(play(makePeer(cdkQueueSteps, jobs), { to: 390, desired: 10, history: at(0.6) }).actions.map(({ to }) => to)).toEqual([9, 11]);
  });
});
