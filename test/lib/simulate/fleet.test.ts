import { describe, expect, test } from 'vitest';
import { Fleet } from '../../../lib/simulate/fleet.ts';
import { JobsModel } from '../../../lib/simulate/jobs-model.ts';

function aFleet(initial: number, startUpMedianS = 20, seed = 1) {
  const model = new JobsModel({
    arrivals: new Float64Array(),
    services: new Float64Array(),
    concurrency: 1,
    graceSeconds: 30,
    redeliverSeconds: 30,
    seed,
  });
  return new Fleet({ initial, startUpMedianS, seed }, model);
}

describe('a fleet', () => {
  test('has its median start-up at the median, and its p95 at twice that', () => {
    const fleet = aFleet(0, 60);
    fleet.setDesired(90);
    const ready: number[] = [];
    for (let t = 0; t < 400; t++) {
      fleet.step(t, false);
      while (ready.length < fleet.running) ready.push(t);
    }
    expect(ready).toHaveLength(90);
    expect(ready[45]).toBeGreaterThan(50);
    expect(ready[45]).toBeLessThan(70);
    expect(ready[85]).toBeGreaterThan(95);
    expect(ready[85]).toBeLessThan(150);
  });

  test('launches a hundred at once, twenty a second after that, and five hundred a minute at most', () => {
    const fleet = aFleet(0, 100_000);
    fleet.setDesired(2_000);
    const launched: number[] = [];
    for (let t = 0; t < 60; t++) {
      fleet.step(t, false);
      launched.push(fleet.billed);
    }
    expect(launched[0]).toBe(100);
    expect(launched[1]).toBe(120);
    expect(launched[10]).toBe(300);
    expect(launched[59]).toBeGreaterThan(900);
    expect(launched[59]).toBeLessThanOrEqual(1_000);
    expect(fleet.pending).toBe(2_000);
  });

  test('cancels what has not started before it stops what runs', () => {
    const fleet = aFleet(5, 1_000);
    fleet.setDesired(9);
    fleet.step(0, false);
    fleet.setDesired(6);
    fleet.step(1, false);
    expect([fleet.running, fleet.pending]).toEqual([5, 1]);
    fleet.setDesired(3);
    fleet.step(2, false);
    expect([fleet.running, fleet.pending]).toEqual([3, 0]);
  });

  test('tries anew what fails to launch', () => {
    const fleet = aFleet(2);
    fleet.setDesired(6);
    for (let t = 0; t < 200; t++) fleet.step(t, true);
    expect([fleet.running, fleet.pending]).toEqual([2, 4]);
    for (let t = 200; t < 400; t++) fleet.step(t, false);
    expect([fleet.running, fleet.pending]).toEqual([6, 0]);
  });

  test('replaces all tasks in a deployment, never with fewer than desired', () => {
    const fleet = aFleet(8);
    fleet.deploy();
    fleet.step(0, false);
    expect([fleet.running, fleet.pending, fleet.replacing]).toEqual([8, 8, true]);
    for (let t = 1; t < 200; t++) {
      fleet.step(t, false);
      expect(fleet.running).toBe(8);
    }
    expect([fleet.pending, fleet.replacing]).toEqual([0, false]);
  });
});
