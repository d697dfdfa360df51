/**
 * npm run simulate:faults -- [--seeds N] [--from SEED] [--seed N [--steps]] [--threads N] [--json]
 *
 * The whole system under a deterministic scheduler, with everything that can go wrong; docs/reliability.md says what. Ends with 1
 * where an invariant was broken, and says how to see the same course again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seedOfRun } from '../seed-of-run.ts';
import { bundleSystem, bundleWorker } from './bundle.ts';
import { FAULT_KINDS, type FaultKind } from './fault-kinds.ts';
import type { SeedResult } from './run-seed.ts';
import { runSeeds } from './seed-pool.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string' },
    seed: { type: 'string' },
    steps: { type: 'boolean', default: false },
    threads: { type: 'string', default: String(Math.max(1, availableParallelism())) },
    json: { type: 'boolean', default: false },
  },
});

const whole = (name: string, text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  console.error(`--${name} is ${JSON.stringify(text)}: a whole number from 1 is needed`);
  process.exit(2);
};
if (values.steps && values.seed === undefined) {
  console.error('--steps tells one course of events: it needs --seed N');
  process.exit(2);
}
const first = whole('from', values.seed ?? values.from ?? String(seedOfRun('random')));
const count = values.seed === undefined ? whole('seeds', values.seeds) : 1;
const threads = whole('threads', values.threads);
if (!values.json && values.seed === undefined) console.log(`${count} seeds from ${first} on, over ${threads} threads`);

const folder = mkdtempSync(join(tmpdir(), 'sluice-faults-'));
const began = performance.now();
const results: SeedResult[] = [];
try {
  const bundles = { worker: join(folder, 'worker.mjs'), system: join(folder, 'system.mjs') };
  await Promise.all([bundleWorker(bundles.worker), bundleSystem(bundles.system)]);
  const seeds = Array.from({ length: count }, (_, i) => first + i);
  await runSeeds(
    { ...bundles, threads },
    seeds,
    (result) => {
      results.push(result);
      if (!values.json) for (const line of failure(result)) console.log(line);
      if (process.stderr.isTTY && results.length % 20 === 0) process.stderr.write(`\r${results.length} of ${count} seeds\r`);
      return undefined;
    },
    values.steps ? (line) => console.log(line) : undefined,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const sum = (of: (result: SeedResult) => number) => results.reduce((total, result) => total + of(result), 0);
const failed = results.filter(({ violations }) => violations.length > 0);
const faults: Partial<Record<FaultKind, number>> = Object.fromEntries(
  FAULT_KINDS.map((kind) => [kind, sum(({ faults: counted }) => counted[kind] ?? 0)]),
);
const seconds = (performance.now() - began) / 1_000;
const hours = sum(({ simulatedMs }) => simulatedMs) / 3_600_000;
if (values.json) {
  const report = {
    seeds: results.length,
    from: first,
    failed: failed.map(({ seed, violations }) => ({ seed, violations })),
    steps: sum(({ steps }) => steps),
    simulatedHours: hours,
    seconds,
    hashes: Object.fromEntries(results.map(({ seed, hash }) => [seed, hash])),
    faults,
  };
  console.log(JSON.stringify(report));
} else {
  for (const [kind, times] of Object.entries(faults)) console.log(`${String(times).padStart(9)}  ${kind}`);
  console.log(`${(results.length / seconds).toFixed(1)} seeds a second, ${Math.round((hours * 3_600) / seconds)} times as fast as life`);
  console.log(`${results.length} seeds, ${failed.length} failed, ${sum(({ steps }) => steps)} steps, ${hours.toFixed(1)} simulated hours`);
}
process.exit(failed.length > 0 ? 1 : 0);

function failure({ seed, violations }: SeedResult): string[] {
  const [broken] = violations;
  if (broken === undefined) return [];
  return [
    `seed ${seed}, step ${broken.step}, ${new Date(broken.at).toISOString()}: invariant "${broken.invariant}" is broken: ${broken.why}`,
    `  again, step by step: npm run simulate:faults -- --seed ${seed} --steps`,
  ];
}
