import { ListServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, test } from 'vitest';
import { TEMPLATE_VERSION } from '../../../../lib/accounts/template-version.ts';
import { createAccountAws } from '../../../../lib/aws/account-aws.ts';
import { DISCOVERY_ACTIONS } from '../../../../lib/aws/explorer.ts';
import { discoverPolicy, probePolicy } from '../../../../lib/aws/session-policy.ts';
import { systemClock } from '../../../../lib/clock.ts';
import { exploreRegion } from '../../../../lib/discover/explore-region.ts';
import { pace } from '../../../../lib/discover/pace.ts';
import { putAccount, putScalableTarget } from '../../../../lib/local/stand-in/put-account.ts';
import { putService } from '../../../../lib/local/stand-in/put-service.ts';
import { serveStandIn } from '../../../../lib/local/stand-in/server.ts';
import { connectCustomer } from '../../../../lib/local/stand-in/stacks.ts';
import { ACCOUNT, EXTERNAL_ID, OTHER_ACCOUNT, OTHER_EXTERNAL_ID, seededRandom, setStage, templates, WEB, WORKER } from './stage.ts';

const PROBE = `sluice-probe-${'0123456789abcdef'.repeat(2)}`;

/** The real clients, over HTTP to the stand-in, as the function of this role. */
async function start(roleId = 'DiscoverRole') {
  const stage = setStage();
  const server = await serveStandIn(stage.standIn, { port: 0 });
  const aws = createAccountAws({
    deployment: 'test',
    region: 'us-east-1',
    clock: systemClock,
    credentials: stage.keysOf(roleId),
    endpoints: { sts: server.url, ecs: server.url, others: server.url },
  });
  const account = { customer: 'acme', accountId: ACCOUNT, externalId: EXTERNAL_ID, roleArn: stage.role };
  const other = { customer: 'bolt', accountId: OTHER_ACCOUNT, externalId: OTHER_EXTERNAL_ID, roleArn: stage.otherRole };
  return { ...stage, server, aws, account, other, stop: () => server.close() };
}

let under: Awaited<ReturnType<typeof start>>;
beforeEach(async () => {
  under = await start();
  return () => under.stop();
});

describe('discovery over the wire, with the permissions of the templates', () => {
  test('names the account and its Regions', async () => {
    const explorer = await under.aws.explorer(under.account);
    expect(await explorer.alias()).toBeUndefined();
    expect(
      putAccount({ accountId: ACCOUNT, alias: 'acme-prod', regions: ['us-east-1', 'me-south-1', 'eu-west-1'] }, under.standIn.accounts).ok,
    ).toBe(true);
    expect(await explorer.alias()).toBe('acme-prod');
    expect(await explorer.regions()).toEqual({ items: ['us-east-1', 'me-south-1', 'eu-west-1'] });
  });

  test('describes services with tags, kinds and rivals', async () => {
    const fields = {
      launchType: 'EC2',
      schedulingStrategy: 'DAEMON',
      deploymentController: { type: 'EXTERNAL' },
      tags: [{ key: 'team', value: 'shop' }],
    };
    expect(putService({ arn: WORKER, ...fields }, under.standIn.services).ok).toBe(true);
    expect(putScalableTarget({ arn: WEB, min: 2, max: 8, policies: 2, schedules: 1 }, under.standIn.accounts).ok).toBe(true);
    const explorer = await under.aws.explorer(under.account);
    const quickly = pace({ clock: systemClock, random: seededRandom(), until: systemClock.now() + 60_000 });
    const explored = await exploreRegion('us-east-1', explorer.in('us-east-1'), quickly, 1);
    expect(explored.denied).toEqual([]);
    // Every read of the template was needed, and none beyond it was made.
    expect([...explored.allowed].sort()).toEqual(DISCOVERY_ACTIONS.filter((action) => !/^(iam|account):/.test(action)).sort());
    expect(explored.found).toMatchObject({ complete: true, rivalsKnown: true });
    expect(explored.found?.services).toEqual([
      expect.objectContaining({
        arn: WEB,
        status: 'ACTIVE',
        desired: 2,
        running: 2,
        tags: {},
        rival: { min: 2, max: 8, suspended: false, policies: 2, schedules: 1 },
      }),
      expect.objectContaining({
        arn: WORKER,
        launchType: 'EC2',
        schedulingStrategy: 'DAEMON',
        deploymentController: 'EXTERNAL',
        tags: { team: 'shop' },
      }),
    ]);
    const names = under.standIn.calls.all().map(({ sessionName }) => sessionName);
    expect(new Set(names)).toEqual(new Set([`sluice.test.discover.${ACCOUNT}`]));
  });

  test('follows pages', async () => {
    for (let i = 0; i < 130; i++) under.standIn.services.ensure(`arn:aws:ecs:us-east-1:${ACCOUNT}:service/jobs/s${i}`, 1);
    const region = (await under.aws.explorer(under.account)).in('us-east-1');
    const cluster = `arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/jobs`;
    const first = await region.services(cluster);
    expect(first.items).toHaveLength(100);
    expect((await region.services(cluster, first.next)).items).toHaveLength(30);
  });

  test('a Region or an account that is closed is denied, and the others are not', async () => {
    under.standIn.faults.add([{ action: 'ecs:ListClusters', fault: 'deny', left: 1, delayMs: 0, region: 'eu-west-1' }]);
    const explorer = await under.aws.explorer(under.account);
    await expect(explorer.in('eu-west-1').clusters()).rejects.toMatchObject({ kind: 'denied', action: 'ecs:ListClusters' });
    expect((await explorer.in('us-east-1').clusters()).items).toHaveLength(1);
    await expect(under.aws.explorer({ ...under.account, externalId: OTHER_EXTERNAL_ID })).rejects.toMatchObject({
      kind: 'denied',
      action: 'sts:AssumeRole',
    });
  });

  test('a throttled call is tried once more and then said to be throttled, in each protocol', async () => {
    const explorer = await under.aws.explorer(under.account);
    for (const [action, call] of [
      ['iam:ListAccountAliases', () => explorer.alias()],
      ['account:ListRegions', () => explorer.regions()],
      ['application-autoscaling:DescribeScalableTargets', () => explorer.in('us-east-1').scalableTargets()],
      ['ecs:ListClusters', () => explorer.in('us-east-1').clusters()],
    ] as const) {
      under.standIn.faults.add([{ action, fault: 'throttle', left: 2, delayMs: 0 }]);
      await expect(call()).rejects.toMatchObject({ kind: 'throttled', action });
      under.standIn.faults.add([{ action, fault: 'deny', left: 1, delayMs: 0 }]);
      await expect(call()).rejects.toMatchObject({ kind: 'denied', action });
      await expect(call()).resolves.not.toThrow();
    }
  });

  test('its session can list, and change nothing, though the role may', async () => {
    const keys = await under.assume({ Policy: discoverPolicy(DISCOVERY_ACTIONS) }, 'DiscoverRole');
    await expect(under.ecsAs(keys).send(new ListServicesCommand({ cluster: 'shop' }))).resolves.toMatchObject({
      serviceArns: [WEB, WORKER],
    });
    await expect(under.ecsAs(keys).send(new UpdateServiceCommand({ cluster: 'shop', service: 'web', desiredCount: 9 }))).rejects.toThrow(
      /no session policy allows/,
    );
  });
});

describe('what a role may update', () => {
  const policyOf = (resource: string) => `
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Wide:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: ['${under.role.slice(under.role.lastIndexOf('/') + 1)}']
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Action: 'ecs:*', Resource: '${resource}' }]
`;
  const widen = (resource: string) =>
    under.standIn.identities.install(policyOf(resource), { stackName: 'wide', accountId: ACCOUNT, region: 'us-east-1' });
  const reach = async () => {
    const prober = await under.aws.prober(under.account, PROBE);
    return { anywhere: await prober.mayUpdate('us-east-1', PROBE), inCluster: await prober.mayUpdate('us-east-1', 'shop') };
  };

  test('is nothing but what is listed, where the write template was used', async () => {
    expect(await reach()).toEqual({ anywhere: false, inCluster: false });
  });

  test.each([
    ['*', true, true],
    [`arn:aws:ecs:*:${ACCOUNT}:service/*`, true, true],
    [`arn:aws:ecs:us-east-1:${ACCOUNT}:service/shop/*`, false, true],
    [`arn:aws:ecs:us-east-1:${ACCOUNT}:service/other/*`, false, false],
    [`arn:aws:ecs:eu-west-1:${ACCOUNT}:service/*`, false, false],
  ])('%s', async (resource, anywhere, inCluster) => {
    widen(resource);
    expect(await reach()).toEqual({ anywhere, inCluster });
  });

  test('is found out without a count, on a name that nobody has, and nothing changes', async () => {
    widen('*');
    const before = under.standIn.services.all();
    await reach();
    expect(under.standIn.services.all()).toEqual(before);
    const sent = under.standIn.calls.all().filter(({ action }) => action === 'UpdateService');
    expect(sent.map(({ parameters }) => parameters)).toEqual([
      { cluster: PROBE, service: PROBE },
      { cluster: 'shop', service: PROBE },
    ]);
  });

  test('is found out in a session that can update no service there is, though the role may update all', async () => {
    widen('*');
    const keys = await under.assume({ Policy: probePolicy('aws', ACCOUNT, PROBE) }, 'DiscoverRole');
    for (const service of ['web', 'worker', WEB]) {
      const update = under.ecsAs(keys).send(new UpdateServiceCommand({ cluster: 'shop', service, desiredCount: 9 }));
      await expect(update).rejects.toThrow(/no session policy allows/);
    }
    expect(under.standIn.services.get(WEB)?.desired).toBe(2);
  });

  test('a throttle shows nothing', async () => {
    widen('*');
    under.standIn.faults.add([{ action: 'ecs:UpdateService', fault: 'throttle', left: 2, delayMs: 0 }]);
    const prober = await under.aws.prober(under.account, PROBE);
    await expect(prober.mayUpdate('us-east-1', 'shop')).rejects.toMatchObject({ kind: 'throttled' });
  });
});

describe('the version of the template', () => {
  const connectWith = (text: string) =>
    connectCustomer(
      under.standIn,
      { ...templates, customerRead: text },
      { accountId: ACCOUNT, externalId: EXTERNAL_ID, stage: 'local', serviceArns: [WEB] },
    );
  const without = (sid: string) => {
    const text = templates.customerRead.replace(new RegExp(`\\n {14}- Sid: ${sid}\\n(?: {16}.*\\n)+`), '\n');
    expect(text.length).toBeLessThan(templates.customerRead.length);
    return text;
  };
  const place = { region: 'us-east-1', cluster: 'shop' };
  const carries = (version: number) => under.aws.carriesVersion(under.account, version, place, PROBE);

  test('is told by the tag that the template puts on the role, without a permission to read tags', async () => {
    expect(await carries(TEMPLATE_VERSION)).toBe(true);
    expect(await carries(TEMPLATE_VERSION + 1)).toBe(false);
  });

  test('a later one will do', async () => {
    connectWith(templates.customerRead.replace(/(Key: '?sluice:template-version'?\s+Value: )'1'/, "$1'7'"));
    expect(await carries(7)).toBe(true);
    expect(await carries(5)).toBe(true);
    expect(await carries(8)).toBe(false);
  });

  test('a role without the tag is outdated', async () => {
    connectWith(templates.customerRead.replace(/\n\s+Tags:\n\s+- Key: '?sluice:template-version'?\n\s+Value: '1'/, ''));
    expect(await carries(TEMPLATE_VERSION)).toBe(false);
  });

  test.each(['FindClusters', 'FindServices', 'SeeClusters', 'SeeTags', 'FindRivalScalers', 'FindRegions', 'NameTheAccount'])(
    'is told with discovery’s statement %s taken away',
    async (sid) => {
      connectWith(without(sid));
      expect(await carries(TEMPLATE_VERSION)).toBe(true);
    },
  );

  test('shows nothing where the role may not look at services at all: that is no older template', async () => {
    connectWith(without('SeeServices'));
    await expect(carries(TEMPLATE_VERSION)).rejects.toMatchObject({ kind: 'denied', action: 'ecs:DescribeServices' });
  });

  test('shows nothing in a Region that the organisation closed, and is told in one that is open', async () => {
    under.standIn.faults.add([{ action: 'ecs:DescribeServices', fault: 'deny', left: 99, delayMs: 0, region: 'eu-west-1' }]);
    const closed = under.aws.carriesVersion(under.account, TEMPLATE_VERSION, { ...place, region: 'eu-west-1' }, PROBE);
    await expect(closed).rejects.toMatchObject({ kind: 'denied', message: expect.stringContaining('shows nothing of the tag') });
    expect(await carries(TEMPLATE_VERSION)).toBe(true);
  });

  test('is asked of a name that nobody has, in sessions that may look at that name alone', async () => {
    await carries(TEMPLATE_VERSION + 1);
    const asked = under.standIn.calls.all().filter(({ action }) => action === 'DescribeServices');
    expect(asked.map(({ parameters }) => parameters)).toEqual(Array(2).fill({ cluster: 'shop', services: [PROBE] }));
    expect(new Set(asked.map(({ sessionName }) => sessionName))).toEqual(new Set([`sluice.test.prove.${ACCOUNT}`]));
  });
});

describe('who we are', () => {
  test('is the account and the role of the function, with how far our clock is off', async () => {
    const identity = await under.aws.identity();
    expect(identity).toMatchObject({
      accountId: '000000000000',
      arn: expect.stringContaining('assumed-role'),
      credentials: expect.any(String),
    });
    expect(Math.abs(identity.clockAheadMs ?? Number.NaN)).toBeLessThan(2_000);
  });

  test('a clock that is off is told', async () => {
    const late = { ...systemClock, now: () => Date.now() - 60_000 };
    const aws = createAccountAws({
      deployment: 'test',
      region: 'us-east-1',
      clock: late,
      credentials: under.keysOf('AdminRole'),
      endpoints: { sts: under.server.url, ecs: under.server.url, others: under.server.url },
    });
    expect((await aws.identity()).clockAheadMs).toBeLessThan(-57_000);
  });
});

test('one customer’s session sees nothing of the other’s account', async () => {
  const mine = await (await under.aws.explorer(under.account)).in('us-east-1').clusters();
  const theirs = await (await under.aws.explorer(under.other)).in('us-east-1').clusters();
  expect(mine.items).toEqual([`arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/shop`]);
  expect(theirs.items).toEqual([`arn:aws:ecs:us-east-1:${OTHER_ACCOUNT}:cluster/shop`]);
  await expect(under.aws.explorer({ ...under.account, roleArn: under.other.roleArn })).rejects.toMatchObject({ kind: 'invalid' });
});

test('what is wrong with an account or a scalable target that is set up is named', () => {
  const { accounts } = under.standIn;
  expect(putAccount({ accountId: '1', regions: ['Ireland'] }, accounts)).toEqual({
    ok: false,
    problems: ['accountId: must be twelve digits', 'regions.0: must be one like us-east-1'],
  });
  expect(putScalableTarget({ arn: 'web' }, accounts)).toMatchObject({ ok: false, problems: [expect.stringContaining('looks like')] });
  expect(putScalableTarget({ arn: WEB, min: -1 }, accounts)).toMatchObject({ ok: false, problems: [expect.stringContaining('min')] });
});
