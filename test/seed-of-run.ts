/**
 * The seed of all that tests draw. It comes from the content of the commit: every commit is tried with draws of its own, and everybody
 * who runs its tests sees the same ones fail, or none. SLUICE_SEED=N gives another, SLUICE_SEED=random draws one.
 */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';

/** The largest seed that every one of the generators here takes. */
const MOST = 2 ** 31 - 1;

export function seedOfRun(given: string | undefined = process.env['SLUICE_SEED']): number {
  if (given === 'random') return randomInt(1, MOST);
  if (given === undefined) return seedOfTree(treeOfCommit());
  const seed = Number(given);
  if (Number.isSafeInteger(seed) && seed >= 1 && seed <= MOST) return seed;
  throw new Error(`SLUICE_SEED is ${JSON.stringify(given)}: a whole number from 1 to ${MOST} or "random" is needed`);
}

/** Of a tree's name in Git; 1 where there is none (an archive without its history). */
export function seedOfTree(tree: string | undefined): number {
  return tree === undefined ? 1 : (Number.parseInt(tree.slice(0, 8), 16) % MOST) + 1;
}

/** The tree and not the commit: the same content is the same draws, whoever committed it and whoever owns the folder. */
function treeOfCommit(): string | undefined {
  const { status, stdout } = spawnSync('git', ['-c', 'safe.directory=*', 'rev-parse', 'HEAD:./'], {
    cwd: resolve(import.meta.dirname, '..'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const tree = status === 0 ? stdout.trim() : '';
  return /^[0-9a-f]{40,64}$/.test(tree) ? tree : undefined;
}
