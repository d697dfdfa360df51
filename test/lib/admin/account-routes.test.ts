import { expect, test } from 'vitest';
import { aPolicy } from '../../builders/policies.ts';
import { wholeSystem } from '../../fakes/whole-system.ts';

const ACCOUNT = '111122223333';
const arnOf = (name: string, account = ACCOUNT) => `arn:aws:ecs:us-east-1:${account}:service/shop/${name}`;

test('an external ID that comes with a request is refused with the reason, not taken and not passed over', async () => {
  const { api } = wholeSystem();
  for (const path of ['/v1/accounts', '/v1/accounts/connect']) {
    const answer = await api('POST', path, { customer: 'acme', accountId: ACCOUNT, roleArn: 'x', externalId: `sluice-${'0'.repeat(32)}` });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain('externalId: is made by Sluice and never taken');
  }
});

test('what a request lacks or has too much is named with its place', async () => {
  const { api } = wholeSystem();
  expect(await api('POST', '/v1/accounts', { accountId: '1', color: 'red' })).toMatchObject({
    status: 400,
    body: {
      problems: expect.arrayContaining([
        'customer: must be given, as string',
        'accountId: must be the twelve digits of an account',
        'body: does not take color',
      ]),
    },
  });
});

test("the operator's own account is prepared only when that is asked for", async () => {
  const { api } = wholeSystem();
  const own = { customer: 'acme', accountId: '000000000000' };
  expect(await api('POST', '/v1/accounts', own)).toMatchObject({ status: 200, body: { prepared: false, code: 'OwnAccount' } });
  const asked = await api('POST', '/v1/accounts', { ...own, allowOwnAccount: true });
  expect(asked).toMatchObject({
    status: 200,
    body: { accountId: '000000000000', externalId: expect.stringMatching(/^sluice-[0-9a-f]{32}$/) },
  });
});

test('what is prepared says whom the role has to let in', async () => {
  const { api } = wholeSystem();
  const answer = await api('POST', '/v1/accounts', { customer: 'acme', accountId: ACCOUNT });
  expect(answer.body).toMatchObject({ operatorAccountId: '000000000000', operatorStage: 'test' });
});

test('write access is asked for what is scaled and for the service named, in its account, for its customer', async () => {
  const { aws, connect, apply, api } = wholeSystem();
  const config = (customer: string, name: string, mode: 'on' | 'out-only' | 'observe' | 'off', account = ACCOUNT) => ({
    customer,
    group: 'shop',
    name,
    arn: arnOf(`${customer}-${name}`, account),
    policy: aPolicy({ mode }),
  });
  const acme = [
    config('acme', 'web', 'on'),
    config('acme', 'jobs', 'out-only'),
    config('acme', 'watched', 'observe'),
    config('acme', 'idle', 'off'),
    config('acme', 'far', 'on', '444455556666'),
  ];
  const umbrella = [config('umbrella', 'web', 'on')];
  for (const { arn } of [...acme, ...umbrella]) aws.put({ arn, desired: 2, running: 2 });
  await connect('acme', ACCOUNT);
  await connect('acme', '444455556666');
  await connect('umbrella', ACCOUNT);
  await apply(acme);
  await apply(umbrella);
  const listed = async (service: string, customer = 'acme') => {
    const { body } = await api('GET', '/v1/write-access', {}, { customer, service });
    return (body as { stacks: { stackName: string; services: string[] }[] }).stacks;
  };
  expect(await listed('web')).toEqual([{ stackName: 'sluice-acme-write', services: [arnOf('acme-jobs'), arnOf('acme-web')] }]);
  expect(await listed('watched')).toMatchObject([{ services: [arnOf('acme-jobs'), arnOf('acme-watched'), arnOf('acme-web')] }]);
  expect(await listed('far')).toMatchObject([{ services: [arnOf('acme-far', '444455556666')] }]);
  expect(await listed('web', 'umbrella')).toEqual([{ stackName: 'sluice-umbrella-write', services: [arnOf('umbrella-web')] }]);
  expect(await api('GET', '/v1/write-access', {}, { customer: 'umbrella', service: 'jobs' })).toMatchObject({
    status: 400,
    body: { problems: ['service: customer umbrella has no service jobs'] },
  });
});
