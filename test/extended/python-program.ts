import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const cache = resolve(import.meta.dirname, '../../.cache');

export type Found = { readonly kind: 'found'; readonly path: string } | { readonly kind: 'missing'; readonly why: string };

/**
 * A program of a Python package: from PATH where it is there already, else from a virtual environment under .cache,
 * which is made on first use through pip's own configuration.
 */
export function pythonProgram(program: string, requirement: string): Found {
  if (spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0) return { kind: 'found', path: program };
  const venv = join(cache, `venv-${program}`);
  const path = join(venv, 'bin', program);
  if (existsSync(path)) return { kind: 'found', path };
  if (spawnSync('python3', ['--version'], { stdio: 'ignore' }).status !== 0)
    return { kind: 'missing', why: 'there is no python3 on this machine' };
  mkdirSync(cache, { recursive: true });
  for (const [command, ...args] of [
    ['python3', '-m', 'venv', venv],
    [join(venv, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement],
  ] as const) {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status === 0) continue;
    // A half-made environment must not be taken for a whole one next time.
    rmSync(venv, { recursive: true, force: true });
    return { kind: 'missing', why: `"${[command, ...args].join(' ')}" failed: ${stderr.trim().split('\n').at(-1) ?? ''}` };
  }
  return { kind: 'found', path };
}
