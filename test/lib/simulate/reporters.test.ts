import { describe, expect, test } from 'vitest';
import { PublishedHistory } from '../../../lib/simulate/published-history.ts';
import { createReporters } from '../../../lib/simulate/reporters.ts';
import type { Scenario } from '../../../lib/simulate/scaler.ts';
import { defaultService, EPOCH } from '../../../lib/simulate/sluice-scaler.ts';
import { Waits } from '../../../lib/simulate/waits.ts';

const scenario: Scenario = { kind: 'requests', min: 1, max: 50, concurrency: 8, serviceMs: 200, sloMs: 200, startUpMs: 23_000 };
const { policy } = defaultService(scenario);

/** So many tasks that serve ten requests a second together, with a queue time of `queueMs` in the second t. */
function run(
  tasks: number | ((t: number) => number),
  seconds: number,
  queueMs: (t: number) => number,
  looks: (now: number) => boolean = () => false,
) {
  const history = new PublishedHistory();
  const reporters = createReporters({ scenario, service: 'app', queues: ['default'], epoch: EPOCH }, policy);
  const breachedAt: number[] = [];
  for (let t = 0; t < seconds; t++) {
    const waits = new Waits();
    waits.add(queueMs(t), 10);
    const running = typeof tasks === 'number' ? tasks : tasks(t);
    const about = { waiting: 0, inService: 0, oldestMs: 0, busyShare: 0.5, desired: running };
    history.add(t, { ...about, arrived: 10, finished: 10, running }, waits, true);
    if (reporters.report(t + 1, running, history) === 'breach') breachedAt.push(t + 1);
    if (looks(t + 1)) reporters.slots(t + 1, history);
  }
  return { breachedAt, slots: reporters.slots(seconds, history) };
}

const requestsIn = (slots: ReturnType<typeof run>['slots']) =>
  slots.map(({ reports }) => reports.reduce((sum, { digest }) => sum + (digest.web[0]?.queueTime.count ?? 0), 0));

describe('reports of tasks, each at a time of its own', () => {
  test.each([1, 3, 10, 40])('of %i tasks tell of each request once, in the slot in which they come', (tasks) => {
    const { slots } = run(tasks, 200, () => 0);
    // The first reports reach back to before the first second.
    for (const requests of requestsIn(slots).slice(1)) expect(requests).toBeCloseTo(100);
  });

  test.each([3, 10])('of %i tasks come one by one while somebody has to wait, and tell the same as all of a slot together', (tasks) => {
    const calm = run(tasks, 200, () => 0);
    expect(calm.slots.every(({ reports }) => reports.length === 1)).toBe(true);
    const late = run(tasks, 200, (t) => (t >= 150 ? 5_000 : 0));
    expect(late.slots.slice(-4).map(({ reports }) => reports.length)).toEqual([tasks, tasks, tasks, tasks]);
    for (const requests of requestsIn(late.slots).slice(1)) expect(requests).toBeCloseTo(100);
  });

  test('say that a target is missed as soon as one of them does, which is within seconds of ten tasks', () => {
    const { breachedAt } = run(10, 200, (t) => (t >= 150 ? 5_000 : 0));
    expect(breachedAt[0]).toBe(151);
    // The only task reports at 10, 20, …
    expect(run(1, 200, (t) => (t >= 151 ? 5_000 : 0)).breachedAt[0]).toBe(160);
    expect(run(10, 200, () => 150).breachedAt).toEqual([]);
  });

  test.each([
    ['one more', 1, 2],
    ['ten more', 10, 20],
    ['one less', 3, 2],
    ['half as many', 20, 10],
  ])('tell of each request once where the service gets %s, but for what stopped tasks had to tell', (_what, before, after) => {
    const { slots } = run(
      (t) => (t < 124 ? before : after),
      200,
      () => 0,
    );
    const told = requestsIn(slots).slice(1);
    // What moves is the time of the report: at most a tenth of a slot's requests come in the one after.
    for (const requests of told) expect(requests).toBeLessThanOrEqual(110);
    const missing = told.reduce((sum, requests) => sum + 100 - requests, 0);
    const lost = (100 * Math.max(0, before - after)) / before;
    // Of the last ten seconds the new tasks, which came in the fifth second of a slot, have still to report six.
    const toCome = (60 * Math.max(0, after - before)) / after;
    expect(missing).toBeGreaterThanOrEqual(-0.001);
    expect(missing).toBeLessThanOrEqual(lost + toCome + 0.001);
  });

  test('are kept for five minutes, the newest slot as far as it has come', () => {
    const { slots } = run(
      10,
      1_004,
      () => 0,
      (now) => now % 15 === 0,
    );
    expect(slots.length).toBe(31);
    expect(slots.at(-1)).toMatchObject({ slotAt: EPOCH + 1_000_000, whole: false });
    expect(requestsIn(slots).at(-1)).toBeCloseTo(40);
    expect(slots.slice(0, -1).every(({ whole }) => whole)).toBe(true);
  });

  test('do not come from a service without tasks', () => {
    expect(run(0, 100, () => 5_000)).toEqual({ breachedAt: [], slots: [] });
  });
});
