import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../lib/cli/program.ts';
import { aTerminal } from '../lib/cli/terminal.ts';
import { expectOwnOnly } from './isolation.ts';
import { build, type Line, type Run, root, scratch, start } from './local-run.ts';

const home = scratch();
const TEMPLATES = 'https://templates.s3.eu-west-1.amazonaws.com/sluice';
/** Both customers have services in this account, under the same names. */
const SHARED = '111122223333';
const arnOf = (name: string, account = SHARED) => `arn:aws:ecs:eu-west-1:${account}:service/prod/${name}`;
const policyFile = (customer: string, services: Readonly<Record<string, string>>) =>
  home.write(
    `${customer}.yml`,
    `customer: ${customer}\nservices:\n${Object.entries(services)
      .map(
        ([name, arn]) => `  ${name}:\n    arn: ${arn}\n    tasks: { min: 1, max: 9 }\n    scale: [{ request-queue-time: { p95: 50ms } }]\n`,
      )
      .join('')}`,
  );

let run: Run;
let ready: Line;

beforeAll(async () => {
  build();
  const first = policyFile('first', { web: arnOf('web-of-first', '999900001111') });
  run = start(['dev', '--json', '--port', '0', '--aws-port', '0', '--no-traffic', '--config', first], { XDG_RUNTIME_DIR: home.path });
  ready = await run.until((line) => line.type === 'ready', 30_000);
}, 90_000);
afterAll(async () => {
  run.child.kill('SIGKILL');
  await run.ended;
  home.remove();
});

async function sluice(...args: string[]) {
  const terminal = { ...aTerminal({ XDG_RUNTIME_DIR: home.path }), now: () => Date.now() };
  const code = await runCommandLine([...args, '--url', ready['admin']], '0.0.0', terminal);
  return {
    code,
    out: terminal.out(),
    err: terminal.err(),
    // `tail` prints a document a line.
    json: args.includes('--json') && args[0] !== 'tail' && terminal.out() ? JSON.parse(terminal.out()) : undefined,
  };
}
const aws = async (method: string, path: string, body: object) => {
  const response = await fetch(`${ready['aws']}${path}`, { method, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Line };
};

/** Follows a quick-create link as CloudFormation's console does: takes template, name and parameters from it, and makes the stack. */
async function follow(link: string, accountId: string) {
  const { hash, searchParams } = new URL(link);
  const query = new URLSearchParams(hash.slice(hash.indexOf('?') + 1));
  const template = query.get('templateURL') ?? '';
  expect(template.startsWith(`${TEMPLATES}/`)).toBe(true);
  const parameters = Object.fromEntries([...query].flatMap(([name, value]) => (name.startsWith('param_') ? [[name.slice(6), value]] : [])));
  const made = await aws('PUT', '/_stacks', {
    accountId,
    region: searchParams.get('region'),
    stackName: query.get('stackName'),
    template: readFileSync(join(root, 'infra', 'customer', template.slice(TEMPLATES.length + 1)), 'utf8'),
    parameters,
  });
  expect(made).toMatchObject({ status: 200 });
  return made.body['outputs'] as Readonly<Record<string, string>>;
}

/** Both steps, and services of the account under care. */
async function connected(customer: string, accountId: string, services: Readonly<Record<string, string>>) {
  const prepared = await sluice(
    'connect',
    accountId,
    '--customer',
    customer,
    '--region',
    'eu-west-1',
    '--template-url',
    TEMPLATES,
    '--json',
  );
  const { RoleArn = '' } = await follow(prepared.json.quickCreate, accountId);
  const proved = await sluice('connect', accountId, '--customer', customer, '--role-arn', RoleArn, '--json');
  expect(proved).toMatchObject({ code: 0, json: { connected: true, accountId } });
  for (const arn of Object.values(services)) await aws('PUT', '/_services', { arn, desiredCount: 1 });
  const applied = await sluice('apply', policyFile(customer, services), '--json');
  expect(applied.code).toBe(0);
  return { roleArn: RoleArn, externalId: String(prepared.json.externalId) };
}
const callsOf = async (action: string) => {
  const { calls } = (await (await fetch(`${ready['aws']}/_calls`)).json()) as { calls: Line[] };
  return calls.filter((call) => call['action'] === action);
};

describe.sequential('connecting from the command line, against a local run', () => {
  it('prints, filled in, what makes the role, with the same external ID each time', async () => {
    const first = await sluice('connect', '222233334444', '--customer', 'acme', '--template-url', TEMPLATES, '--json');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.json).toMatchObject({ customer: 'acme', operatorAccountId: '000000000000', operatorStage: 'local', roleArn: null });
    expect(first.json.externalId).toMatch(/^sluice-[0-9a-f]{32}$/);
    expect(first.json.terraform).toContain(`external_id         = "${first.json.externalId}"`);
    expect(first.json.deploy).toContain(
      `--parameter-overrides OperatorAccountId=000000000000 OperatorStage=local ExternalId=${first.json.externalId}`,
    );
    const again = await sluice('connect', '222233334444', '--customer', 'acme');
    expect(again.out).toContain(first.json.externalId);
    expect(again.out).toContain('--template-url');
    const other = await sluice('connect', '222233334444', '--customer', 'umbrella', '--json');
    expect(other.json.externalId).not.toBe(first.json.externalId);
  });

  it('refuses the role before it is there, and says that nothing was found out where AWS did not answer', async () => {
    const roleArn = 'arn:aws:iam::222233334444:role/sluice/not-yet';
    const refused = await sluice('connect', '222233334444', '--customer', 'acme', '--role-arn', roleArn, '--json');
    expect(refused).toMatchObject({ code: 1, json: { connected: false, code: 'RoleNotAssumable' } });
    const elsewhere = await sluice('connect', '222233334444', '--customer', 'acme', '--role-arn', 'arn:aws:iam::222233334444:role/x');
    expect(elsewhere.out).toContain('only roles under /sluice/ can be used');
    const unknown = await sluice('connect', '555566667777', '--customer', 'acme', '--role-arn', 'arn:aws:iam::555566667777:role/sluice/x');
    expect(unknown).toMatchObject({ code: 1, out: expect.stringContaining('sluice connect 555566667777 --customer acme') });
  });

  it.each([
    ['throttling', { fault: 'throttle', count: 'always' }],
    ['an answer that is lost', { fault: 'drop', count: 'always' }],
    ['keys that expired', { fault: 'error', code: 'ExpiredTokenException', status: 403, count: 'always' }],
    ['an error of AWS', { fault: 'error', code: 'InternalFailure', status: 500, count: 'always' }],
  ])(
    'stores nothing after %s: that proves nothing',
    async (_, fault) => {
      const { json } = await sluice('connect', '222233334444', '--customer', 'acme', '--template-url', TEMPLATES, '--json');
      const { RoleArn = '' } = await follow(json.quickCreate, '222233334444');
      await aws('POST', '/_faults', { action: 'sts:AssumeRole', ...fault });
      const proof = await sluice('connect', '222233334444', '--customer', 'acme', '--role-arn', RoleArn, '--json');
      await fetch(`${ready['aws']}/_faults`, { method: 'DELETE' });
      expect(proof).toMatchObject({ code: 1, json: { connected: false, code: 'Inconclusive' } });
      expect((await sluice('connect', '222233334444', '--customer', 'acme', '--json')).json.roleArn).toBeNull();
    },
    20_000,
  );

  it('refuses a role that lets in a wrong external ID or none, proved by the function with its own keys', async () => {
    const { json } = await sluice('connect', '222233334444', '--customer', 'acme', '--template-url', TEMPLATES, '--json');
    await follow(json.quickCreate, '222233334444');
    const open = readFileSync(join(root, 'infra', 'customer', 'read.yaml'), 'utf8').replace(
      /'sts:ExternalId': !Ref ExternalId/,
      "'aws:PrincipalIsAWSService': 'false'",
    );
    const parameters = { OperatorAccountId: '000000000000', OperatorStage: 'local', ExternalId: json.externalId };
    const made = await aws('PUT', '/_stacks', { accountId: '222233334444', stackName: 'sluice-open', template: open, parameters });
    const roleArn = made.body['outputs'].RoleArn;
    const proof = await sluice('connect', '222233334444', '--customer', 'acme', '--role-arn', roleArn, '--json');
    expect(proof).toMatchObject({ code: 1, json: { connected: false, code: 'TrustTooOpen' } });
    const attempts = (await callsOf('AssumeRole')).filter((call) => call['parameters'].RoleArn === roleArn);
    expect(attempts.length).toBeGreaterThan(0);
    for (const attempt of attempts) expect(attempt['sessionName']).toMatch(/^sluice\.sluice-local\.prove\./);
  });

  it('connects, and lists what the write policy needs, by a link that makes its stack', async () => {
    const services = { web: arnOf('web', '222233334444'), worker: arnOf('worker', '222233334444') };
    const { roleArn } = await connected('acme', '222233334444', services);
    const enabled = await sluice('enable', 'web', '--customer', 'acme', '--region', 'eu-west-1', '--template-url', TEMPLATES, '--json');
    expect(enabled).toMatchObject({
      code: 0,
      json: {
        accountId: '222233334444',
        roleName: roleArn.slice(roleArn.lastIndexOf('/') + 1),
        // In a local run services without a mode are on, so that both are listed.
        stacks: [{ stackName: 'sluice-acme-write', services: [services.web, services.worker] }],
      },
    });
    const [stack] = enabled.json.stacks;
    expect(stack.update).toContain(
      'aws cloudformation update-stack --region eu-west-1 --stack-name sluice-acme-write --use-previous-template',
    );
    await follow(stack.quickCreate, '222233334444');
    const text = await sluice('enable', 'acme/web');
    expect(text.out).toContain(`    "${services.web}",`);
    expect(text.out).toContain('web is on: it is scaled as soon as the policy lists it.');
  });

  it('keeps two customers apart in every command, in one account and under the same names', async () => {
    const services = { api: arnOf('api-of-acme') };
    const acme = await connected('acme', SHARED, services);
    const umbrella = await connected('umbrella', SHARED, { api: arnOf('api-of-umbrella') });
    expect(acme.externalId).not.toBe(umbrella.externalId);

    // The other's role, by its ARN: it does not trust the own ID.
    const stolen = await sluice('connect', SHARED, '--customer', 'umbrella', '--role-arn', acme.roleArn, '--json');
    expect(stolen).toMatchObject({ code: 1, json: { connected: false, code: 'RoleNotAssumable' } });

    const seen = [
      await sluice('services', '--customer', 'umbrella', '--json'),
      await sluice('services', '--customer', 'umbrella'),
      await sluice('decisions', 'api', '--customer', 'umbrella', '--json'),
      await sluice('enable', 'api', '--customer', 'umbrella', '--json'),
      await sluice('pause', 'api', '--customer', 'umbrella', '--json'),
      await sluice('resume', 'api', '--customer', 'umbrella', '--json'),
      await sluice('connect', SHARED, '--customer', 'umbrella', '--json'),
    ];
    for (const { code, out, err } of seen) {
      expect(code).toBe(0);
      for (const secret of ['acme', acme.externalId, acme.roleArn]) expect(`${out}${err}`).not.toContain(secret);
    }
    for (const command of ['decisions', 'enable', 'pause', 'resume']) {
      const refused = await sluice(command, 'worker', '--customer', 'umbrella');
      expect(refused).toMatchObject({ code: 2, out: '' });
      expect(refused.err).not.toContain('acme');
    }
    const foreign = await sluice('disconnect', '222233334444', '--customer', 'umbrella');
    // Prepared for umbrella above, and nothing more: what goes is umbrella's own.
    expect(foreign).toMatchObject({ code: 0, out: expect.stringContaining('No service of it was under care.') });
    expect(await sluice('disconnect', '222233334444', '--customer', 'umbrella')).toMatchObject({
      code: 2,
      err: expect.stringContaining('not connected for customer umbrella'),
    });
    expect((await sluice('services', '--customer', 'acme', '--json')).json.services).toHaveLength(3);
  }, 20_000);

  it.each([
    ['acme', 'umbrella'],
    ['umbrella', 'acme'],
  ])(
    'shows and changes for %s what is its own alone, by every command that takes a customer',
    (own, other) => expectOwnOnly(sluice, { own, other, service: 'api', account: SHARED }),
    30_000,
  );

  it('disconnects one customer at once, takes nothing of the other, and prints what deletes the stacks', async () => {
    const gone = await sluice('disconnect', SHARED, '--customer', 'acme', '--region', 'eu-west-1', '--delete-history', '--json');
    expect(gone).toMatchObject({ code: 0, json: { services: [{ name: 'api', arn: arnOf('api-of-acme') }] } });
    expect(gone.json.deleteStacks).toEqual(
      ['sluice-acme-write', 'sluice-acme-queues', 'sluice-acme'].map(
        (name) => `aws cloudformation delete-stack --region eu-west-1 --stack-name ${name}`,
      ),
    );
    const left = await sluice('services', '--json');
    const names = left.json.services.map((service: Line) => `${service['customer']}/${service['name']}`).sort();
    expect(names).toEqual(['acme/web', 'acme/worker', 'first/web', 'umbrella/api']);
    // Its ID is gone with it: connected again, the account gets another, which the old role does not let in.
    const again = await sluice('connect', SHARED, '--customer', 'acme', '--json');
    expect(again.json.roleArn).toBeNull();
    expect(await sluice('disconnect', '123', '--customer', 'acme')).toMatchObject({
      code: 2,
      err: expect.stringContaining('twelve digits'),
    });
  });
});
