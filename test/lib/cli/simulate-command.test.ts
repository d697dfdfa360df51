import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../../lib/cli/program.ts';
import { aTerminal } from './terminal.ts';

let folder: string;
const path = (name: string) => join(folder, name);

const CONFIG = `services:
  web:
    arn: arn:aws:ecs:us-east-1:111122223333:service/shop/web
    mode: off
    tasks: { min: 2, max: 12 }
    scale: [{ request-queue-time: { p95: 80ms } }]
  worker:
    arn: arn:aws:ecs:us-east-1:111122223333:service/shop/worker
    tasks: { min: 0, max: 9 }
    scale: [{ job-latency: { queues: [mailers], target: 10s } }]
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-simulate-'));
  writeFileSync(
    path('web.csv'),
    `t_seconds,rate_rps\n${Array.from({ length: 20 }, (_, i) => `${i * 60},${i < 10 ? 20 : 60}`).join('\n')}\n`,
  );
  writeFileSync(
    path('work.jobs.csv'),
    `t_seconds,service_s\n${Array.from({ length: 150 }, (_, i) => `${i * 5},${10 + (i % 5) * 4}`).join('\n')}\n`,
  );
  writeFileSync(path('bad.csv'), 't_seconds,rate_rps\n0,1\n60,-1\n180,NaN\n');
  writeFileSync(path('sluice.yml'), CONFIG);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  const terminal = aTerminal();
  const code = await runCommandLine(['simulate', ...args], '1.2.3', terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}
const json = async (...args: string[]) => JSON.parse((await run('--json', ...args)).out);

describe('sluice simulate', () => {
  test('prints one JSON object with the whole contract, and nothing else', async () => {
    const { code, out, err } = await run('--trace', path('web.csv'), '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.trim().split('\n')).toHaveLength(1);
    const number = expect.any(Number);
    expect(JSON.parse(out)).toEqual({
      trace: 'web',
      scaler: 'sluice',
      seed: 1,
      parameters: {
        kind: 'requests',
        // Ten tasks of eight places at 200 ms carry 400 req/s; the trace has 40.
        scale: 10,
        serviceTimeMs: 200,
        serviceTimeCv: 1,
        concurrency: 8,
        startUpMs: 23_000,
        sloMs: 200,
        min: 1,
        max: 200,
        graceSeconds: 30,
        faults: [],
      },
      violationMinutes: number,
      lateShare: number,
      queueTimeMs: { p50: number, p95: number, p99: number, max: number },
      taskHours: number,
      overProvisionedTaskHours: number,
      actions: number,
      reversals: number,
      maxTasks: number,
      lostJobs: 0,
      recoverySeconds: number,
      spec: { thetaU: number, thetaO: number, tauU: number, tauO: number, upsilon: number },
    });
  });

  test('of jobs takes service times from the file, one at a time and 30 s as the SLO', async () => {
    const { parameters } = await json('--trace', path('work.jobs.csv'), '--service-time-scale', '0.5');
    expect(parameters).toMatchObject({ kind: 'jobs', scale: 0.5, serviceTimeMs: 9_000, concurrency: 1, sloMs: 30_000 });
  });

  test('takes every option of the model', async () => {
    const { seed, parameters } = await json(
      ...['--trace', path('web.csv'), '--scale', '3', '--service-time', '100ms', '--service-time-cv', '2', '--concurrency', '4'],
      ...['--startup', '1m', '--slo', '50ms', '--min', '2', '--max', '7', '--seed', '9', '--faults', 'reset@5m,throttle@6m+30s'],
    );
    expect(seed).toBe(9);
    expect(parameters).toMatchObject({
      scale: 3,
      serviceTimeMs: 100,
      serviceTimeCv: 2,
      concurrency: 4,
      startUpMs: 60_000,
      sloMs: 50,
      min: 2,
      max: 7,
    });
    expect(parameters.faults).toEqual([
      { kind: 'reset', from: 300, to: 300 },
      { kind: 'throttle', from: 360, to: 390 },
    ]);
  });

  test('is the same under the same seed', async () => {
    const args = ['--trace', path('web.csv'), '--seed', '5'];
    expect(await json(...args)).toEqual(await json(...args));
  });

  test("runs a service of a policy file with its own bounds and SLO, but for the options' own", async () => {
    const web = await json('--trace', path('web.csv'), '--config', path('sluice.yml'), '--service', 'web');
    expect(web.parameters).toMatchObject({ sloMs: 80, min: 2, max: 12 });
    expect(web.actions).toBeGreaterThan(0);
    const worker = await json('--trace', path('work.jobs.csv'), '--config', path('sluice.yml'), '--service', 'worker', '--max', '5');
    expect(worker.parameters).toMatchObject({ sloMs: 10_000, min: 0, max: 5 });
  });

  test.each(['static-mean', 'static-peak', 'clairvoyant', 'keda-hpa'])('runs %s instead', async (scaler) => {
    expect(await json('--trace', path('web.csv'), '--scaler', scaler)).toMatchObject({ scaler });
  });

  test('tells people in words, and that the trace was scaled', async () => {
    const { code, out } = await run('--trace', path('web.csv'));
    expect(code).toBe(0);
    expect(out).toMatch(/^trace +web, load × 10, for a mean demand of ten tasks$/m);
    expect(out).toMatch(/^violation minutes +\d+$/m);
    expect(out).toMatch(/^task-hours +[\d.]+, [\d.]+ of them over the demand$/m);
  });

  test('draws a picture that stands alone', async () => {
    const { code } = await run('--trace', path('web.csv'), '--chart', path('run.svg'), '--json');
    const svg = readFileSync(path('run.svg'), 'utf8');
    expect(code).toBe(0);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    for (const part of [
      'class="traffic"',
      'class="running"',
      'class="needed"',
      'class="out"',
      'class="queue"',
      'class="slo"',
      'SLO 200 ms',
    ])
      expect(svg).toContain(part);
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).not.toMatch(/NaN|undefined|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  });

  test('tells everything that is wrong at once, and exits with 2', async () => {
    const { code, out, err } = await run(
      ...['--trace', path('bad.csv'), '--scaler', 'magic', '--slo', '3', '--min', '9', '--max', '4', '--seed', 'x', '--faults', 'flood@1h'],
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.trim().split('\n')).toEqual([
      '--slo: has to be a length of time over 0 with its unit (200ms, 30s, 10m), not "3"',
      expect.stringContaining('there is no fault "flood"'),
      '--min 9 is over --max 4',
      '--seed: has to be a whole number from 0, not "x"',
      expect.stringContaining('--scaler: there is no "magic"; there are sluice, '),
      `${path('bad.csv')}:3: rate_rps is negative: -1`,
      `${path('bad.csv')}:4: a gap: t_seconds goes from 60 to 180, the step before was 60, so that 1 row is missing`,
      `${path('bad.csv')}:4: rate_rps is not a number: "NaN"`,
      '(--help tells more)',
    ]);
  });

  test('tells what is wrong with values together with options that there are not, before anything runs', async () => {
    const { code, out, err } = await run('--wat', '--trace', '/nowhere/at.all', '--slo', '3', '--chart', '/nowhere/a.svg');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const part of ["unknown option '--wat'", '/nowhere/at.all: there is no such file', '--slo: has to be', '--chart: /nowhere/a.svg'])
      expect(err).toContain(part);
  });

  test("holds --min and --max to the policy's own bounds where only one of them is given", async () => {
    const args = ['--trace', path('web.csv'), '--config', path('sluice.yml'), '--service', 'web'];
    expect((await run(...args, '--min', '13')).err).toContain('--min 13 is over the largest number of tasks, which is 12 unless --max');
    expect((await run(...args, '--max', '1')).err).toContain('--max 1 is under the least number of tasks, which is 2 unless --min');
    expect((await json(...args, '--min', '250', '--max', '300')).parameters).toMatchObject({ min: 250, max: 300 });
  });

  test.each([
    ['a file that is not there', ['--trace', '/nowhere/at.all'], 'there is no such file'],
    [
      'a policy for another scaler',
      ['--config', 'sluice.yml', '--service', 'web', '--scaler', 'nomad'],
      'a policy is run by sluice, not by nomad',
    ],
    ['a service that is not in the file', ['--config', 'sluice.yml', '--service', 'api'], 'has no "api"; it has web, worker'],
    ['no service where there are several', ['--config', 'sluice.yml'], 'has several services, name one of web, worker'],
    ['a service without a policy file', ['--service', 'web'], 'give it with --config'],
    [
      'a service that the trace does not feed',
      ['--config', 'sluice.yml', '--service', 'worker'],
      'worker has no target on request-queue-time',
    ],
    ['a picture in a folder that is not there', ['--chart', '/nowhere/a.svg'], '/nowhere/a.svg cannot be written'],
  ])('refuses %s', async (_name, args, part) => {
    const trace = args.includes('--trace') ? [] : ['--trace', path('web.csv')];
    const { code, err } = await run(...trace, ...args.map((arg) => (arg === 'sluice.yml' ? path(arg) : arg)));
    expect(code).toBe(2);
    expect(err).toContain(part);
  });
});
