import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, type Installed, missingPrograms, runs, trouble } from './installed.ts';

/**
 * A program of a Python package: from PATH where it is there already, else from a virtual environment under .cache,
 * which is made on first use through pip's own configuration.
 */
export function pythonProgram(program: string, requirement: string): Installed {
  if (runs(program, '--help')) return { kind: 'installed', path: program };
  const venv = join(cacheDir, `venv-${program}`);
  const path = join(venv, 'bin', program);
  if (existsSync(path)) return { kind: 'installed', path };
  const missing = missingPrograms({ python3: 'python3' }) ?? (runs('python3', '-c', 'import ensurepip') ? undefined : missingVenv());
  if (missing !== undefined) return { kind: 'missing', why: missing };
  mkdirSync(cacheDir, { recursive: true });
  const failed =
    trouble('python3', ['-m', 'venv', venv]) ??
    trouble(join(venv, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement]);
  if (failed === undefined) return { kind: 'installed', path };
  // A half-made environment must not be taken for a whole one next time.
  rmSync(venv, { recursive: true, force: true });
  return { kind: 'missing', why: failed };
}

/** Debian ships Python without what `python3 -m venv` needs. */
function missingVenv(): string | undefined {
  const why = 'python3 is here without its venv module: install python3-venv';
  if (process.getuid?.() !== 0 || !runs('apt-get', '--version')) return why;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return (
    trouble('apt-get', ['update', '-qq'], { env }) ??
    trouble('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'python3-venv'], { env })
  );
}
