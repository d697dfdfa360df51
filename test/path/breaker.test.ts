import { expect, it } from 'vitest';
import { aPolicy } from '../builders/policies.ts';
import { minutes, seconds } from '../builders/times.ts';
import { webReport, wholeSystem } from '../fakes/whole-system.ts';

const arn = (i: number) => `arn:aws:ecs:us-east-1:111122223333:service/shop/web-${i}`;

/** `quiet` of 30 services report next to no load, the others are busy but within their range; an hour of it. */
async function anHour(quiet: number) {
  const system = wholeSystem();
  await system.connect();
  const all = Array.from({ length: 30 }, (_, i) => i);
  for (const i of all) system.aws.put({ arn: arn(i), desired: 10, running: 10 });
  const { tokens } = await system.apply(
    all.map((i) => ({ customer: 'acme', name: `web-${i}`, group: 'shop', arn: arn(i), policy: aPolicy({ min: 1 }) })),
  );
  for (let slot = 0; slot < 6 * 25; slot++) {
    for (const i of all) {
      const queueTimes = Array.from({ length: 25 }, () => (i < quiet ? 1 : 30));
      await system.report(
        tokens.get(`web-${i}`) ?? '',
        webReport(system.clock.now(), queueTimes, { appTime: 200, container: `task-${i}` }),
      );
    }
    await system.deliver();
    await system.clock.advance(seconds(10));
    if (slot % 6 === 5) await system.tick();
    await system.deliver();
    for (const i of all) {
      const service = system.aws.service(arn(i));
      if (service) system.aws.put({ arn: arn(i), running: service.desired });
    }
  }
  const scaledIn = all.filter((i) => (system.aws.service(arn(i))?.desired ?? 0) < 10).length;
  return { scaledIn, system };
}

it('a few services that scale in at once are good news', async () => {
  const { scaledIn, system } = await anHour(5);
  expect(scaledIn).toBe(5);
  expect(system.told.warnings).toEqual([]);
});

it('most of the fleet wanting in within minutes is held, and told once; scale-out goes on', async () => {
  const { scaledIn, system } = await anHour(30);
  expect(scaledIn).toBeLessThan(15);
  expect(system.told.warnings.map((w) => w.message)).toEqual([expect.stringContaining('BreakerOpened')]);
  expect(system.told.decisions.map((d) => d.decision.code)).toContain('BreakerOpen');
  expect(system.clock.now()).toBeGreaterThan(minutes(1));
});
