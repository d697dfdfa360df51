import { beforeEach, describe, expect, test } from 'vitest';
import type { DiscoveredRegion } from '../../../lib/discover/discovered.ts';
import { createDiscoveryStore } from '../../../lib/stores/discovery-store.ts';
import { aPolicy } from '../../builders/policies.ts';
import { wholeSystem } from '../../fakes/whole-system.ts';

const HOUR = 3_600_000;
const ACCOUNT = '111122223333';
const OTHER = '444455556666';
const arn = (name: string, { account = ACCOUNT, region = 'us-east-1', cluster = 'shop' } = {}) =>
  `arn:aws:ecs:${region}:${account}:service/${cluster}/${name}`;

let system: ReturnType<typeof wholeSystem>;
beforeEach(() => {
  system = wholeSystem();
});

const store = () => createDiscoveryStore(system.table, { clock: system.clock });
const health = async (customer = 'acme', account = ACCOUNT) => {
  const found = await store().health(customer, account);
  if (!found) throw new Error('discovery has not looked there');
  return found;
};
const regions = (customer = 'acme', account = ACCOUNT) => store().regions(customer, account);
const servicesIn = (found: readonly DiscoveredRegion[]) => found.flatMap(({ services }) => services);
/** Runs a round while the virtual clock passes the pauses that it makes. */
async function discover(event: unknown = {}) {
  let over = false;
  const round = Promise.resolve(system.discover(event)).finally(() => {
    over = true;
  });
  // A failure is the test's business once the clock has stopped.
  round.catch(() => undefined);
  while (!over) await system.clock.advance(100);
  await round;
}

describe('a round of discovery', () => {
  test('finds the services of every Region, with what decides whether they can be scaled', async () => {
    await system.connect();
    const account = system.accountAws.account(ACCOUNT);
    account.alias = 'acme-prod';
    account.regions = ['eu-west-1', 'us-east-1'];
    account.clusterTags.set(`arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/shop`, { team: 'shop', env: 'prod' });
    system.accountAws.put(arn('web'), {
      tags: { env: 'canary' },
      capacityProviders: ['FARGATE_SPOT'],
      deploymentController: 'CODE_DEPLOY',
    });
    system.accountAws.put(arn('agent'), { schedulingStrategy: 'DAEMON' });
    system.accountAws.put(arn('jobs', { region: 'eu-west-1' }), { desired: 7, running: 5, pending: 2 });
    account.targets.push({
      region: 'us-east-1',
      target: { resource: 'service/shop/web', min: 1, max: 4, suspended: false },
      policies: 2,
      schedules: 1,
    });
    await discover();

    expect(await health()).toMatchObject({
      alias: 'acme-prod',
      regionsFrom: 'account',
      findings: [],
      regions: [
        { region: 'eu-west-1', services: 1 },
        { region: 'us-east-1', services: 2 },
      ],
    });
    const found = await regions();
    expect(servicesIn(found).map((service) => service.arn)).toEqual([arn('jobs', { region: 'eu-west-1' }), arn('web'), arn('agent')]);
    expect(servicesIn(found)[0]).toMatchObject({ desired: 7, running: 5, pending: 2, tags: {} });
    expect(servicesIn(found)[1]).toMatchObject({
      tags: { team: 'shop', env: 'canary' },
      capacityProviders: ['FARGATE_SPOT'],
      deploymentController: 'CODE_DEPLOY',
      rival: { min: 1, max: 4, suspended: false, policies: 2, schedules: 1 },
    });
    expect(servicesIn(found)[2]).toMatchObject({ schedulingStrategy: 'DAEMON' });
  });

  test('gives each account but the first to an invocation of its own', async () => {
    for (const [customer, account] of [
      ['acme', ACCOUNT],
      ['bolt', OTHER],
      ['crow', '777788889999'],
    ] as const)
      await system.connect(customer, account);
    await discover();
    expect(system.discovered).toHaveLength(2);
    expect(
      new Set(system.accountAws.calls.filter(({ action }) => action === 'ecs:ListClusters').map(({ accountId }) => accountId)).size,
    ).toBe(3);
  });

  test('does nothing for an account that is not connected, or not any more', async () => {
    await discover({ discover: { customer: 'acme', accountId: ACCOUNT } });
    await system.api('POST', '/v1/accounts', { customer: 'acme', accountId: ACCOUNT });
    await discover({ discover: { customer: 'acme', accountId: ACCOUNT } });
    expect(system.accountAws.calls).toEqual([]);
  });

  test('looks in thirty Regions at once, and in none of them faster than five calls a second', async () => {
    await system.connect();
    const names = Array.from({ length: 30 }, (_, i) => `eu-west-${i + 1}`);
    system.accountAws.account(ACCOUNT).regions = names;
    for (const region of names) for (let i = 0; i < 25; i++) system.accountAws.put(arn(`s${i}`, { region }));
    const before = system.clock.now();
    await discover();
    // Seven to eight calls in each, at 200 ms: one Region after the other would have taken a minute.
    expect(system.clock.now() - before).toBeLessThan(4_000);
    expect((await health()).regions.map(({ services }) => services)).toEqual(names.map(() => 25));
    for (const region of names) {
      const at = system.accountAws.calls.filter((call) => call.region === region).map((call) => call.at);
      for (let i = 1; i < at.length; i++) expect((at[i] ?? 0) - (at[i - 1] ?? 0)).toBeGreaterThanOrEqual(200);
    }
  });

  test('lists an account of 1,200 services, with tags, in items that DynamoDB takes', async () => {
    await system.connect();
    const tags = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`tag-${i}`, 'x'.repeat(60)]));
    for (let i = 0; i < 1_200; i++) system.accountAws.put(arn(`service-${i}`, { cluster: i % 2 ? 'shop' : 'jobs' }), { tags });
    await discover();
    const found = servicesIn(await regions());
    expect(new Set(found.map((service) => service.arn)).size).toBe(1_200);
    expect(found[700]?.tags).toEqual(tags);
    const describes = system.accountAws.calls.filter(({ action }) => action === 'ecs:DescribeServices');
    expect(describes).toHaveLength(120);

    // Most of them are gone: what was kept of them goes, too.
    const account = system.accountAws.account(ACCOUNT);
    for (const one of [...account.services.keys()].slice(3)) account.services.delete(one);
    await system.clock.advance(HOUR);
    await discover();
    expect(servicesIn(await regions())).toHaveLength(3);
  });
});

describe('what fails', () => {
  beforeEach(async () => {
    await system.connect();
    system.accountAws.account(ACCOUNT).regions = ['eu-west-1', 'us-east-1'];
    system.accountAws.put(arn('web'));
    system.accountAws.put(arn('jobs', { region: 'eu-west-1' }));
  });

  test.each(['ecs:ListClusters', 'ecs:ListServices', 'ecs:DescribeServices'])('%s denied in one Region harms that one', async (action) => {
    system.accountAws.fail(action, 'denied', { region: 'eu-west-1', times: 99 });
    await discover();
    const { findings, regions: seen } = await health();
    expect(servicesIn(await regions()).map((service) => service.arn)).toEqual([arn('web')]);
    expect(seen).toEqual([
      { region: 'eu-west-1', services: 0, problem: { code: 'AccessDenied', why: expect.stringContaining(action) } },
      { region: 'us-east-1', services: 1, seenAt: expect.any(Number) },
    ]);
    expect(findings).toEqual([expect.objectContaining({ code: 'PermissionMissing', action, regions: ['eu-west-1'] })]);
  });

  test('a permission that is missing everywhere is one finding, told once, and told again when it is mended', async () => {
    system.accountAws.fail('ecs:ListTagsForResource', 'denied', { times: 2 });
    await discover();
    const [finding, ...others] = (await health()).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'PermissionMissing', action: 'ecs:ListTagsForResource' });
    expect(finding).not.toHaveProperty('regions');
    expect(servicesIn(await regions())).toHaveLength(2);
    expect(system.told.warnings).toEqual([
      {
        message: finding?.why,
        fields: { customer: 'acme', account: ACCOUNT, code: 'PermissionMissing', action: 'ecs:ListTagsForResource' },
      },
    ]);
    await system.clock.advance(HOUR);
    await discover();
    expect((await health()).findings).toEqual([]);
    expect(system.told.warnings[1]).toMatchObject({
      message: expect.stringContaining('mended'),
      fields: { action: 'ecs:ListTagsForResource' },
    });
  });

  test('rivals that may not be asked for are unknown, not none', async () => {
    system.accountAws.fail('application-autoscaling:DescribeScalableTargets', 'denied', { times: 99 });
    await discover();
    expect((await regions()).map(({ rivalsKnown }) => rivalsKnown)).toEqual([false, false]);
  });

  test('throttling is waited out, longer each time', async () => {
    system.accountAws.fail('ecs:DescribeServices', 'throttled', { region: 'us-east-1', times: 3 });
    await discover();
    expect(servicesIn(await regions())).toHaveLength(2);
    const at = system.accountAws.calls
      .filter((call) => call.action === 'ecs:DescribeServices' && call.region === 'us-east-1')
      .map((call) => call.at);
    const waits = at.slice(1).map((one, i) => one - (at[i] ?? 0));
    expect(waits).toHaveLength(3);
    for (const [i, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(500 * 2 ** i);
      expect(wait).toBeLessThanOrEqual(1_000 * 2 ** i);
    }
  });

  test('a Region that is throttled on and on keeps what was known of it, and says so', async () => {
    await discover();
    await system.clock.advance(HOUR);
    system.accountAws.fail('ecs:ListClusters', 'throttled', { region: 'us-east-1', times: 99 });
    await discover();
    expect(servicesIn(await regions())).toHaveLength(2);
    expect((await health()).regions[1]).toMatchObject({ region: 'us-east-1', services: 1, problem: { code: 'Throttled' } });
    expect((await health()).findings).toEqual([]);
  });

  test('an account that cannot be assumed is RoleMissing; the others are looked at', async () => {
    await system.connect('bolt', OTHER);
    system.accountAws.account(ACCOUNT).assumable = false;
    await discover();
    expect((await health()).findings).toEqual([expect.objectContaining({ code: 'RoleMissing' })]);
    expect((await health('bolt', OTHER)).findings).toEqual([]);
    const found = await system.api('GET', '/v1/discovered', {}, { customer: 'acme' });
    expect(found.body).toMatchObject({ accounts: [{ problem: { code: 'RoleMissing' } }] });
  });

  test('a throttle in assuming the role says nothing of the role', async () => {
    system.accountAws.fail('sts:AssumeRole', 'throttled', { times: 2 });
    await discover();
    expect(await store().health('acme', ACCOUNT)).toBeUndefined();
    expect(system.told.warnings[0]?.message).toBe('An account could not be looked at');
  });

  test('an account that does not name its Regions is looked at in those that every account has', async () => {
    system.accountAws.fail('account:ListRegions', 'denied');
    await discover();
    const { regions: seen, regionsFrom, findings } = await health();
    expect(regionsFrom).toBe('fall-back');
    expect(seen).toHaveLength(17);
    expect(findings).toEqual([expect.objectContaining({ code: 'PermissionMissing', action: 'account:ListRegions' })]);
    expect(servicesIn(await regions())).toHaveLength(2);
  });
});

describe('the daily proof', () => {
  beforeEach(async () => {
    await system.connect();
    system.aws.put({ arn: arn('web') });
    system.accountAws.put(arn('web'));
    await system.apply([{ customer: 'acme', name: 'web', group: 'shop', arn: arn('web'), policy: aPolicy() }]);
  });
  const aDayLater = async () => {
    await system.clock.advance(24 * HOUR);
    await discover();
  };
  const probes = () => system.accountAws.calls.filter(({ action }) => action === 'ecs:UpdateService');

  test('is made a day after the account was connected, and then once a day', async () => {
    await discover();
    expect(probes()).toEqual([]);
    await aDayLater();
    const first = probes().length;
    expect(first).toBeGreaterThan(0);
    expect(await health()).toMatchObject({ provedAt: expect.any(Number), findings: [] });
    for (let i = 0; i < 23; i++) {
      await system.clock.advance(HOUR);
      await discover();
    }
    expect(probes()).toHaveLength(first);
    await system.clock.advance(HOUR);
    await discover();
    expect(probes()).toHaveLength(2 * first);
  });

  test('TrustTooOpen: a role that opens without the external ID', async () => {
    const externalId = `sluice-${'0'.repeat(32)}`;
    system.aws.addRole(
      { customer: 'acme', accountId: ACCOUNT, externalId, roleArn: `arn:aws:iam::${ACCOUNT}:role/sluice/acme` },
      { open: true },
    );
    await aDayLater();
    expect((await health()).findings).toEqual([
      expect.objectContaining({ code: 'TrustTooOpen', why: expect.stringContaining('without an external ID') }),
    ]);
  });

  test.each([
    ['*', 'every ECS service in us-east-1', false],
    ['us-east-1/shop', 'every service of the cluster shop (us-east-1)', true],
  ])('PermissionTooWide: a role that may update %s', async (reach, told, perhapsMeant) => {
    system.accountAws.account(ACCOUNT).mayUpdate.add(reach);
    await aDayLater();
    const [finding] = (await health()).findings;
    expect(finding).toMatchObject({ code: 'PermissionTooWide', action: 'ecs:UpdateService', why: expect.stringContaining(told) });
    expect(finding?.meant === 'perhaps').toBe(perhapsMeant);
  });

  test('TemplateOutdated: a role of an older template', async () => {
    system.accountAws.account(ACCOUNT).templateVersion = 0;
    await aDayLater();
    expect((await health()).findings).toEqual([expect.objectContaining({ code: 'TemplateOutdated' })]);
  });

  test('what could not be shown leaves what was known, and is tried again within the hour', async () => {
    system.accountAws.account(ACCOUNT).mayUpdate.add('*');
    await aDayLater();
    const before = (await health()).provedAt;
    await system.clock.advance(23 * HOUR);
    system.accountAws.account(ACCOUNT).mayUpdate.clear();
    system.accountAws.fail('ecs:UpdateService', 'throttled');
    await system.clock.advance(HOUR);
    await discover();
    expect(await health()).toMatchObject({ provedAt: before, findings: [{ code: 'PermissionTooWide' }] });
    await system.clock.advance(HOUR);
    await discover();
    expect((await health()).findings).toEqual([]);
  });

  test('goes on through a failing trust proof of one account to the next', async () => {
    await system.connect('bolt', OTHER);
    system.aws.fail('sts:AssumeRole', 'throttled', 1);
    await aDayLater();
    const proved = [await health(), await health('bolt', OTHER)].filter(({ provedAt }) => provedAt !== undefined);
    expect(proved).toHaveLength(1);
  });
});

describe('two customers', () => {
  test('in one account never see what was found for the other', async () => {
    await system.connect('acme', ACCOUNT);
    await system.connect('bolt', OTHER);
    system.accountAws.put(arn('web'));
    system.accountAws.put(arn('secret', { account: OTHER }));
    await discover();
    const of = async (customer: string) => JSON.stringify((await system.api('GET', '/v1/discovered', {}, { customer })).body);
    expect(await of('acme')).toContain(arn('web'));
    expect(await of('acme')).not.toContain(OTHER);
    expect(await of('bolt')).not.toContain(ACCOUNT);
    expect(await of('nobody')).toContain('There are: acme, bolt.');
    expect(await regions('acme', OTHER)).toEqual([]);
  });

  test('cannot have an account examined that is another customer’s', async () => {
    await system.connect('acme', ACCOUNT);
    await system.connect('bolt', OTHER);
    const answer = await system.api('GET', '/v1/doctor', {}, { customer: 'acme', accountId: OTHER });
    expect(answer).toMatchObject({ status: 400, body: { problems: [expect.stringContaining('not known for customer acme')] } });
    expect(JSON.stringify((await system.api('GET', '/v1/doctor', {}, { customer: 'acme' })).body)).not.toContain(OTHER);
  });
});
