/**
 * Builds what runs: one ESM bundle per Lambda function, and the command line with its worker entries.
 *
 *   node build.js [--out DIR]         functions and command line
 *   node build.js bench [--out DIR]   the same, and DIR/bench.js
 *
 * npx runs this again on its first use, perhaps while a local run is reading these files: a file is
 * replaced as a whole or left alone where nothing changed, none is removed, nothing is fetched.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { later } from './build/later.js';
import { leanSdk } from './build/lean-sdk.js';

const root = dirname(fileURLToPath(import.meta.url));

/**
 * Options of a function's bundle. `module` before `main` picks the ES modules of the AWS SDK, which can
 * be shaken (386 kB instead of 682 kB for three clients), and the credential providers that Lambda
 * never uses give way to one that reads the environment (271 kB).
 */
const functionOptions = {
  platform: 'node',
  format: 'esm',
  target: 'node22',
  mainFields: ['module', 'main'],
  conditions: ['module', 'import'],
  plugins: [leanSdk],
  alias: { '@aws-sdk/credential-provider-node': join(root, 'lib/aws/lambda-credentials.ts') },
  // What is left of CommonJS asks for Node's own modules by require, which an ES module has not.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
};

/** The command line runs beside its node_modules, and on the oldest Node that package.json allows. */
const localOptions = { platform: 'node', format: 'esm', target: 'node20.19', packages: 'external' };

/** One bundle: the entry and the path of its output under `out`. */
function bundlesOf(out, withBench) {
  const functions = filesIn('functions', '.ts', { deep: false }).map((entry) => {
    const name = basename(entry, '.ts');
    return {
      entry,
      file: join(out, 'functions', name, 'index.mjs'),
      meta: join(out, 'meta', `${name}.json`),
      options: { ...functionOptions, minify: true },
    };
  });
  const local = [
    { entry: 'lib/cli/main.ts', file: join(out, 'cli.js') },
    // A worker thread needs a file of its own: `lib/{local,simulate}/**/x-worker.ts` becomes `dist/x-worker.js`.
    ...[...filesIn('lib/local', '-worker.ts', { deep: true }), ...filesIn('lib/simulate', '-worker.ts', { deep: true })].map((entry) => ({
      entry,
      file: join(out, `${basename(entry, '.ts')}.js`),
    })),
    ...(withBench ? [{ entry: 'bench/index.ts', file: join(out, 'bench.js') }] : []),
  ].map((bundle) => ({ ...bundle, options: localOptions }));
  return [...functions, ...local].filter(({ entry }) => existsSync(join(root, entry)));
}

/** What a function loads later, beside its bundle. */
async function buildModule(build, entry, file) {
  const result = await build({
    ...functionOptions,
    minify: true,
    entryPoints: [entry],
    outfile: file,
    absWorkingDir: root,
    bundle: true,
    write: false,
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const output of result.outputFiles) replaceFile(output.path, Buffer.from(output.contents));
}

/** Files in `folder` that end so, as paths from the root, sorted; none where there is no such folder. */
function filesIn(folder, ending, { deep }) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: deep, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .sort()
    .map((path) => join(folder, path));
}

/** Renamed into place, so that a process that reads the file sees the old one or the new one. */
function replaceFile(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const next = `${path}.${process.pid}.tmp`;
  writeFileSync(next, contents);
  renameSync(next, path);
}

async function loadEsbuild() {
  try {
    return await import('esbuild');
  } catch (error) {
    throw new Error(
      `esbuild could not be loaded (${error.code ?? error.message}). It is a development dependency: run "npm ci --include=dev".`,
    );
  }
}

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string', default: join(root, 'dist') } } });
  const unknown = positionals.filter((word) => word !== 'bench');
  if (unknown.length > 0) throw new Error(`"${unknown.join(' ')}" is not known here. Use: node build.js [bench] [--out DIR]`);

  const { build } = await loadEsbuild();
  const bundles = bundlesOf(resolve(values.out), positionals.includes('bench'));
  const results = await Promise.allSettled(
    bundles.map(async ({ entry, file, meta, options }) => {
      const modules = new Set();
      const plugins = meta ? [...options.plugins, later((path) => modules.add(path))] : [];
      const result = await build({
        ...options,
        plugins,
        entryPoints: [entry],
        outfile: file,
        absWorkingDir: root,
        bundle: true,
        write: false,
        metafile: true,
        legalComments: 'none',
        logLevel: 'warning',
      });
      for (const output of result.outputFiles) replaceFile(output.path, Buffer.from(output.contents));
      for (const path of modules) await buildModule(build, path, join(dirname(file), `${basename(path, '.ts')}.mjs`));
      if (meta) replaceFile(meta, Buffer.from(JSON.stringify(result.metafile)));
      const bytes = result.outputFiles.reduce((sum, output) => sum + output.contents.byteLength, 0);
      return `${relative(root, file).padEnd(34)} ${(bytes / 1000).toFixed(1).padStart(8)} kB`;
    }),
  );
  for (const result of results) if (result.status === 'fulfilled') console.error(result.value);
  const failed = results.flatMap((result, i) => (result.status === 'rejected' ? [bundles[i].entry] : []));
  if (failed.length > 0) throw new Error(`could not be built: ${failed.join(', ')}. What is wrong is said above.`);
}

await main().catch((error) => {
  console.error(`build.js: ${error.message}`);
  process.exitCode = 1;
});
