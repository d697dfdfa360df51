import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { MUTANTS } from '../mutants/mutants.ts';
import { patched, root } from './bundle.ts';
import { FAULT_KINDS } from './fault-kinds.ts';

interface Report {
  readonly seeds: number;
  readonly failed: readonly {
    readonly seed: number;
    readonly violations: readonly { readonly invariant: string; readonly why: string }[];
  }[];
  readonly steps: number;
  readonly hashes: Readonly<Record<string, string>>;
  readonly faults: Readonly<Record<string, number>>;
}

const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
/** What was written, whatever the exit code is: failures are told in the report. */
async function simulate(...args: string[]): Promise<string> {
  const command = [tsx, join(root, 'test/faults/simulate.ts'), ...args];
  const run = promisify(execFile)(process.execPath, command, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  return run.then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout ?? '',
  );
}
const report = async (...args: string[]) => JSON.parse(await simulate('--json', ...args)) as Report;

describe('the whole system under a deterministic scheduler, with everything that can go wrong', () => {
  let hundred: Report;
  beforeAll(async () => {
    hundred = await report('--seeds', '100', '--from', '1');
  }, 600_000);

  it('keeps every invariant, and settles, in a hundred seeds', () => {
    expect(hundred.failed.map(({ seed, violations }) => ({ seed, ...violations[0] }))).toEqual([]);
    expect(hundred.seeds).toBe(100);
  });

  it('meets every kind of fault in them', () => {
    expect(FAULT_KINDS.filter((kind) => (hundred.faults[kind] ?? 0) === 0)).toEqual([]);
  });

  it('takes the same course each time for one seed, alone or among others, and another one for another seed', async () => {
    const again = await report('--seed', '7');
    expect(again.hashes['7']).toBe(hundred.hashes['7']);
    expect(new Set(Object.values(hundred.hashes)).size).toBe(100);
  }, 60_000);

  it('tells a course step by step', async () => {
    const told = await simulate('--seed', '7', '--steps');
    expect(told).toContain('ecs:UpdateService');
    expect(told.trim().split('\n').at(-1)).toMatch(/^1 seeds, 0 failed, \d+ steps, [\d.]+ simulated hours$/);
  }, 60_000);
});

describe('courses that a check once took for broken', () => {
  it.each([
    [100221, 'an hour that comes twice, with a window that begins in it'],
    [100726, 'a report from the future, delivered again in its own present'],
    [101215, 'a service fed by requests that somebody else set to none'],
  ])(
    'seed %i: %s',
    async (seed) => {
      expect((await report('--seed', String(seed))).failed).toEqual([]);
    },
    60_000,
  );
});

describe('mutants', () => {
  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s: changes the code as it is', (_name, mutant) => {
    expect(patched(mutant)).not.toBe('');
  });

  it('each names a seed that is known to find it, so that the suite takes minutes', () => {
    expect(MUTANTS.filter(({ seeds }) => seeds.length === 0).map(({ name }) => name)).toEqual([]);
  });

  it('there is at least one for each invariant that is checked', () => {
    const broken = new Set(MUTANTS.map(({ breaks }) => breaks.slice(0, 1)));
    expect(['1', '2', '3', '4', '5', '6', '7', '8', '9']).toEqual([...broken].filter((digit) => /[1-9]/.test(digit)).sort());
    expect(MUTANTS.some(({ breaks }) => breaks === '10 explained')).toBe(true);
  });
});
