import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Where what the extended tests need is kept between runs. */
export const cacheDir = resolve(import.meta.dirname, '../../.cache');

export type Installed = { readonly kind: 'installed'; readonly path: string } | { readonly kind: 'missing'; readonly why: string };

/** Whether a program can be started. */
export const runs = (program: string, ...args: string[]): boolean => spawnSync(program, args, { stdio: 'ignore' }).status === 0;

/** Runs a step of an installation; its last words where it failed, undefined where it did not. */
export function trouble(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): string | undefined {
  const { status, error, stderr, stdout } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26, ...options });
  if (status === 0) return undefined;
  const words = error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-3).join(' | ');
  return `"${[command, ...args].join(' ')}" failed: ${words}`;
}

/** A program of the machine, by its path. */
export function found(name: string): Installed {
  const { status, stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
  return status === 0
    ? { kind: 'installed', path: stdout.trim() }
    : { kind: 'missing', why: `${name} is not installed, and no package of Debian has it` };
}

/** The same, installed where it can be. */
export function program(name: string, debianPackage: string): Installed {
  const missing = missingPrograms({ [name]: debianPackage });
  return missing === undefined ? found(name) : { kind: 'missing', why: missing };
}

/**
 * Makes sure that programs are there, each given with the Debian package that has it: installed by apt-get where this
 * is root on Debian, else named for the reader to install. Answers with what is still missing.
 */
export function missingPrograms(packages: Readonly<Record<string, string>>): string | undefined {
  const missing = () => Object.keys(packages).filter((program) => !runs('sh', '-c', `command -v ${program}`));
  if (missing().length === 0) return undefined;
  if (process.getuid?.() === 0 && runs('apt-get', '--version')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const wanted = [...new Set(missing().map((program) => packages[program] ?? program))];
    const failed =
      trouble('apt-get', ['update', '-qq'], { env }) ??
      trouble('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...wanted], { env });
    if (failed !== undefined) return failed;
  }
  const left = missing();
  if (left.length === 0) return undefined;
  return `${left.join(', ')} not found, and not installable from here: install ${[...new Set(left.map((program) => packages[program] ?? program))].join(' ')}`;
}
