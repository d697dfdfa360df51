import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../lib/cli/program.ts';
import { aTerminal } from '../lib/cli/terminal.ts';
import { build, type Line, type Run, scratch, start } from './local-run.ts';

const ACME = '111122223333';
const BOLT = '444455556666';
const arnOf = (name: string, account = ACME, region = 'eu-west-1') => `arn:aws:ecs:${region}:${account}:service/prod/${name}`;
const home = scratch();
const file = (customer: string, arn: string) =>
  home.write(
    `${customer}.yml`,
    `customer: ${customer}\nservices:\n  web:\n    arn: ${arn}\n    tasks: { min: 1, max: 9 }\n    scale: [{ request-queue-time: { p95: 50ms } }]\n`,
  );

let run: Run;
let ready: Line;
beforeAll(async () => {
  build();
  const configs = [file('acme', arnOf('web')), file('bolt', arnOf('web', BOLT))].flatMap((path) => ['--config', path]);
  run = start(['dev', '--json', '--port', '0', '--aws-port', '0', '--no-traffic', ...configs], { XDG_RUNTIME_DIR: home.path });
  ready = await run.until((line) => line.type === 'ready', 30_000);
}, 90_000);
afterAll(async () => {
  run.child.kill('SIGKILL');
  await run.ended;
  home.remove();
});

async function sluice(...args: string[]) {
  const terminal = aTerminal({ XDG_RUNTIME_DIR: home.path });
  const code = await runCommandLine([...args, '--url', ready['admin']], '0.0.0', terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}
const put = async (path: string, body: object) => {
  const response = await fetch(`${ready['aws']}${path}`, { method: 'PUT', body: JSON.stringify(body) });
  expect(response.status).toBe(200);
};
const json = async (...args: string[]): Promise<Line> => JSON.parse((await sluice(...args, '--json')).out);
const accountOf = (listed: Line, customer: string) => listed['accounts'].find((account: Line) => account['customer'] === customer);
const result = (examined: Line, check: string) => examined['accounts'][0].checks.find((one: Line) => one['check'] === check);

describe('sluice services', () => {
  it('tells what else there is in connected accounts, by their names, and why some of it cannot be scaled', async () => {
    await put('/_accounts', { accountId: ACME, alias: 'acme-prod', regions: ['eu-west-1', 'us-east-1'] });
    await put('/_services', { arn: arnOf('agent'), schedulingStrategy: 'DAEMON' });
    await put('/_services', { arn: arnOf('jobs', ACME, 'us-east-1'), desiredCount: 3 });
    await put('/_services', { arn: arnOf('rival') });
    await put('/_scalable-targets', { arn: arnOf('rival'), min: 2, max: 6 });
    await put('/_services', { arn: arnOf('hidden', BOLT) });
    await expect.poll(async () => accountOf(await json('services'), 'acme').services.length, { timeout: 40_000, interval: 1_000 }).toBe(4);

    const listed = await json('services', '--customer', 'acme');
    const account = accountOf(listed, 'acme');
    expect(account).toMatchObject({ name: 'acme-prod', findings: [], problem: null });
    const found = Object.fromEntries(account.services.map((service: Line) => [service['name'], service]));
    expect(found['web']).toMatchObject({ underCare: 'web', scalable: true });
    expect(found['agent']).toMatchObject({ underCare: null, scalable: false, code: 'DaemonService' });
    expect(found['rival']).toMatchObject({ scalable: false, code: 'RivalScaler' });
    expect(found['jobs']).toMatchObject({ scalable: true, region: 'us-east-1', desired: 3 });

    const { out, code } = await sluice('services');
    expect(code).toBe(0);
    expect(out).toMatch(/acme +acme-prod \(111122223333\) +eu-west-1 +prod\/agent +1\/1 +no, DaemonService/);
    expect(out).toMatch(/acme +acme-prod \(111122223333\) +us-east-1 +prod\/jobs +\d\/3 +yes/);
  }, 60_000);

  it('shows a customer nothing of another', async () => {
    expect(JSON.stringify(await json('services', '--customer', 'acme'))).not.toContain(BOLT);
    expect(JSON.stringify(await json('services', '--customer', 'bolt'))).not.toContain(ACME);
  });
});

describe('sluice doctor', () => {
  it('finds the keys, the trust and the permissions of a local run in order, and says that no adapter reports', async () => {
    const examined = await json('doctor', ACME);
    expect(examined['checks'].map((check: Line) => `${check['check']}: ${check['result']}`)).toEqual([
      'credential source: ok',
      'caller: ok',
      'clock: ok',
    ]);
    expect(examined['accounts']).toHaveLength(1);
    for (const check of [
      'connected',
      'assumed with its external ID',
      'refused without it',
      'write scope',
      'template',
      'reads',
      'rival scalers',
      'writes',
    ])
      expect(result(examined, check), check).toMatchObject({ result: 'ok' });
    expect(result(examined, 'adapter: web')).toMatchObject({ result: 'wrong', mend: expect.stringContaining('JUDOSCALE_URL') });
    const { code, out } = await sluice('doctor', ACME);
    expect(code).toBe(1);
    expect(out).toMatch(/ok {7}assumed with its external ID/);
    expect(out).toMatch(/WRONG {4}adapter: web: No report/);
    expect(out).toContain('→ Set JUDOSCALE_URL');
  });

  it('ends with 0 where nothing is wrong', async () => {
    const { reportUrl } = Object.values(ready['services'])[0] as Line;
    const body = { pid: 1, container: 'c', config: {}, adapters: {}, metrics: [[Date.now() / 1_000, 5, 'qt', null]] };
    await fetch(`${reportUrl}/v3/reports`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    const { code, out } = await sluice('doctor', ACME, '--customer', 'acme');
    expect(out).toContain('All is well.');
    expect(code).toBe(0);
  });

  it('changed nothing', async () => {
    const { calls } = (await (await fetch(`${ready['aws']}/_calls`)).json()) as { calls: Line[] };
    const writes = calls.filter((call) => call['action'] === 'UpdateService' && call['allowed']);
    expect(writes).toEqual([]);
    expect(calls.filter((call) => call['action'] === 'UpdateService').every((call) => call['parameters'].desiredCount === undefined)).toBe(
      true,
    );
  });

  it('looks at all accounts, and at those of one customer', async () => {
    expect((await json('doctor'))['accounts']).toHaveLength(2);
    const bolt = await json('doctor', '--customer', 'bolt');
    expect(bolt['accounts']).toMatchObject([{ accountId: BOLT }]);
    expect(JSON.stringify(bolt)).not.toContain(ACME);
  });

  it('finds a role that lost its trust or a permission', async () => {
    await fetch(`${ready['aws']}/_faults`, {
      method: 'POST',
      body: JSON.stringify({ action: 'ecs:ListServices', fault: 'deny', count: 1, account: ACME }),
    });
    expect(result(await json('doctor', ACME), 'reads: ecs:ListServices')).toMatchObject({ result: 'wrong' });
  });

  it.each([
    [['doctor', '1111-2222-3333'], 'twelve digits'],
    [['doctor', '999999999999'], 'not known'],
    [['doctor', ACME, '--customer', 'bolt'], 'not known for customer bolt'],
    [['doctor', '--customer', 'No Name'], 'customer'],
  ])('%j is a mistake: exit code 2', async (args, rule) => {
    expect(await sluice(...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(rule) });
  });
});
