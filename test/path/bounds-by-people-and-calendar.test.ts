import { describe, expect, it } from 'vitest';
import { aPolicy } from '../builders/policies.ts';
import { minutes, seconds, T0 } from '../builders/times.ts';
import { webReport, wholeSystem } from '../fakes/whole-system.ts';

const WEB = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';

async function web(policy = aPolicy()) {
  const system = wholeSystem();
  await system.connect();
  system.aws.put({ arn: WEB, desired: 2, running: 2 });
  const config = { customer: 'acme', name: 'web', group: 'shop', arn: WEB, policy };
  const { tokens } = await system.apply([config]);
  const count = () => system.aws.service(WEB)?.desired;
  /** Minutes of calm traffic, with tick and stream, and tasks that come up at once. */
  const pass = async (howMany: number) => {
    for (let minute = 0; minute < howMany; minute++) {
      for (let slot = 0; slot < 6; slot++) {
        await system.report(tokens.get('web') ?? '', webReport(system.clock.now(), [1, 2, 1], { appTime: 10 }));
        await system.deliver();
        await system.clock.advance(seconds(10));
      }
      await system.tick();
      await system.deliver();
      const service = system.aws.service(WEB);
      if (service) system.aws.put({ arn: WEB, running: service.desired });
    }
  };
  return Object.assign(system, { config, count, pass });
}

describe('overrides', () => {
  it('raise the floor within a minute, survive a new apply, and revert by themselves', async () => {
    const system = await web();
    await system.pass(1);
    const answer = await system.api('POST', '/v1/override', { customer: 'acme', service: 'web', min: 9, forMs: minutes(30) });
    expect(answer).toMatchObject({ status: 200, body: { overrides: [{ min: 9 }] } });
    await system.pass(1);
    expect(system.count()).toBe(9);
    await system.apply([system.config]);
    await system.pass(20);
    expect(system.count()).toBe(9);
    await system.pass(60);
    expect(system.count()).toBeLessThan(9);
    const codes = system.told.decisions.map((d) => d.decision.code);
    expect(codes).toContain('OverrideFloor');
  });

  it('are refused with every problem at once, and nothing is stored', async () => {
    const system = await web();
    const answer = await system.api('POST', '/v1/override', { customer: 'acme', service: 'nobody', min: 9, max: 3 });
    expect(answer.status).toBe(400);
    expect((answer.body as { problems: string[] }).problems).toHaveLength(3);
  });

  it('can be taken back', async () => {
    const system = await web();
    await system.api('POST', '/v1/override', { customer: 'acme', service: 'web', min: 9, forMs: minutes(30) });
    const answer = await system.api('POST', '/v1/override', { customer: 'acme', service: 'web', clear: true });
    expect(answer.body).toMatchObject({ overrides: [] });
    await system.pass(2);
    expect(system.count()).toBeLessThanOrEqual(2);
  });
});

describe('schedules', () => {
  it('raise the floor before the hour, so that tasks are ready at it', async () => {
    const at = new Date(T0 + minutes(20)).toISOString().slice(11, 16);
    const to = new Date(T0 + minutes(50)).toISOString().slice(11, 16);
    const policy = aPolicy({
      schedules: [{ kind: 'weekly', name: 'rush', days: [1, 2, 3, 4, 5, 6, 7], from: at, to, timezone: 'UTC', min: 12, lead: 'auto' }],
    });
    const system = await web(policy);
    await system.pass(17);
    expect(system.count()).toBeLessThanOrEqual(2);
    await system.pass(3);
    expect(system.count()).toBe(12);
    expect(system.clock.now()).toBeLessThanOrEqual(T0 + minutes(20));
    await system.pass(25);
    expect(system.count()).toBe(12);
  });
});
