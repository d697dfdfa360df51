import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../lib/cli/program.ts';
import { aTerminal } from './terminal.ts';

let folder: string;
let web: string;
let jobs: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-compare-'));
  web = join(folder, 'web.csv');
  jobs = join(folder, 'work.jobs.csv');
  writeFileSync(web, `t_seconds,rate_rps\n${Array.from({ length: 15 }, (_, i) => `${i * 60},${i < 6 ? 20 : 60}`).join('\n')}\n`);
  writeFileSync(jobs, `t_seconds,service_s\n${Array.from({ length: 200 }, (_, i) => `${i * 4},${10 + (i % 7) * 8}`).join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  const terminal = aTerminal({});
  const code = await runCommandLine(['compare', ...args], '1.2.3', terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('sluice compare', () => {
  it('prints one JSON document: a run for each trace, scaler and seed, and a pair for each trace and peer', async () => {
    const { code, out, err } = await run(
      '--trace',
      web,
      '--trace',
      jobs,
      '--scalers',
      'sluice,keda-hpa,static-mean',
      '--seeds',
      '2',
      '--json',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { runs, pairs, ...rest } = JSON.parse(out);
    expect(rest).toEqual({});
    expect(runs).toHaveLength(2 * 3 * 2);
    for (const one of runs) {
      expect(Object.keys(one)).toEqual(
        expect.arrayContaining([
          'trace',
          'scaler',
          'seed',
          'parameters',
          'violationMinutes',
          'lateShare',
          'queueTimeMs',
          'taskHours',
          'spec',
        ]),
      );
    }
    expect(pairs).toHaveLength(2);
    for (const pair of pairs) {
      expect(Object.keys(pair).toSorted()).toEqual(['dominated', 'peer', 'trace', 'verdict', 'why']);
      expect(pair).toMatchObject({ peer: 'keda-hpa', verdict: expect.stringMatching(/^(won|lost|tied)$/), dominated: expect.any(Boolean) });
    }
    expect(runs.find(({ trace }: { trace: string }) => trace === 'work.jobs').parameters).toMatchObject({ concurrency: 1, sloMs: 30_000 });
    expect(runs[0].parameters).toMatchObject({ concurrency: 8, sloMs: 200, min: 1, max: 200, startUpMs: 23_000 });
  });

  it('prints tables and what the pairs come to, and writes the page where it was told', async () => {
    const html = join(folder, 'out.html');
    const { code, out, err } = await run('--trace', web, '--scalers', 'sluice,clairvoyant,nomad,judoscale-like', '--html', html);
    expect({ code, err }).toEqual({ code: 0, err: `The page is ${html}.\n` });
    expect(out).toMatch(/^web\nscaler +violation min +late/);
    expect(out).toMatch(/Pairs: \d of 2 won/);
    const page = readFileSync(html, 'utf8');
    for (const scaler of ['sluice', 'clairvoyant', 'nomad', 'judoscale-like']) expect(page).toContain(`${scaler}</b>`);
  });

  it('tells traces of one name apart by their paths', async () => {
    const twin = join(mkdtempSync(join(folder, 'twin-')), 'web.csv');
    writeFileSync(twin, readFileSync(web));
    const { out } = await run('--trace', web, '--trace', twin, '--scalers', 'nomad', '--json');
    expect(JSON.parse(out).runs.map(({ trace }: { trace: string }) => trace)).toEqual([web, twin]);
  });

  it('names everything that is wrong at once, with the lines of bad traces, and exits with 2', async () => {
    const bad = join(folder, 'bad.csv');
    writeFileSync(bad, 't_seconds,rate_rps\n0,1\n60,-2\n120,NaN\n');
    const { code, out, err } = await run(
      '--trace',
      bad,
      '--trace',
      '/nowhere.csv',
      '--scalers',
      'sluice,hope',
      '--league',
      'fifth',
      '--min',
      '9',
      '--max',
      '3',
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const part of [
      'bad.csv:3: ',
      'bad.csv:4: ',
      '/nowhere.csv: there is no such file',
      'there is no "hope"',
      '--league',
      '--min 9 is over --max 3',
    ])
      expect(err).toContain(part);
  });

  it.each([
    ['no trace', [], '--trace'],
    ['a tuned league on one trace', ['--league', 'tuned', '--trace', 'WEB'], 'at least two traces'],
    ['no seed', ['--seeds', '0', '--trace', 'WEB'], 'from 1 to 1000'],
    ['no scaler', ['--scalers', ',', '--trace', 'WEB'], '--scalers'],
    [
      'a page in a folder that is not there',
      ['--scalers', 'nomad', '--html', '/nowhere/out.html', '--trace', 'WEB'],
      '/nowhere/out.html cannot be written',
    ],
  ])('%s is a mistake', async (_, args, rule) => {
    expect(await run(...args.map((arg) => (arg === 'WEB' ? web : arg)))).toMatchObject({ code: 2, err: expect.stringContaining(rule) });
  });
});
