import { beforeEach, describe, expect, test } from 'vitest';
import type { Check } from '../../../lib/doctor/check.ts';
import { createControlStore } from '../../../lib/stores/control-store.ts';
import { aCloudWatchTarget, aPolicy } from '../../builders/policies.ts';
import { aControl, anOutcome } from '../../builders/records.ts';
import { wholeSystem } from '../../fakes/whole-system.ts';

const ACCOUNT = '111122223333';
const OTHER = '444455556666';
const WEB = `arn:aws:ecs:us-east-1:${ACCOUNT}:service/shop/web`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/sluice/acme`;

let system: ReturnType<typeof wholeSystem>;
let token = '';
beforeEach(async () => {
  system = wholeSystem();
  await system.connect();
  system.aws.put({ arn: WEB });
  system.accountAws.put(WEB);
  const { tokens } = await system.apply([{ customer: 'acme', name: 'web', group: 'shop', arn: WEB, policy: aPolicy() }]);
  token = tokens.get('web') ?? '';
});

const examine = async (customer = 'acme', accountId = ACCOUNT) => {
  const answer = await system.api('GET', '/v1/doctor', {}, { customer, accountId });
  expect(answer.status).toBe(200);
  return (answer.body as { checks: Check[] }).checks;
};
const called = async (name: string) => (await examine()).find(({ check }) => check === name);
const report = () =>
  system.report(token, { pid: 1, container: 'c1', config: {}, adapters: {}, metrics: [[system.clock.now() / 1_000, 5, 'qt', null]] });

describe('an account that is well', () => {
  test('has every check ok', async () => {
    await report();
    const checks = await examine();
    expect(checks.map(({ check, result }) => `${check}: ${result}`)).toEqual([
      'connected: ok',
      'assumed with its external ID: ok',
      'refused without it: ok',
      'write scope: ok',
      'template: ok',
      'reads: ok',
      'rival scalers: ok',
      'writes: ok',
      'adapter: web: ok',
    ]);
  });

  test('was changed by nothing that the doctor did', async () => {
    const before = system.aws.service(WEB);
    await examine();
    expect(system.aws.service(WEB)).toEqual(before);
    expect(system.aws.calls.filter(({ action }) => action === 'ecs:UpdateService')).toEqual([]);
  });
});

describe('what is wrong is told with how to mend it', () => {
  test('no role yet', async () => {
    await system.api('POST', '/v1/accounts', { customer: 'acme', accountId: OTHER });
    expect(await examine('acme', OTHER)).toEqual([
      {
        check: 'connected',
        result: 'wrong',
        what: expect.any(String),
        mend: expect.stringContaining(`sluice connect ${OTHER} --customer acme --role-arn`),
      },
    ]);
  });

  test('a role that is gone: nothing more can be asked', async () => {
    system.aws.removeRole(ROLE);
    const checks = await examine();
    expect(checks.map(({ check, result }) => `${check}: ${result}`).slice(0, 4)).toEqual([
      'connected: ok',
      'assumed with its external ID: wrong',
      'refused without it: unknown',
      'writes: ok',
    ]);
  });

  test('a role that opens without its external ID', async () => {
    system.aws.addRole({ customer: 'acme', accountId: ACCOUNT, externalId: 'x', roleArn: ROLE }, { open: true });
    expect(await called('refused without it')).toMatchObject({ result: 'wrong', what: expect.stringContaining('without an external ID') });
  });

  test('a role that reaches too far is wrong; a whole cluster may have been meant, and is noted', async () => {
    system.accountAws.account(ACCOUNT).mayUpdate.add('us-east-1/shop');
    expect(await called('write scope')).toMatchObject({ result: 'note', what: expect.stringContaining('cluster shop') });
    system.accountAws.account(ACCOUNT).mayUpdate.add('*');
    expect(await called('write scope')).toMatchObject({ result: 'wrong', what: expect.stringContaining('every ECS service') });
  });

  test('an old template', async () => {
    system.accountAws.account(ACCOUNT).templateVersion = 0;
    expect(await called('template')).toMatchObject({ result: 'wrong', mend: expect.stringContaining('Update the stack') });
  });

  test('each read that is refused, by its name', async () => {
    system.accountAws.fail('ecs:ListServices', 'denied');
    system.accountAws.fail('iam:ListAccountAliases', 'denied');
    const refused = (await examine()).filter(({ check }) => check.startsWith('reads'));
    expect(refused.map(({ check, result }) => [check, result])).toEqual([
      ['reads: iam:ListAccountAliases', 'wrong'],
      ['reads: ecs:ListServices', 'wrong'],
    ]);
  });

  test('AWS’s own scaler on a service under care', async () => {
    const target = { resource: 'service/shop/web', min: 1, max: 4, suspended: false };
    system.accountAws.account(ACCOUNT).targets.push({ region: 'us-east-1', target, policies: 1, schedules: 0 });
    expect(await called('rival scalers: web')).toMatchObject({
      result: 'wrong',
      what: expect.stringContaining('from 1 to 4 tasks'),
      mend: expect.stringContaining('deregister-scalable-target'),
    });
  });

  test('a change that AWS refused', async () => {
    const controls = createControlStore(system.table);
    const [before] = await controls.getMany([{ customer: 'acme', group: 'shop', service: 'web' }]);
    const why = 'ecs:UpdateService: AccessDeniedException: not authorized';
    await controls.commit({
      ...aControl({ customer: 'acme' }),
      version: before?.version ?? 0,
      lastOutcome: anOutcome({ outcome: 'refused', why }),
    });
    expect(await called('writes')).toMatchObject({
      result: 'wrong',
      what: expect.stringContaining(WEB),
      mend: expect.stringContaining('sluice enable'),
    });
  });

  test('an adapter that was never heard of, or not for minutes', async () => {
    expect(await called('adapter: web')).toMatchObject({
      result: 'wrong',
      what: expect.stringContaining('No report'),
      mend: expect.stringContaining('JUDOSCALE_URL'),
    });
    await report();
    await system.clock.advance(300_000);
    expect(await called('adapter: web')).toMatchObject({ result: 'wrong', what: expect.stringContaining('Last reported 5 min ago') });
  });

  test('a service that goes by metrics alone needs no adapter', async () => {
    await system.apply([
      { customer: 'acme', name: 'web', group: 'shop', arn: WEB, policy: aPolicy({ targets: [aCloudWatchTarget({ target: 1 })] }) },
    ]);
    expect(await called('adapter: web')).toBeUndefined();
  });
});

describe('what could not be told', () => {
  test.each(['sts:AssumeRole'])('a throttled %s of the proof is unknown, not wrong', async (action) => {
    system.aws.fail(action, 'throttled');
    expect(await called('assumed with its external ID')).toMatchObject({ result: 'unknown', what: expect.stringContaining('throttled') });
  });

  test.each(['ecs:UpdateService', 'application-autoscaling:DescribeScalableTargets'])(
    'a throttled %s is unknown, not wrong',
    async (action) => {
      system.accountAws.fail(action, 'throttled', { times: 2 });
      const checks = await examine();
      expect(checks.filter(({ result }) => result === 'unknown').length).toBeGreaterThan(0);
      expect(checks.filter(({ result, check }) => result === 'wrong' && !check.startsWith('adapter'))).toEqual([]);
    },
  );
});

describe('Sluice itself', () => {
  const own = async () => (await system.api('GET', '/v1/doctor')).body as { checks: Check[]; accounts: object[] };

  test('says who it is, whose keys it has, what time it has, and which accounts there are', async () => {
    await system.connect('bolt', OTHER);
    const { checks, accounts } = await own();
    expect(checks.map(({ check, result }) => `${check}: ${result}`)).toEqual(['credential source: ok', 'caller: ok', 'clock: ok']);
    expect(accounts).toEqual([
      { customer: 'acme', accountId: ACCOUNT, name: null },
      { customer: 'bolt', accountId: OTHER, name: null },
    ]);
  });

  test.each([
    [undefined, 'unknown'],
    [800, 'ok'],
    [-4_000, 'ok'],
    [6_000, 'wrong'],
    [-400_000, 'wrong'],
  ])('a clock that is %s ms ahead is %s', async (clockAheadMs, result) => {
    const { clockAheadMs: _, ...identity } = system.accountAws.identityIs;
    system.accountAws.identityIs = { ...identity, ...(clockAheadMs === undefined ? {} : { clockAheadMs }) };
    expect((await own()).checks.find(({ check }) => check === 'clock')).toMatchObject({ result });
  });

  test('that runs in another account than it was deployed for is wrong', async () => {
    system.accountAws.identityIs = { ...system.accountAws.identityIs, accountId: OTHER };
    expect((await own()).checks.find(({ check }) => check === 'caller')).toMatchObject({
      result: 'wrong',
      what: expect.stringContaining(OTHER),
    });
  });

  test('whose keys are refused cannot tell', async () => {
    system.accountAws.fail('sts:GetCallerIdentity', 'expired');
    expect((await own()).checks).toEqual([expect.objectContaining({ check: 'caller', result: 'unknown' })]);
  });

  test('wants the customer of an account, and the twelve digits of it', async () => {
    expect(await system.api('GET', '/v1/doctor', {}, { accountId: ACCOUNT })).toMatchObject({ status: 400 });
    expect(await system.api('GET', '/v1/doctor', {}, { accountId: '12', customer: 'acme' })).toMatchObject({ status: 400 });
  });
});
