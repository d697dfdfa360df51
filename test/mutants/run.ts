/**
 * npm run mutants [-- --only TEXT] [--seeds N] [--threads N]: plants one fault after the other in the production code, in memory, and
 * runs the simulation of test/faults against it until an invariant breaks. Ends with 1 where one survives: the simulation would not
 * have seen that fault. A mutant's own seeds come first, which found it before; where the code has moved on and they do not any more,
 * the others are searched. The code as it is has to live through each seed that kills: otherwise it is not the mutant that was found.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleSystem, bundleWorker, patched } from '../faults/bundle.ts';
import type { SeedResult } from '../faults/run-seed.ts';
import { runSeeds } from '../faults/seed-pool.ts';
import { MUTANTS, type Mutant } from './mutants.ts';

/** Seeds that a mutant has to live through to be called a survivor. */
const SEEDS = '60';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    seeds: { type: 'string', default: SEEDS },
    threads: { type: 'string', default: String(Math.max(1, availableParallelism())) },
  },
});
const mutants = MUTANTS.filter(({ name }) => name.includes(values.only));
// All at once, before anything runs: where the code has moved on, the mutants have to follow.
for (const mutant of mutants) patched(mutant);

const folder = mkdtempSync(join(tmpdir(), 'sluice-mutants-'));
const worker = join(folder, 'worker.mjs');
const unchanged = join(folder, 'system.mjs');
const all = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1).filter((seed) => seed % 100 !== 0);
let survived = 0;

/** The first of the seeds in which something breaks. */
async function firstBroken(system: string, seeds: readonly number[], { emphasis = {} }: Mutant): Promise<SeedResult | undefined> {
  let found: SeedResult | undefined;
  await runSeeds({ worker, system, threads: 1, emphasis }, seeds, (result) => {
    if (result.violations.length === 0) return undefined;
    found = result;
    return 'stop';
  });
  return found;
}

/** What is known of the code as it is, by seed and emphasis. */
const asItIs = new Map<string, Promise<SeedResult | undefined>>();
function brokenAsItIs(seed: number, mutant: Mutant): Promise<SeedResult | undefined> {
  const key = `${seed} ${JSON.stringify(mutant.emphasis)}`;
  const known = asItIs.get(key) ?? firstBroken(unchanged, [seed], mutant);
  asItIs.set(key, known);
  return known;
}

async function run(mutant: Mutant, place: number): Promise<void> {
  const system = join(folder, `system-${place}.mjs`);
  await bundleSystem(system, mutant);
  const seeds = [...mutant.seeds, ...all.filter((seed) => !mutant.seeds.includes(seed))];
  const killer = await firstBroken(system, seeds, mutant);
  const [broken] = killer?.violations ?? [];
  if (broken === undefined || killer === undefined) {
    survived += 1;
    console.log(`SURVIVED  ${mutant.name} (${mutant.file}): ${seeds.length} seeds saw nothing`);
    return;
  }
  const { seed } = killer;
  if ((await brokenAsItIs(seed, mutant)) !== undefined) {
    survived += 1;
    console.log(`SURVIVED  ${mutant.name} (${mutant.file}): seed ${seed} breaks without it, too, so that it proves nothing`);
    return;
  }
  const searched = mutant.seeds.includes(seed) ? '' : ', found by searching: write it down as a seed of this mutant';
  console.log(`killed    ${mutant.name}: seed ${seed}, invariant "${broken.invariant}"${searched}`);
}

try {
  await Promise.all([bundleWorker(worker), bundleSystem(unchanged)]);
  const waiting = [...mutants.entries()];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: Number(values.threads) }, lane));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const { user, system: kernel } = process.cpuUsage();
console.log(`${Math.round((user + kernel) / 1_000_000)} s of CPU`);
console.log(`${mutants.length} mutants, ${survived} survived`);
process.exit(survived > 0 ? 1 : 0);
