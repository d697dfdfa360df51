import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, type Line, type Run, runToEnd, scratch, start } from './local-run.ts';

const home = scratch();
const arn = 'arn:aws:ecs:eu-west-1:111122223333:service/prod/web';
const file = `customer: acme\nservices:\n  web:\n    arn: ${arn}\n    tasks: { min: 2, max: 30 }\n    scale: [{ request-queue-time: { p95: 50ms } }]\n`;
const runs: Run[] = [];

const serveLocally = async (place: string, name: string) => {
  const folder = scratch();
  const config = home.write('acme.yml', file);
  // The machine's own must not be used, wherever they point.
  const env = {
    XDG_RUNTIME_DIR: folder.path,
    AWS_PROFILE: 'of-this-machine',
    AWS_ENDPOINT_URL_STS: 'https://sts.example.com',
    AWS_ROLE_ARN: 'arn:aws:iam::999988887777:role/real',
    SLUICE_TABLE: 'real',
  };
  const run = start(['serve', '--local', place, '--port', '0', '--aws-port', '0', '--no-traffic', '--config', config], env);
  runs.push(run);
  const ready = await run.until((line) => line.type === 'ready', 30_000);
  return { run, ready, name, env: { XDG_RUNTIME_DIR: folder.path } };
};

async function report(url: string): Promise<number> {
  const now = Date.now() / 1_000;
  const metrics = Array.from({ length: 40 }, (_, i) => [now - 1, 1_000 + i, 'qt', null]);
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v3/reports`, { method: 'POST', headers, body: JSON.stringify({ container: 'c', pid: 1, metrics }) });
  return answer.status;
}

const calls = (run: Run) => run.lines().filter(({ type, allowed }) => type === 'call' && allowed === true);

beforeAll(() => void build(), 90_000);
afterAll(async () => {
  for (const run of runs) run.child.kill('SIGKILL');
  await Promise.all(runs.map(({ ended }) => ended));
  home.remove();
});

describe('sluice serve, shown on this machine', () => {
  it.each([
    ['eks', ['AssumeRoleWithWebIdentity 000000000000', 'AssumeRole 111122223333', 'UpdateService 111122223333']],
    ['ecs-profile', ['AssumeRole 000000000000', 'AssumeRole 111122223333', 'UpdateService 111122223333']],
  ])(
    'as %s goes from what the place gives to a changed count, tells its health, and ends with 0 at SIGTERM',
    async (place, chain) => {
      const { run, ready, env } = await serveLocally(place, place);
      const { reportUrl } = ready['services'].web;
      expect(await report(reportUrl)).toBe(200);
      const outcome = await run.until((line) => line.type === 'outcome' && line['service'] === 'web', 15_000);
      expect(outcome).toMatchObject({ outcome: 'applied', function: 'scale' });
      await run.until((line) => line.type === 'call' && line['action'] === 'UpdateService', 5_000);
      const [first, ...rest] = chain;
      const made = calls(run).map(({ action, account }) => `${action} ${account}`);
      expect(made[0]).toBe(first);
      for (const call of rest) expect(made).toContain(call);
      expect(
        calls(run)
          .filter(({ action, account }) => action === 'AssumeRole' && account === '111122223333')
          .every(({ externalId }) => externalId),
      ).toBe(true);
      expect(calls(run).filter(({ action }) => action === 'UpdateService')).toHaveLength(1);

      const { origin } = new URL(reportUrl);
      const health = await fetch(`${origin}/health`);
      expect({ status: health.status, body: await health.json() }).toMatchObject({
        status: 200,
        body: { status: 'ok', rounds: { tick: expect.any(String) } },
      });
      expect((await fetch(`${origin}/health/live`)).status).toBe(200);
      // Commands find it, and its admin API is closed to pages of a browser.
      const status = await runToEnd(['status', '--json'], env);
      expect(JSON.parse(status.stdout).services).toMatchObject([{ name: 'web' }]);
      expect((await fetch(`${ready['admin']}/v1/status`, { headers: { origin: 'https://example.com' } })).status).toBe(403);

      run.child.kill('SIGTERM');
      expect(await run.ended).toMatchObject({ code: 0 });
      expect(run.lines().map(({ type }) => type)).toEqual(expect.arrayContaining(['started', 'draining', 'ended']));
      expect(run.stderr()).toBe('');
    },
    40_000,
  );

  it('has room for a second replica, a process of its own on the same table, which acts upon what it decides, once', async () => {
    const { run, ready } = await serveLocally('eks', 'replica');
    const container = run.lines().find(({ type }) => type === 'environment')?.['env'];
    const second = start(['serve', '--port', '0', '--host', '127.0.0.1', '--drain', '0s'], {
      ...container,
      HOME: home.path,
      // What the SDK says of the Node that the tests run on.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    });
    runs.push(second);
    const { url } = await second.until((line) => line.type === 'started', 15_000);
    expect(await report(ready['services'].web.reportUrl.replace(/^http:\/\/[^/]+/, url))).toBe(200);
    const outcome = await second.until((line) => line.type === 'outcome', 15_000);
    expect(outcome).toMatchObject({ outcome: 'applied', function: 'scale', service: 'web' });
    await run.until((line) => line.type === 'call' && line['action'] === 'UpdateService', 5_000);
    second.child.kill('SIGTERM');
    expect(await second.ended).toMatchObject({ code: 0, stderr: '' });
    expect(calls(run).filter(({ action }) => action === 'UpdateService')).toHaveLength(1);
    expect(run.lines().filter(({ type }) => type === 'outcome')).toEqual([]);
  }, 40_000);

  it('doctor --self tells a pod that its trust is pinned, and one of another service account what is wrong', async () => {
    const { run, ready } = await serveLocally('eks', 'doctor');
    const started = run.lines().find(({ type }) => type === 'started') as Line;
    const [, roleArn, tokenFile] = /web identity: (\S+), with the token in (\S+)/.exec(started['credentials']) ?? [];
    const env = {
      AWS_ROLE_ARN: roleArn,
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: ready['aws'],
      HOME: home.path,
      KUBERNETES_SERVICE_HOST: '10.0.0.1',
    };
    const good = await runToEnd(['doctor', '--self', '--json'], env);
    expect(good, good.stdout + good.stderr).toMatchObject({ code: 0 });
    const checks: Line[] = JSON.parse(good.stdout).checks;
    expect(checks.filter(({ check }) => check.startsWith('trust of the role')).map(({ check, result }) => `${check} ${result}`)).toEqual([
      'trust of the role: sub ok',
      'trust of the role: aud ok',
    ]);
    expect(checks.find(({ check }) => check === 'caller')).toMatchObject({ result: 'ok', what: expect.stringContaining('assumed-role') });

    // The same through the running system, beside what it says of any Sluice.
    const whole = await runToEnd(['doctor', '--json', '--url', ready['admin']], { HOME: home.path });
    const told: Line[] = JSON.parse(whole.stdout).checks;
    expect(told.map(({ check, result }) => `${check} ${result}`)).toEqual(
      expect.arrayContaining(['credential source ok', 'caller ok', 'trust of the role: sub ok', 'trust of the role: aud ok']),
    );

    const noProvider = await runToEnd(['doctor', '--self'], { ...env, AWS_ROLE_ARN: roleArn?.replace('000000000000', '999988887777') });
    expect(noProvider).toMatchObject({ code: 1, stdout: expect.stringContaining('eksctl utils associate-iam-oidc-provider') });
    expect(await runToEnd(['doctor', '111122223333', '--self'], env)).toMatchObject({ code: 2 });
  }, 40_000);
});

describe('sluice serve with something wrong', () => {
  it('tells every mistake of options, environment and credentials at once, with exit code 2, and starts nothing', async () => {
    const credentials = home.write('credentials', '[p]\nrole_arn = nonsense\ncredential_source = EcsContainer\nsource_profile = q\n');
    const env = {
      AWS_PROFILE: 'p',
      AWS_SHARED_CREDENTIALS_FILE: credentials,
      HOME: home.path,
      SLUICE_STAGE: 'Prod',
      SLUICE_HISTORY_DAYS: '0',
    };
    const ended = await runToEnd(['serve', '--parts', 'tick,dance', '--port', '9000', '--admin-port', '9000'], env);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    for (const part of [
      'SLUICE_STAGE',
      'SLUICE_HISTORY_DAYS',
      'AWS_REGION',
      'SLUICE_ACCOUNT_ID',
      '"dance"',
      '--admin-port',
      'source_profile = q and credential_source',
      'no ARN of a role',
    ])
      expect(ended.stderr).toContain(part);
  });

  it('says why where the container endpoint cannot be reached, with exit code 1 and how to mend it', async () => {
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:9/v1/credentials',
      AWS_REGION: 'us-east-1',
      SLUICE_STAGE: 'prod',
      SLUICE_ACCOUNT_ID: '111122223333',
      HOME: home.path,
    };
    const ended = await runToEnd(['serve', '--port', '0'], env);
    expect(ended).toMatchObject({ code: 1, stdout: expect.stringContaining('cannot be reached') });
    expect(ended.stdout).toContain('NO_PROXY');
    const doctor = await runToEnd(['doctor', '--self'], env);
    expect(doctor).toMatchObject({ code: 1, stdout: expect.stringContaining('cannot be reached') });
  }, 30_000);
});
