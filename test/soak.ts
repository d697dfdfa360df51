/**
 * npm run soak [-- RUNS]: every property of the core with RUNS runs (50,000), those that play hours of a service and those of its
 * memory, too: far more than a change has to wait for. Takes hours. Then hostile input, and the whole system with everything that
 * can go wrong. Draws anew each time, unless SLUICE_SEED says with what; the seed is printed.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { seedOfRun } from './seed-of-run.ts';

const runs = Number(process.argv[2] ?? 50_000);
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`The number of runs is ${JSON.stringify(process.argv[2])}: a whole number from 1 is needed`);
  process.exit(2);
}
const root = resolve(import.meta.dirname, '..');
const began = Date.now();
const seed = seedOfRun(process.env['SLUICE_SEED'] ?? 'random');
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--testTimeout', String(6 * 3_600_000), 'properties'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, SLUICE_PROPERTY_RUNS: String(runs), SLUICE_SEED: String(seed) } },
);
console.log(
  `properties with SLUICE_PROPERTY_RUNS=${runs} SLUICE_SEED=${seed}, ${Math.round((Date.now() - began) / 1_000)} s, ${status === 0 ? 'all held' : 'FAILED'}`,
);

/** Hostile input (test/fuzz/run.ts): a million cases, or fewer in proportion where RUNS is given. */
const cases = process.argv[2] === undefined ? 1_000_000 : runs * 6;
const fuzz = spawnSync(
  process.execPath,
  ['--import', 'tsx', join(root, 'test/fuzz/run.ts'), '--cases', String(cases), '--seed', String(seed)],
  {
    cwd: root,
    stdio: 'inherit',
  },
);

/** The whole system with everything that can go wrong (test/faults): ten thousand seeds, or fewer in proportion where RUNS is given. */
const seeds = process.argv[2] === undefined ? 10_000 : Math.max(1, Math.round(runs / 10));
const faults = spawnSync(
  process.execPath,
  ['--import', 'tsx', join(root, 'test/faults/simulate.ts'), '--seeds', String(seeds), '--from', String(seed)],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
process.exit([status, fuzz.status, faults.status].map((code) => code ?? 1).find((code) => code !== 0) ?? 0);
