import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { sdkModule, sdkPackages, timersModule } from './sdk/sdk-modules.ts';

export const root = resolve(import.meta.dirname, '../..');

/** One change of the text of one production file, made in memory while it is bundled. */
export interface Patch {
  readonly file: string;
  /** Occurs in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** @throws where `find` is not in the file exactly once: the code has moved on and the patch has to follow. */
export function patched({ file, find, replace }: Patch): string {
  const text = readFileSync(join(root, file), 'utf8');
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`${file}: the text to change occurs ${parts.length - 1} times, and has to occur once:\n${find}`);
  return parts.join(replace);
}

const simulatedEdges = (patch: Patch | undefined): Plugin => ({
  name: 'simulated-edges',
  setup(builder) {
    builder.onResolve({ filter: /^@aws-sdk\// }, ({ path }) => (sdkPackages.includes(path) ? { path, namespace: 'simulated' } : undefined));
    builder.onResolve({ filter: /^node:timers$/ }, ({ path }) => ({ path, namespace: 'simulated' }));
    builder.onLoad({ filter: /./, namespace: 'simulated' }, ({ path }) => ({
      contents: path === 'node:timers' ? timersModule : sdkModule(path),
      loader: 'js',
    }));
    if (patch === undefined) return;
    const target = join(root, patch.file);
    builder.onLoad({ filter: /\.ts$/ }, ({ path }) => (path === target ? { contents: patched(patch), loader: 'ts' } : undefined));
  },
});

const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  absWorkingDir: root,
  logLevel: 'error',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
} as const;

/** The system as deployed, at the edges of the simulation; with one change where a mutant is made. */
export async function bundleSystem(file: string, patch?: Patch): Promise<void> {
  await build({
    ...common,
    entryPoints: [join(root, 'test/faults/system-under-test.ts')],
    outfile: file,
    plugins: [simulatedEdges(patch)],
    define: {
      setTimeout: 'globalThis.sluiceGate.setTimeout',
      clearTimeout: 'globalThis.sluiceGate.clearTimeout',
      'Date.now': 'globalThis.sluiceGate.noDate',
      'Math.random': 'globalThis.sluiceGate.noRandom',
    },
  });
}

/** What drives the system and checks it, of unchanged sources whatever the system is. */
export async function bundleWorker(file: string): Promise<void> {
  await build({ ...common, entryPoints: [join(root, 'test/faults/worker.ts')], outfile: file });
}
