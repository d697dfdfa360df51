import { describe, expect, it } from 'vitest';
import { aBehavior, aLatencyTarget, aPolicy, aUtilizationTarget } from '../../builders/policies.ts';
import { minutes, seconds } from '../../builders/times.ts';
import { type Change, sideBySide } from './side-by-side.ts';

const config = (overrides: Parameters<typeof aPolicy>[0] = {}) => ({
  customer: 'acme',
  group: 'shop',
  name: 'web',
  arn: 'arn:aws:ecs:us-east-1:111122223333:service/shop/web',
  policy: aPolicy({ min: 4, ...overrides }),
});

type World = Awaited<ReturnType<typeof sideBySide>>;
interface Told {
  readonly queueMs?: number;
  readonly requests?: number;
  readonly utilization?: number;
  readonly depth?: number;
}

const body = (world: World, task: string, { queueMs = 2, requests = 20, utilization, depth }: Told = {}) => {
  const at = world.clock.now() / 1000;
  const metrics: unknown[] = Array.from({ length: requests }, () => [
    [at, queueMs, 'qt', null],
    [at, 50, 'at', null],
  ]).flat();
  if (utilization !== undefined) metrics.push([at, utilization, 'up', null]);
  if (depth !== undefined) metrics.push([at, depth, 'qd', 'default'], [at, depth * 1000, 'qt', 'default']);
  return JSON.stringify({ container: task, pid: 1, metrics });
};

/** So many tasks, each reporting every 10 s to one of the functions, for so long. */
async function run(world: World, ms: number, tasks: number, told: (task: number) => Told = () => ({}), functions = 1) {
  for (let passed = 0; passed < ms; passed += 10_000) {
    for (let task = 0; task < tasks; task++) {
      await world.report(task % functions, 'web', body(world, `task-${task}`, told(task)));
      // Clocks tell whole milliseconds.
      await world.clock.advance(Math.round(((task + 1) * 10_000) / tasks) - Math.round((task * 10_000) / tasks));
    }
  }
}
/** On into a fresh slot, in which the group has been looked at already, so that a calm report sets off nothing. */
async function intoSlot(world: World, told: Told) {
  await world.clock.advance(((seconds(10) - (world.clock.now() % seconds(10))) % seconds(10)) + 700);
  for (const task of ['task-38', 'task-39']) {
    await world.report(0, 'web', body(world, task, told));
    await world.clock.advance(100);
  }
}
const items = async (world: World) => (await world.contents()).items;
const outs = (world: World) =>
  world.compared.flatMap(({ decided, at }) => (decided && decided.to > decided.from ? [{ at, ...decided }] : []));

describe('calm reports', () => {
  it('of thirty tasks share items: five times fewer than reports, and each of them is there half a minute later', async () => {
    const world = await sideBySide([config()], 1, { web: 4 });
    await run(world, seconds(30), 30);
    const before = await items(world);
    await run(world, minutes(1), 30);
    const { items: after, stored, delivered } = await world.contents();
    expect(after - before).toBeLessThan((6 * 30) / 5);
    expect(stored.size).toBeGreaterThanOrEqual(delivered.size - 4 * 30);
    await world.clock.advance(seconds(30));
    await world.report(0, 'web', body(world, 'task-0'));
    const now = await world.contents();
    expect(now.stored.size).toBeGreaterThanOrEqual(delivered.size);
  });

  it('of a few tasks are stored one by one: nobody would come soon to store what waits', async () => {
    const world = await sideBySide([config()], 1, { web: 4 });
    await run(world, minutes(1), 3);
    const { items: stored, delivered } = await world.contents();
    expect(stored).toBe(delivered.size);
  });

  it('are stored at once where the policy forgets within seconds, or scales in within seconds', async () => {
    const { scaleIn } = aBehavior();
    for (const behavior of [aBehavior({ staleAfterMs: seconds(50) }), aBehavior({ scaleIn: { ...scaleIn, stabilizeMs: seconds(90) } })]) {
      const world = await sideBySide([config({ behavior })], 1, { web: 4 });
      await run(world, seconds(70), 30);
      const { stored, delivered } = await world.contents();
      expect(stored).toEqual(delivered);
      expect(await items(world)).toBe(delivered.size);
    }
  });

  it('are all stored in the minute before a service may be scaled in', async () => {
    const world = await sideBySide([config({ min: 1 })], 2, { web: 9 });
    await world.tick();
    const unstored: { at: number; missing: number }[] = [];
    for (let slot = 0; slot < 40 && !world.compared.some(({ decided }) => decided && decided.to < decided.from); slot++) {
      await run(world, seconds(10), 40, () => ({ queueMs: 1 }), 2);
      const { stored, delivered } = await world.contents();
      unstored.push({ at: world.clock.now(), missing: delivered.size - stored.size });
    }
    const scaledIn = world.compared.find(({ decided }) => decided && decided.to < decided.from);
    expect(scaledIn).toBeDefined();
    const lastMinute = unstored.filter(({ at }) => at > (scaledIn?.at ?? 0) - seconds(25));
    expect(lastMinute.length).toBeGreaterThan(1);
    expect(lastMinute.every(({ missing }) => missing === 0)).toBe(true);
    expect(unstored.some(({ missing }) => missing > 0)).toBe(true);
  });
});

describe('a report that says something new', () => {
  const steady = async (policy: Parameters<typeof aPolicy>[0], told: Told, functions = 1) => {
    const world = await sideBySide([config(policy)], functions, { web: 4 });
    await world.tick();
    await run(world, seconds(60), 40, () => told, functions);
    return world;
  };

  it('breaches a target after minutes of calm: the service is decided at that very instant', async () => {
    const world = await steady({}, {}, 3);
    await world.clock.advance(4_321);
    const before = outs(world).length;
    const at = world.clock.now();
    for (let task = 0; task < 6; task++) await world.report(task, 'web', body(world, `task-${task}`, { queueMs: 900, requests: 400 }));
    const decided: (Change & { at: number })[] = outs(world).slice(before);
    expect(decided[0]).toMatchObject({ at, from: 4 });
  });

  it('takes along what waits of its group, and for half a minute nothing waits any more', async () => {
    const world = await steady({}, {});
    await world.report(0, 'web', body(world, 'task-0', { queueMs: 900 }));
    const { stored, delivered } = await world.contents();
    expect(stored).toEqual(delivered);
    await run(world, seconds(20), 40);
    const later = await world.contents();
    expect(later.stored).toEqual(later.delivered);
  });

  it('is stored at once when a process is busier than before and not far from the target', async () => {
    const world = await steady({ targets: [aUtilizationTarget()] }, { utilization: 45 });
    for (const [utilization, waits] of [
      [44, true],
      [52, false],
    ] as const) {
      await intoSlot(world, { utilization: 45 });
      const before = await world.contents();
      await world.report(0, 'web', body(world, 'task-7', { utilization }));
      const { stored, delivered } = await world.contents();
      expect([utilization, stored.size === delivered.size]).toEqual([utilization, !waits]);
      expect(before.delivered.size).toBe(delivered.size - 1);
      await run(world, seconds(20), 40, () => ({ utilization: 45 }));
    }
  });

  it('is stored at once when a queue holds anything, or held something a moment ago', async () => {
    const world = await steady({ targets: [aLatencyTarget()] }, { depth: 0 });
    await intoSlot(world, { depth: 0 });
    const whole = async (depth: number, task: string) => {
      await world.report(0, 'web', body(world, task, { depth }));
      const { stored, delivered } = await world.contents();
      return stored.size === delivered.size;
    };
    expect(await whole(0, 'task-1')).toBe(false);
    expect(await whole(3, 'task-2')).toBe(true);
    expect(await whole(0, 'task-3')).toBe(true);
    expect(await whole(0, 'task-4')).toBe(false);
  });

  it('is stored at once when it reaches back into slots that are over, and when it comes late', async () => {
    const world = await steady({}, {});
    const at = world.clock.now() / 1000;
    const old = JSON.stringify({
      container: 'task-1',
      pid: 1,
      metrics: [
        [at, 2, 'qt', null],
        [at - 25, 2, 'qt', null],
      ],
    });
    await world.report(0, 'web', old);
    const { stored, delivered } = await world.contents();
    expect(stored).toEqual(delivered);
    const late = JSON.stringify({ container: 'task-2', pid: 1, metrics: [[at - 30, 2, 'qt', null]] });
    await world.report(0, 'web', late);
    const after = await world.contents();
    expect(after.stored).toEqual(after.delivered);
  });
});

describe('a report that waits', () => {
  it('and comes a second time, to the same function or another one, is one report', async () => {
    const world = await sideBySide([config()], 2, { web: 4 });
    await run(world, seconds(40), 60, () => ({}), 2);
    await world.clock.advance(100);
    const twice = body(world, 'task-1');
    for (const to of [0, 0, 1]) await world.report(to, 'web', twice);
    await run(world, seconds(40), 60, () => ({}), 2);
    const { stored, delivered } = await world.contents();
    for (const name of stored) expect(delivered).toContain(name);
    expect([...stored].length).toBe(new Set(stored).size);
  });

  it('dies with its function: less than half a minute of calm, as if it had been lost on its way; no reading says more than what is stored', async () => {
    const world = await sideBySide([config()], 2, { web: 4 });
    await world.tick();
    await run(world, seconds(60), 60, () => ({}), 2);
    await world.clock.advance(seconds(5));
    const gone = await world.die(0);
    expect(gone).toBeGreaterThan(0);
    expect(gone).toBeLessThanOrEqual(4 * 60);
    await run(world, seconds(60), 60, () => ({}), 2);
    expect(outs(world)).toEqual([]);
    const { stored, delivered } = await world.contents();
    expect(delivered.size - stored.size).toBeLessThanOrEqual(4 * 60 + 30);
  });

  it('does not hide that all fell silent: the newest reading is as old as the last report, or older', async () => {
    const world = await sideBySide([config({ min: 1 })], 2, { web: 6 });
    await world.tick();
    await run(world, seconds(60), 60, () => ({}), 2);
    for (let minute = 0; minute < 8; minute++) {
      await world.clock.advance(minutes(1));
      await world.tick();
    }
    expect(world.compared.every(({ decided }) => decided === undefined)).toBe(true);
  });
});
