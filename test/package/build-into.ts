import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');

/** One built function: its size and what went into it. */
export interface Bundle {
  readonly path: string;
  readonly bytes: number;
  /** Files that left something in the bundle, as paths from the root. */
  readonly inputs: readonly string[];
}

/** Runs build.js as `prepare` does, into `out`. */
export async function buildInto(out: string, args: readonly string[] = []): Promise<void> {
  await promisify(execFile)(process.execPath, [join(root, 'build.js'), ...args, '--out', out]);
}

/** The bundle of one function below `out`. */
export async function readBundle(out: string, name: string): Promise<Bundle> {
  const path = join(out, 'functions', name, 'index.mjs');
  const meta: unknown = JSON.parse(await readFile(join(out, 'meta', `${name}.json`), 'utf8'));
  return { path, bytes: (await stat(path)).size, inputs: inputsOf(meta, name) };
}

/** From esbuild's metafile: https://esbuild.github.io/api/#metafile */
function inputsOf(meta: unknown, name: string): string[] {
  const outputs = isRecord(meta) && isRecord(meta['outputs']) ? Object.values(meta['outputs']) : [];
  const inputs = outputs.flatMap((output) => (isRecord(output) && isRecord(output['inputs']) ? Object.entries(output['inputs']) : []));
  if (inputs.length === 0) throw new Error(`the metafile of ${name} names no inputs`);
  return inputs.filter(([, input]) => isRecord(input) && Number(input['bytesInOutput']) > 0).map(([path]) => path);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
