import { describe, expect, it } from 'vitest';
import type { Policy, ServiceConfig } from '../../../lib/policy/policy.ts';
import { aBehavior, aDepthTarget, aLatencyTarget, aPolicy, aQueueTimeTarget, aUtilizationTarget } from '../../builders/policies.ts';
import { minutes, seconds } from '../../builders/times.ts';
import { type Compared, sideBySide } from './side-by-side.ts';

const seeds = Number(process.env['SEEDS'] ?? 12);

/** Numbers from 0 up to 1, the same for the same seed. */
function dice(seed: number) {
  let state = Math.imul(seed + 1, 2_654_435_761) >>> 0;
  const roll = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    roll,
    below: (n: number) => Math.floor(roll() * n),
    oneOf: <T>(values: readonly T[]) => values[Math.floor(roll() * values.length)] as T,
  };
}

/** A story of some minutes: calm, rising, breached, idle; tasks that report to any of several functions, twice, late, or never. */
async function story(seed: number) {
  const { roll, below, oneOf } = dice(seed);
  const behavior = aBehavior({
    scaleIn: { max: [{ share: 1, periodMs: minutes(1) }], cooldownMs: 0, stabilizeMs: minutes(2), paused: false },
  });
  const web: Policy['targets'] = oneOf([
    [aQueueTimeTarget()],
    [aQueueTimeTarget({ by: 'range' })],
    [aUtilizationTarget()],
    [aQueueTimeTarget(), aUtilizationTarget({ target: 0.6, low: 0.3 })],
  ]);
  const jobs: Policy['targets'] = oneOf([
    [aLatencyTarget()],
    [aDepthTarget()],
    [aLatencyTarget({ queues: ['default'] }), aDepthTarget({ includeBusy: true })],
  ]);
  const service = (name: string, targets: Policy['targets']): ServiceConfig => ({
    customer: 'acme',
    group: 'shop',
    name,
    arn: `arn:aws:ecs:us-east-1:111122223333:service/shop/${name}`,
    policy: aPolicy({ targets, behavior }),
  });
  const functions = 1 + below(4);
  const world = await sideBySide([service('web', web), service('worker', jobs)], functions, { web: 3 + below(6), worker: 1 + below(4) });
  const tasks = Array.from({ length: 16 }, (_, i) => ({ name: `task-${i}`, service: i < 12 ? 'web' : 'worker', phase: below(10_000) }));
  const regimes = ['calm', 'mid', 'busy', 'breach', 'idle'] as const;
  let regime: (typeof regimes)[number] = 'calm';
  let until = 0;
  let requests = 40;
  const faults = roll() < 0.5;
  const late: { at: number; to: number; service: string; body: string }[] = [];

  const bodyOf = (task: (typeof tasks)[number], now: number) => {
    const at = Math.floor(now) / 1000;
    const top = { calm: 4, mid: 40, busy: 48, breach: 300, idle: 4 }[regime];
    const count = regime === 'idle' ? 0 : Math.max(0, Math.round(requests * (0.7 + 0.6 * roll())));
    const odd = roll() < 0.003;
    const metrics: unknown[] = [];
    if (task.service === 'web') {
      for (let i = 0; i < count; i++)
        metrics.push([at - roll() * 9, Math.floor(roll() * (odd ? 200 : top)), 'qt', null], [at, 50 + below(100), 'at', null]);
      if (count > 0)
        metrics.push([at, Math.min(100, { calm: 20, mid: 45, busy: 66, breach: 95, idle: 0 }[regime] + below(20)), 'up', null]);
    }
    const depth = regime === 'breach' ? 30 + below(200) : regime === 'mid' && roll() < 0.3 ? below(15) : 0;
    metrics.push(
      [at, depth === 0 ? 0 : 100 * depth, 'qt', 'default'],
      [at, depth, 'qd', 'default'],
      [at, depth > 0 ? 2 : 0, 'busy', 'default'],
    );
    return JSON.stringify({ container: task.name, pid: 1, metrics });
  };

  for (let ms = 0; ms < minutes(7); ms += 250) {
    const now = world.clock.now();
    if (ms >= until) {
      // Long stretches of calm, for scale-in takes them.
      regime = roll() < 0.5 ? 'calm' : oneOf(regimes);
      requests = 5 + below(60);
      until = ms + (regime === 'calm' || regime === 'idle' ? seconds(60 + below(150)) : seconds(10 + below(60)));
    }
    // Somebody else's reports: three a second to each function, which makes it sure to be called again.
    for (let i = 0; i < functions; i++)
      if ((ms / 250) % 4 < 3) await world.other(i, JSON.stringify({ container: 'x', pid: ms, metrics: [] }));
    for (const task of tasks) {
      if ((ms - task.phase + 250) % 10_000 >= 250 || ms < task.phase) continue;
      const body = bodyOf(task, now);
      const to = below(functions);
      const fate = faults ? roll() : 1;
      if (fate < 0.02) continue;
      if (fate < 0.06) late.push({ at: ms + seconds(1 + below(20)), to: below(functions), service: task.service, body });
      if (fate >= 0.04) await world.report(to, task.service, body);
    }
    for (const { to, service: name, body } of late.filter(({ at }) => at >= ms && at < ms + 250)) await world.report(to, name, body);
    if (ms % 20_000 === 7_250) await world.tick();
    await world.clock.advance(250);
  }
  return world;
}

const isOut = (change: Compared['decided']) => change !== undefined && change.to > change.from;
const isIn = (change: Compared['decided']) => change !== undefined && change.to < change.from;
/** In the first moment of a slot, functions store what they hold of the one before. */
const settling = (at: number) => at % 10_000 < 1_000;

describe('reports that wait for their slot to be over', () => {
  const seen = { evaluations: 0, out: 0, in: 0, items: 0, reports: 0 };

  for (let seed = 0; seed < seeds; seed++) {
    it(`delay no scale-out, bring no scale-in, and get lost nowhere: seed ${seed}`, { timeout: 120_000 }, async () => {
      const world = await story(seed);
      for (const { at, service, decided, withAll } of world.compared) {
        const where = `seed ${seed}, ${service} at ${new Date(at).toISOString()}: decided ${JSON.stringify(decided)}, with all reports ${JSON.stringify(withAll)}`;
        if (isOut(withAll) && !settling(at)) expect(isOut(decided), where).toBe(true);
        if (isIn(decided)) expect(isIn(withAll) && (withAll?.to ?? 0) <= (decided?.to ?? 0), where).toBe(true);
        seen.out += isOut(decided) ? 1 : 0;
        seen.in += isIn(decided) ? 1 : 0;
      }
      seen.evaluations += world.compared.length;
      // Called once more, each function stores what it still holds.
      await world.clock.advance(seconds(30));
      for (let i = 0; i < 4; i++) await world.other(i, JSON.stringify({ container: 'x', pid: i, metrics: [] }));
      const { stored, delivered, items } = await world.contents();
      expect(stored).toEqual(delivered);
      seen.items += items;
      seen.reports += delivered.size;
    });
  }

  it('did wait, and decisions both ways were made', () => {
    expect(seen.items).toBeLessThan(0.95 * seen.reports);
    expect(seen.out).toBeGreaterThan(seeds / 2);
    expect(seen.in).toBeGreaterThan(seeds / 4);
  });
});
