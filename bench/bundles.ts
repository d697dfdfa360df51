import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { median } from './median.ts';
import type { Table } from './table.ts';

const root = resolve(import.meta.dirname, '..');
const runs = 15;

interface Candidate {
  readonly name: string;
  readonly way: 'ours' | 'default' | 'empty';
  readonly path: string;
}

/**
 * Size and init time of each function, beside an empty handler and beside the same function as esbuild bundles it
 * when told nothing but the platform. Init is the time that a new process takes for `import` of the bundle; processes
 * of all candidates take turns, so that a slow moment of the machine meets them all.
 */
export async function bundles(): Promise<Table> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    const candidates = await makeCandidates(folder);
    const times = new Map<Candidate, number[]>(candidates.map((candidate) => [candidate, []]));
    for (let run = 0; run < runs; run++) for (const [candidate, taken] of times) taken.push(await initMs(candidate.path));
    const measured = await Promise.all(
      candidates.map(async (candidate) => ({
        ...candidate,
        kB: (await stat(candidate.path)).size / 1000,
        ms: median(times.get(candidate) ?? []),
      })),
    );
    const empty = measured.find(({ way }) => way === 'empty');
    const byDefault = (name: string) => measured.find((other) => other.way === 'default' && other.name === name);
    return {
      columns: ['function', 'bundled', 'kB', 'init ms', 'init ÷ empty handler', 'kB ÷ default', 'init ÷ default'],
      rows: measured.map(({ name, way, kB, ms }) => {
        const other = way === 'ours' ? byDefault(name) : undefined;
        return [name, way, kB, ms, empty ? ms / empty.ms : '', other ? kB / other.kB : '', other ? ms / other.ms : ''];
      }),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeCandidates(folder: string): Promise<Candidate[]> {
  const names = (await readdir(join(root, 'functions'))).filter((file) => file.endsWith('.ts')).map((file) => basename(file, '.ts'));
  const empty = join(folder, 'empty.mjs');
  await writeFile(empty, 'export const handler = async () => ({ statusCode: 200 });\n');
  const candidates: Candidate[] = [{ name: 'empty handler', way: 'empty', path: empty }];
  for (const name of names.sort()) {
    const path = join(folder, `${name}.mjs`);
    await build({
      entryPoints: [join(root, 'functions', `${name}.ts`)],
      outfile: path,
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      // Without it what is bundled from CommonJS cannot be loaded at all.
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      logLevel: 'error',
    });
    candidates.push({ name, way: 'ours', path: join(root, 'dist/functions', name, 'index.mjs') }, { name, way: 'default', path });
  }
  return candidates;
}

async function initMs(path: string): Promise<number> {
  const script = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(path).href)}); console.log(performance.now() - t); process.exit()`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
    env: lambdaEnvironment,
  });
  return Number(stdout.trim().split('\n').at(-1));
}

/** What a function finds when it starts; the credentials are those of AWS's documentation. */
const lambdaEnvironment: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  SLUICE_STAGE: 'dev',
  SLUICE_TABLE: 'sluice-dev',
  SLUICE_ACCOUNT_ID: '111122223333',
};
