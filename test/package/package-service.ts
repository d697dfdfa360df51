import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { namesInZip } from './names-in-zip.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

export interface PackagedService {
  /** The CloudFormation template that a deployment would send. */
  readonly template: Template;
  /** Function name → paths in its archive. */
  readonly archives: Readonly<Record<string, readonly string[]>>;
}

export interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default?: string | number }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
}

export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: string | readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: what CloudFormation allows here has no type, and tests compare whole values
  readonly Properties: any;
}

/**
 * What `npm run package` makes, in a copy of the project's files and without network or credentials.
 * The answer is kept under .cache by the contents of what it depends on, since osls takes seconds.
 */
export async function packageService(): Promise<PackagedService> {
  const kept = join(root, '.cache', 'package', `${await fingerprint()}.json`);
  const before = await readFile(kept, 'utf8').catch(() => undefined);
  if (before !== undefined) return parse(before);

  const copy = await mkdtemp(join(tmpdir(), 'sluice-package-'));
  try {
    for (const path of ['serverless.yml', 'package.json', 'infra']) await cp(join(root, path), join(copy, path), { recursive: true });
    await run(process.execPath, [join(root, 'build.js'), '--out', join(copy, 'dist')]);
    await run(process.execPath, [join(root, 'node_modules/osls/bin/serverless.js'), 'package'], {
      cwd: copy,
      env: noWayOut(copy),
      timeout: 40_000,
    });
    const made = join(copy, '.serverless');
    const archives: Record<string, string[]> = {};
    for (const file of (await readdir(made)).filter((name) => name.endsWith('.zip')).sort()) {
      archives[file.slice(0, -'.zip'.length)] = namesInZip(await readFile(join(made, file)));
    }
    const template: unknown = JSON.parse(await readFile(join(made, 'cloudformation-template-update-stack.json'), 'utf8'));
    const text = JSON.stringify({ template, archives }, undefined, 1);
    await mkdir(join(root, '.cache', 'package'), { recursive: true });
    await writeFile(`${kept}.${process.pid}`, text);
    await rename(`${kept}.${process.pid}`, kept);
    return parse(text);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** An environment in which any call out fails at once, so that packaging that needs the network cannot pass. */
function noWayOut(home: string): NodeJS.ProcessEnv {
  const nowhere = 'http://127.0.0.1:9';
  return {
    PATH: process.env['PATH'],
    HOME: home,
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    http_proxy: nowhere,
    https_proxy: nowhere,
    AWS_EC2_METADATA_DISABLED: 'true',
    SLS_TELEMETRY_DISABLED: '1',
    SLS_NOTIFICATIONS_MODE: 'off',
  };
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const infra = (await readdir(join(root, 'infra'), { recursive: true }))
    // infra/template.yaml is made from what is packaged.
    .filter((path) => path.endsWith('.yml'))
    .map((path) => join('infra', path));
  const functions = (await readdir(join(root, 'functions'))).map((path) => join('functions', path));
  for (const path of [
    'serverless.yml',
    'package.json',
    'build.js',
    'node_modules/osls/package.json',
    ...infra.sort(),
    ...functions.sort(),
  ]) {
    hash
      .update(path)
      .update('\0')
      .update(await readFile(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 24);
}

function parse(text: string): PackagedService {
  const value: unknown = JSON.parse(text);
  if (!isPackaged(value)) throw new Error('what osls packaged has no template with Resources');
  return value;
}

function isPackaged(value: unknown): value is PackagedService {
  const template = typeof value === 'object' && value !== null && 'template' in value ? value.template : undefined;
  return typeof template === 'object' && template !== null && 'Resources' in template && 'Parameters' in template;
}
