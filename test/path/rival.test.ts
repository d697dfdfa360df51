import { expect, it } from 'vitest';
import { createConfigStore } from '../../lib/stores/config-store.ts';
import { aPolicy } from '../builders/policies.ts';
import { seconds } from '../builders/times.ts';
import { webReport, wholeSystem } from '../fakes/whole-system.ts';

const WEB = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';
const slow = Array.from({ length: 40 }, () => 340);

it('a service that another autoscaler has for its target is held, and let go once that is gone', async () => {
  const system = wholeSystem();
  await system.connect();
  system.aws.put({ arn: WEB });
  const config = { customer: 'acme', name: 'web', group: 'shop', arn: WEB, policy: aPolicy() };
  const { tokens } = await system.apply([config]);
  await system.tick();
  const configs = createConfigStore(system.table);
  const round = async () => {
    await system.clock.advance(seconds(20));
    await system.report(tokens.get('web') ?? '', webReport(system.clock.now(), slow));
    await system.deliver();
  };

  await configs.putRival('acme', 'shop', 'web', 'Application Auto Scaling scales web already, from 1 to 9 tasks');
  await system.apply([config]);
  await round();
  expect(system.aws.service(WEB)?.desired).toBe(2);
  expect(system.told.decisions.at(-1)?.decision).toMatchObject({ kind: 'hold', code: 'AnotherAutoscaler' });

  await configs.putRival('acme', 'shop', 'web', undefined);
  await round();
  expect(system.aws.service(WEB)?.desired).toBeGreaterThan(2);
});

it('three changes of the count by somebody else are noticed by the look that finds the third, not by the next discovery', async () => {
  const system = wholeSystem();
  await system.connect();
  system.aws.put({ arn: WEB });
  const { tokens } = await system.apply([{ customer: 'acme', name: 'web', group: 'shop', arn: WEB, policy: aPolicy() }]);
  // A quiet service is looked at each six minutes.
  const look = async (desired?: number) => {
    if (desired !== undefined) system.aws.put({ arn: WEB, desired });
    await system.clock.advance(seconds(400));
    await system.report(tokens.get('web') ?? '', webReport(system.clock.now(), [20, 20, 20]));
    await system.tick();
    await system.deliver();
    return system.told.decisions.at(-1)?.decision;
  };
  await look();
  expect((await look(5))?.code).not.toBe('AnotherAutoscaler');
  expect((await look(3))?.code).not.toBe('AnotherAutoscaler');
  expect(await look(6)).toMatchObject({ kind: 'hold', code: 'AnotherAutoscaler', advise: 'observe', to: 6 });
});
