import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../lib/cli/program.ts';
import { build, type Ended, type Line, type Run, reportBreach, runToEnd, scratch, start } from './local-run.ts';

const home = scratch();
const env = { XDG_RUNTIME_DIR: home.path };
const arn = (name: string, account = '111122223333') => `arn:aws:ecs:eu-west-1:${account}:service/prod/${name}`;
const policy = (min: number, max = 30) => `tasks: { min: ${min}, max: ${max} }\n    scale: [{ request-queue-time: { p95: 50ms } }]`;
const acmeFile = (min: number) =>
  `customer: acme\nservices:\n  web:\n    arn: ${arn('web')}\n    ${policy(min)}\n  api:\n    arn: ${arn('api')}\n    ${policy(1)}\n`;

let run: Run;
let ready: Line;
const driven = new Set<string>();

/** One command as a process of its own, which finds the local run by itself. */
async function sluice(...args: string[]): Promise<Ended> {
  driven.add(args[0] ?? '');
  return runToEnd(args, env);
}
/** The same with --json, in this process, which is quicker: exit code 0, one document on stdout and nothing else. */
async function json(...args: string[]): Promise<Line> {
  driven.add(args[0] ?? '');
  const said = { out: '', err: '' };
  const code = await runCommandLine([...args, '--json'], '0.0.0', {
    env,
    now: () => Date.now(),
    stdout: { write: (more) => (said.out += more) },
    stderr: { write: (more) => (said.err += more) },
  });
  expect({ code, ...said }, said.err).toMatchObject({ code: 0 });
  return JSON.parse(said.out);
}
async function text(...args: string[]): Promise<string> {
  const ended = await sluice(...args);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return ended.stdout;
}

const report = (name: string) => reportBreach(ready['services'][name].reportUrl);
const changeOf = async (summary: RegExp) =>
  (await json('changes', '--customer', 'acme'))['changes'].findLast((change: Line) => summary.test(change['summary']))?.id;

beforeAll(async () => {
  build();
  const acme = home.write('acme.yml', acmeFile(2));
  const umbrella = home.write(
    'umbrella.yml',
    `customer: umbrella\nservices:\n  jobs:\n    arn: ${arn('jobs', '444455556666')}\n    ${policy(1)}\n`,
  );
  run = start(['dev', '--json', '--port', '0', '--aws-port', '0', '--no-traffic', '--config', acme, '--config', umbrella], env);
  ready = await run.until((line) => line.type === 'ready', 30_000);
  expect(await report('web')).toBe(200);
  await run.until((line) => line.type === 'outcome' && line['service'] === 'web' && line['outcome'] === 'applied', 15_000);
}, 90_000);
afterAll(async () => {
  run.child.kill('SIGKILL');
  await run.ended;
  home.remove();
});

describe.sequential('every command against a local run', () => {
  it('whoami, services and status tell what there is', async () => {
    const [me, services, status, table] = await Promise.all([
      json('whoami'),
      json('services', '--customer', 'acme'),
      json('status'),
      text('status'),
    ]);
    expect(me).toEqual({ who: 'local', customer: null });
    expect(services['services'].map(({ name }: Line) => name)).toEqual(['api', 'web']);
    expect(status['services']).toHaveLength(3);
    expect(status['services'].find(({ name }: Line) => name === 'web')).toMatchObject({
      floor: 2,
      cap: 30,
      at: expect.stringMatching(/Z$/),
    });
    expect(table).toMatch(/^SERVICE +MODE +TASKS +BOUNDS +READINGS +NOW\n/);
  });

  it('status SERVICE draws its last minutes, explain says why, decisions has each', async () => {
    const [picture, drawn, explained, why, decisions] = await Promise.all([
      text('status', 'web', '--since', '2m'),
      json('status', 'web', '--since', '2m'),
      json('explain', 'web'),
      text('explain', 'web'),
      json('decisions', 'web', '--since', '5m'),
    ]);
    for (const part of ['request-queue-time p95, target 50 ms', 'tasks, 2 to 30', '▲', 'UTC', '█']) expect(picture).toContain(part);
    expect(drawn['points'].length).toBeGreaterThan(0);
    expect(drawn['decisions'][0]).toMatchObject({ outcome: 'applied' });
    expect(explained).toMatchObject({ service: 'web', now: { code: expect.any(String) }, lastScale: { outcome: { outcome: 'applied' } } });
    for (const part of ['Every rule, in its order', 'What would change it', 'Last scaled']) expect(why).toContain(part);
    expect(decisions['decisions'].length).toBeGreaterThan(0);
  });

  it('explain-policy shows every default; of a wrong file every mistake with exit code 2', async () => {
    const good = await text('explain-policy', join(home.path, 'acme.yml'));
    expect(good).toContain('tasks.min');
    expect(good).toContain("HPA's tolerance");
    const bad = home.write('bad.yml', 'services:\n  web:\n    arn: x\n    tasks: { min: 9, max: 1 }\n    scale: []\n');
    const ended = await sluice('explain-policy', bad, '--json');
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr.trim().split('\n')).toHaveLength(3);
  });

  it('diff shows what apply changes, apply does it, changes has it, rollback takes it back', async () => {
    const file = home.write('next.yml', acmeFile(4));
    expect(await text('diff', '-f', file)).toMatch(/~ web\n +tasks\.min +2 → 4/);
    expect(await sluice('diff', '-f', file, '--exit-code')).toMatchObject({ code: 1 });
    const applied = await json('apply', '-f', file);
    expect(applied['services']).toMatchObject([
      { name: 'web', change: 'changed' },
      { name: 'api', change: 'none' },
    ]);
    expect(await text('get', 'web')).toContain('min: 4');
    const id = await changeOf(/^Changed the policy of web/);
    expect(await text('rollback', id, '--customer', 'acme')).toContain('web has the policy from before');
    expect((await json('get', 'web'))['files'][0].services.web.tasks).toEqual({ min: 2, max: 30 });
  });

  it('a wrong file, or a service that ECS does not know, changes nothing of itself', async () => {
    const bad = home.write('worse.yml', `${acmeFile(9)}  no:\n    arn: nonsense\n    ${policy(5, 2)}\n`);
    expect(await sluice('apply', bad)).toMatchObject({ code: 2, stdout: '' });
    const twice = home.write('twice.yml', `customer: acme\nservices:\n  again:\n    arn: ${arn('web')}\n    ${policy(1)}\n`);
    expect(await sluice('apply', twice)).toMatchObject({ code: 1, stdout: expect.stringContaining('ArnInUse') });
    expect((await json('get', '--customer', 'acme'))['files'][0].services).toMatchObject({ web: { tasks: { min: 2 } } });
  });

  it('override, pause, resume and mode change one service, each on record', async () => {
    expect(await text('override', 'api', '--min', '3', '--for', '10m')).toContain('min 3 until');
    await run.until((line) => line.type === 'outcome' && line['service'] === 'api' && line['desiredCount'] === 3, 15_000);
    expect(await json('override', 'api', '--clear')).toMatchObject({ overrides: [] });
    expect(await json('pause', 'api', '--in', '--why', 'release')).toMatchObject({ in: true, out: false });
    expect((await json('explain', 'api'))['pauses']).toMatchObject([{ why: 'release' }]);
    await json('resume', 'api');
    expect(await text('mode', 'api', 'observe')).toContain('on → observe');
    expect(await json('mode', 'api', 'on')).toMatchObject({ before: 'observe', mode: 'on' });
    const record = await text('changes', '--customer', 'acme');
    for (const part of ['Overrode api', 'Paused scaling in of service api', 'Resumed service api', 'from mode on to observe'])
      expect(record).toContain(part);
    expect(await json('changes', '--operator')).toMatchObject({ changes: [] });
  }, 25_000);

  it('token rotates without losing a report', async () => {
    const made = await json('token', 'rotate', 'web');
    expect(made['live']).toHaveLength(2);
    expect(await sluice('token', 'create', 'web')).toMatchObject({ code: 2, stderr: expect.stringContaining('2 live tokens') });
    expect(await report('web')).toBe(200);
    expect(await text('token', 'rotate', 'web', '--finish')).toContain('works nowhere after 2 minutes');
    expect((await json('token', 'list', 'web'))['tokens']).toMatchObject([{ keyId: made['keyId'] }]);
    expect(await text('token', 'revoke', 'web', made['keyId'])).toContain('Live: none');
    expect(await json('token', 'create', 'web')).toMatchObject({ token: expect.stringMatching(/^sl1\.acme\.web\./) });
  }, 20_000);

  it('tail follows decisions and outcomes as lines, and ends by itself when told so, or at Ctrl-C with 0', async () => {
    driven.add('tail');
    const tail = start(['tail', '--json', '--since', '10m', '--for', '2s'], env);
    const ended = await tail.ended;
    expect(ended).toMatchObject({ code: 0 });
    const types = new Set(tail.lines().map(({ type }) => type));
    expect(types).toEqual(new Set(['decision', 'outcome']));
    expect(tail.lines().find(({ type }) => type === 'decision')).toMatchObject({
      customer: expect.any(String),
      at: expect.stringMatching(/Z$/),
    });
    const following = start(['tail', 'web', '--since', '10m'], env);
    // Once it follows: however long a machine under load takes to start it.
    await new Promise<void>((resolve) => following.child.stdout?.once('data', () => resolve()));
    following.child.kill('SIGINT');
    expect(await following.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('applied') });
  }, 15_000);

  it('principal limits a role to a customer', async () => {
    const role = 'arn:aws:iam::000000000000:role/acme-people';
    expect(await json('principal', 'limit', role, '--customer', 'acme')).toEqual({ arn: role, customer: 'acme' });
    expect(await text('principal', 'list')).toContain(role);
    expect(await text('principal', 'free', role)).toContain('no longer limited');
    expect(await sluice('principal', 'limit', 'nobody', '--customer', 'acme')).toMatchObject({ code: 2 });
  });

  it('export writes policy files that apply takes, remove takes a service out of care, and apply brings it back with its token', async () => {
    const folder = join(home.path, 'backup');
    expect((await json('export', folder))['files'].map(({ customer }: Line) => customer)).toEqual(['acme', 'umbrella']);
    expect(readFileSync(join(folder, 'acme.yml'), 'utf8')).toContain('customer: acme');
    expect(await text('remove', 'api', '--yes')).toContain('out of care');
    expect((await json('services', '--customer', 'acme'))['services']).toHaveLength(1);
    const again = await json('apply', '-f', join(folder, 'acme.yml'), '-f', join(folder, 'umbrella.yml'));
    expect(again['services']).toMatchObject([{ change: 'added' }, { change: 'none' }, { change: 'none' }]);
    expect(again['services'][0].reportUrl).toBeUndefined();
    expect(await report('api')).toBe(200);
  }, 15_000);

  it('forget deletes a customer, only when it is said for certain', async () => {
    expect(await sluice('forget', 'umbrella')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await json('forget', 'umbrella', '--yes')).toEqual({ customer: 'umbrella', done: true });
    expect((await json('services'))['services'].map(({ customer }: Line) => customer)).toEqual(['acme', 'acme']);
    expect(await sluice('forget', 'umbrella', '--yes')).toMatchObject({ code: 2 });
  });

  it('completion prints a script for each shell that names the commands and their options', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const script = await text('completion', shell);
      for (const part of ['override', 'rotate', 'exit-code']) expect(script).toContain(part);
    }
    expect(await sluice('completion', 'tcsh')).toMatchObject({ code: 2 });
  });

  it('iam prints what its own check finds right, and refuses all that is missing or wild at once', async () => {
    const scope = ['--account', '111122223333', '--region', 'eu-west-1', '--service', 'prod/web'];
    const printed = JSON.parse(await text('iam', 'scale', ...scope));
    expect(printed['Statement'].map((statement: Line) => statement['Resource'])).toEqual([arn('web'), arn('web')]);
    expect(await text('iam', 'deploy-service', '--example', '--check')).toMatch(/\d+ refused: all of them are\.\n$/);
    const answer = await json('iam', 'irsa', '--example', '--format', 'terraform');
    expect(answer).toMatchObject({ purpose: 'irsa', format: 'terraform', text: expect.stringContaining('resource "aws_iam_role"') });
    expect(answer['calls'].every(({ right }: Line) => right)).toBe(true);
    const refused = await sluice('iam', 'push-image', '--region', 'us-iso-east-1', '--repository', 'shop/*');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr.trim().split('\n')).toHaveLength(3);
    expect(await sluice('iam', 'everything')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('terragrunt') });
  }, 15_000);

  it('mistakes exit with 2 and nothing on stdout, whatever the command', async () => {
    const wrong = [
      ['explain', 'wbe'],
      ['override', 'web'],
      ['override', 'web', '--min', '1', '--for', '1h', '--until', '2026-11-27T18:00:00Z'],
      ['override', 'web', '--until', 'soon', '--min', '1'],
      ['mode', 'web', 'fast'],
      ['rollback', 'nonsense', '--customer', 'acme'],
      ['status', 'web', '--since', '3d'],
      ['token', 'revoke', 'web', 'ffffffff'],
      ['apply'],
      ['changes', '--customer', 'acme', '--operator'],
      ['estimate', '--services', '20'],
    ];
    const ended = await Promise.all(wrong.map((args) => sluice(...args)));
    expect(ended.map(({ code, stdout }) => ({ code, stdout }))).toEqual(wrong.map(() => ({ code: 2, stdout: '' })));
    for (const { stderr } of ended) expect(stderr.trim()).not.toBe('');
  }, 25_000);

  it('estimate prints a bill that adds up', async () => {
    const { lines, total, services } = await json('estimate', '--services', '20', '--tasks', '4');
    expect(services).toBe(20);
    expect(lines.reduce((sum: number, { usd }: Line) => sum + Number(usd), 0)).toBeCloseTo(total, 6);
    expect(await text('estimate', '--services', '20', '--tasks', '4')).toContain('DynamoDB writes');
  });

  it('all of them are driven here or in another test', async () => {
    const { script } = await json('completion', 'bash');
    const [, words = ''] = /^ {4}''\) words='([^']*)'/m.exec(script) ?? [];
    // Whole runs, accounts and comparisons have files of their own.
    const elsewhere = ['dev', 'connect', 'disconnect', 'enable', 'doctor', 'compare', 'simulate', 'serve'];
    const commands = words.split(' ').filter((word) => !word.startsWith('-'));
    expect(commands.length).toBeGreaterThan(20);
    expect(commands.filter((command) => !driven.has(command) && !elsewhere.includes(command))).toEqual([]);
    expect(existsSync(join(home.path, 'backup', 'umbrella.yml'))).toBe(true);
  });
});
