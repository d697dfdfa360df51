import { describe, expect, it } from 'vitest';
import { aPolicy } from '../builders/policies.ts';
import { minutes } from '../builders/times.ts';
import { webReport, wholeSystem } from '../fakes/whole-system.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are what the test is about; their form is asserted, not assumed.
type Answer = Record<string, any>;

const WEB = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';
const slow = Array.from({ length: 40 }, () => 340);

async function web(policy = aPolicy({ min: 2, max: 20 })) {
  const system = wholeSystem();
  await system.connect();
  system.aws.put({ arn: WEB, desired: 2, running: 2, tags: {} });
  const config = { customer: 'acme', name: 'web', group: 'shop', arn: WEB, policy };
  const { tokens } = await system.apply([config]);
  const look = async () => {
    await system.clock.advance(minutes(7));
    await system.tick();
    await system.deliver();
  };
  await look();
  const services = async () => (await system.api('GET', '/v1/services')).body as { services: Answer[] };
  const listed = async () => (await services()).services[0];
  const tag = (tags: Record<string, string>) => system.aws.put({ arn: WEB, tags });
  return Object.assign(system, {
    config,
    token: tokens.get('web') ?? '',
    look,
    listed,
    tag,
    count: () => system.aws.service(WEB)?.desired,
  });
}

describe('limits in tags of the ECS service', () => {
  it('stand over the policy file from the next look on, and end with the tag', async () => {
    const system = await web();
    system.tag({ 'sluice:min': '5', 'sluice:max': '8', team: 'shop' });
    await system.look();
    expect(await system.listed()).toMatchObject({ min: 5, max: 8, problem: null });
    expect(system.count()).toBe(5);
    system.tag({ team: 'shop' });
    await system.look();
    expect(await system.listed()).toMatchObject({ min: 2, max: 20 });
  });

  it('are what reports are decided by, too', async () => {
    const system = await web();
    system.tag({ 'sluice:max': '3' });
    await system.look();
    for (let i = 0; i < 4; i++) {
      await system.report(system.token, webReport(system.clock.now(), slow));
      await system.deliver();
      await system.clock.advance(20_000);
    }
    expect(system.count()).toBe(3);
  });

  it('survive a new apply of the file, which stays as it is', async () => {
    const system = await web();
    system.tag({ 'sluice:min': '5' });
    await system.look();
    await system.apply([{ ...system.config, policy: aPolicy({ min: 3, max: 30 }) }]);
    expect(await system.listed()).toMatchObject({ min: 5, max: 30 });
    const configs = await system.api('GET', '/v1/configs', {}, { customer: 'acme' });
    expect(configs.body).toMatchObject({ services: [{ config: { min: 3, max: 30 }, tags: { min: 5 } }] });
  });

  it('give way to an override and to a pause by a person', async () => {
    const system = await web();
    system.tag({ 'sluice:min': '5' });
    await system.api('POST', '/v1/override', { customer: 'acme', service: 'web', min: 9, forMs: minutes(60) });
    await system.look();
    expect(system.count()).toBe(9);
    system.tag({ 'sluice:min': '15' });
    await system.api('POST', '/v1/pause', { customer: 'acme', service: 'web' });
    await system.look();
    expect(system.count()).toBe(9);
  });

  it('may put the service into another mode, off included, and out of it again', async () => {
    const system = await web();
    system.tag({ 'sluice:mode': 'off' });
    await system.look();
    expect(await system.listed()).toMatchObject({ mode: 'off' });
    await system.report(system.token, webReport(system.clock.now(), slow));
    await system.deliver();
    expect(system.count()).toBe(2);
    system.tag({});
    await system.look();
    expect(await system.listed()).toMatchObject({ mode: 'on' });
  });

  it('are not read where the file says off: nothing is looked at then', async () => {
    const system = await web(aPolicy({ mode: 'off' }));
    system.tag({ 'sluice:mode': 'on', 'sluice:min': '5' });
    await system.look();
    expect(await system.listed()).toMatchObject({ mode: 'off' });
    expect(system.aws.calls.filter(({ action, session }) => action === 'ecs:DescribeServices' && session === 'read')).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, string]>([
    ['no number', { 'sluice:min': '2O', 'sluice:max': '9' }, 'sluice:min has to be a whole number from 0 to 5000, not "2O"'],
    ['too many', { 'sluice:max': '5001' }, 'sluice:max has to be a whole number from 0 to 5000'],
    ['a mode that is none', { 'sluice:mode': 'fast' }, 'sluice:mode has to be one of off, observe, out-only, on'],
    ['a tag that is none', { 'sluice:maximum': '9' }, 'sluice:maximum is not known'],
    ['min over the max of the file', { 'sluice:min': '21' }, 'min 21 of sluice:min is over max 20 of the policy file'],
    [
      'a tag that is none beside a min that is too high',
      { 'sluice:mdoe': 'on', 'sluice:min': '21' },
      'sluice:max and sluice:mode; min 21 of sluice:min is over max 20 of the policy file',
    ],
    ['min over max', { 'sluice:min': '9', 'sluice:max': '4' }, 'min 9 of sluice:min is over max 4 of sluice:max'],
  ])('with %s are told as a problem with the rule, and none of them is taken', async (_what, tags, said) => {
    const system = await web();
    system.tag(tags);
    await system.look();
    expect(await system.listed()).toMatchObject({
      min: 2,
      max: 20,
      mode: 'on',
      problem: { code: 'BadTags', why: expect.stringContaining(said) },
    });
    expect(system.told.problems.map(({ problem }) => problem.code)).toContain('BadTags');
    system.tag({});
    await system.look();
    expect(await system.listed()).toMatchObject({ problem: null });
  });

  it('that were right and no longer are leave in force what was', async () => {
    const system = await web();
    system.tag({ 'sluice:min': '5' });
    await system.look();
    system.tag({ 'sluice:min': 'five' });
    await system.look();
    expect(await system.listed()).toMatchObject({ min: 5, problem: { code: 'BadTags' } });
  });

  it('that no longer fit a new file give way to it, and that is told', async () => {
    const system = await web();
    system.tag({ 'sluice:min': '15' });
    await system.look();
    await system.apply([{ ...system.config, policy: aPolicy({ min: 1, max: 10 }) }]);
    expect(await system.listed()).toMatchObject({ min: 1, max: 10 });
    await system.look();
    expect(await system.listed()).toMatchObject({ min: 1, max: 10, problem: { code: 'BadTags' } });
  });

  it('of other tools, and the one that the write policy by tag asks for, are left alone', async () => {
    const system = await web();
    system.tag({ 'sluice:scale': 'true', 'aws:cloudformation:stack-name': 'shop', Sluice: 'x' });
    await system.look();
    expect(await system.listed()).toMatchObject({ problem: null, min: 2 });
  });
});
