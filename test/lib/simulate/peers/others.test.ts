import { describe, expect, test } from 'vitest';
import { buildkite, instancesFor } from '../../../../lib/simulate/peers/buildkite.ts';
import { judoscaleLike } from '../../../../lib/simulate/peers/judoscale-like.ts';
import { loadAtSlo } from '../../../../lib/simulate/peers/load-at-slo.ts';
import { nomad, targetValue } from '../../../../lib/simulate/peers/nomad.ts';
import { makePeer, peerOf, peers } from '../../../../lib/simulate/peers/registry.ts';
import fc from '../../../builders/fast-check.ts';
import { jobs, madeHistory, play, requests } from './made-history.ts';

describe('Nomad', () => {
  test.each([
    { name: 'from zero it takes the factor rounded up', count: 0, value: 23, target: 10, next: 3 },
    { name: 'twice the target doubles', count: 4, value: 20, target: 10, next: 8 },
    { name: 'within one percent nothing changes', count: 100, value: 10.09, target: 10, next: 100 },
    { name: 'just outside it does', count: 100, value: 10.2, target: 10, next: 102 },
    { name: 'a target of zero makes the value the factor', count: 2, value: 3, target: 0, next: 6 },
  ])('$name', ({ count, value, target, next }) => expect(targetValue(count, value, target, 0.01)).toBe(next));

  test('waits five minutes after each action, in both directions', () => {
    const history = (running: () => number) => madeHistory((t) => ({ waiting: t < 100 ? 400 : 100, running: running() }));
    const { actions } = play(makePeer(nomad, jobs), { to: 700, desired: 1, history });
    expect(actions).toEqual([
      { at: 10, to: 4 },
      { at: 310, to: 1 },
    ]);
  });
});

describe('buildkite-agent-scaler', () => {
  test.each([
    [0, 1, 0],
    [1, 1, 1],
    [10, 4, 3],
    [12, 4, 3],
  ])('%i jobs on instances of %i agents take %i', (running, agents, count) => expect(instancesFor(running, agents)).toBe(count));

  test('scales out at most once in 5 minutes and in once an hour', () => {
    const history = () => madeHistory((t) => ({ inService: t < 100 ? 10 : t < 1_000 ? 20 : t < 2_000 ? 5 : 1 }));
    expect(play(makePeer(buildkite, jobs), { to: 5_000, desired: 1, history }).actions).toEqual([
      { at: 10, to: 10 },
      { at: 310, to: 20 },
      { at: 1_010, to: 5 },
      { at: 4_610, to: 1 },
    ]);
  });
});

describe('±1 on a range of queue time', () => {
  const at = (ms: (t: number) => number | undefined) => () => madeHistory(() => ({}), ms);

  test('adds one at the first complete bucket over the top, and the next a minute later', () => {
    const { actions } = play(makePeer(judoscaleLike, requests), { to: 150, desired: 2, history: at((t) => (t >= 20 ? 500 : 150)) });
    expect(actions).toEqual([
      { at: 40, to: 3 },
      { at: 100, to: 4 },
    ]);
  });

  test('takes one away after ten minutes below the bottom, and the next ten minutes later', () => {
    const { actions } = play(makePeer(judoscaleLike, requests), { to: 1_900, desired: 5, history: at(() => 20) });
    expect(actions).toEqual([
      { at: 610, to: 4 },
      { at: 1_210, to: 3 },
      { at: 1_810, to: 2 },
    ]);
  });

  test('holds within the range, and where one bucket of ten minutes is missing', () => {
    expect(play(makePeer(judoscaleLike, requests), { to: 3_600, desired: 5, history: at(() => 150) }).actions).toEqual([]);
    const gap = at((t) => (t % 300 === 0 ? undefined : 20));
    expect(play(makePeer(judoscaleLike, requests), { to: 3_600, desired: 5, history: gap }).actions).toEqual([]);
  });

  test('looks at the oldest job for workers', () => {
    const history = () => madeHistory(() => ({ oldestMs: 11_000 }));
    expect(play(makePeer(judoscaleLike, jobs), { to: 30, desired: 2, history }).desired).toBe(3);
  });
});

describe('what one task carries at the SLO', () => {
  test('is less than its places, and more the longer the SLO', () => {
    const short = loadAtSlo({ ...requests, sloMs: 50 });
    const long = loadAtSlo({ ...requests, sloMs: 1_000 });
    expect(short.load).toBeLessThan(loadAtSlo(requests).load);
    expect(long.load).toBeGreaterThan(loadAtSlo(requests).load);
    expect(long.load).toBeLessThan(requests.concurrency);
  });

  test('is the textbook value for one place: a·e^{−(1−a)} = 5 % at an SLO of one service time', () => {
    const { load, inFlight } = loadAtSlo({ concurrency: 1, serviceMs: 100, sloMs: 100 });
    expect(load * Math.exp(-(1 - load))).toBeCloseTo(0.05, 6);
    expect(inFlight).toBeCloseTo(load / (1 - load), 9);
  });
});

describe('every peer', () => {
  test('is found by its id, and has defaults for all that may be tuned', () => {
    expect(new Set(peers.map(({ id }) => id)).size).toBe(peers.length);
    for (const peer of peers) {
      expect(peerOf(peer.id)).toBe(peer);
      for (const scenario of [requests, jobs])
        expect(Object.keys(peer.parameters(scenario))).toEqual(expect.arrayContaining(Object.keys(peer.tunable)));
    }
    expect(peerOf('sluice')).toBeUndefined();
  });

  test.each(peers)('$id stays within the bounds, leaves the count alone without metrics, and says whole numbers', (peer) => {
    const load = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(load, fc.constantFrom(requests, jobs), fc.integer({ min: 1, max: 30 }), (levels, scenario, desired) => {
        const level = (t: number) => levels[Math.floor(t / 250) % levels.length] ?? 0;
        const history = () =>
          madeHistory(
            (t) => ({
              arrived: level(t),
              waiting: level(t),
              inService: level(t) / 2,
              oldestMs: level(t) * 10,
              busyShare: Math.min(1, level(t) / 900),
            }),
            (t) => level(t),
          );
        const { actions } = play(makePeer(peer, { ...scenario, max: 50 }), { to: 2_000, desired, history, startUp: 30 });
        for (const { to } of actions) {
          expect(Number.isInteger(to)).toBe(true);
          expect(to).toBeGreaterThanOrEqual(1);
          expect(to).toBeLessThanOrEqual(50);
        }
        const blind = play(makePeer(peer, scenario), { to: 2_000, desired, history: () => madeHistory(() => undefined) });
        expect(blind.actions).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});
