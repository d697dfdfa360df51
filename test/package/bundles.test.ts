import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bundle, buildInto, readBundle } from './build-into.ts';

const names = ['ingest', 'tick', 'collect', 'scale', 'discover', 'admin'];
const kB = 1000;

let out = '';
const bundles = new Map<string, Bundle>();

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'sluice-bundles-'));
  await buildInto(out);
  for (const name of names) bundles.set(name, await readBundle(out, name));
}, 60_000);
afterAll(() => rm(out, { recursive: true, force: true }));

const bundle = (name: string): Bundle => {
  const found = bundles.get(name);
  if (!found) throw new Error(`no bundle was built for ${name}`);
  return found;
};

describe('function bundles', () => {
  test('every file of functions/ is one of the deployed functions, and the other way round', async () => {
    const files = await readdir(resolve(import.meta.dirname, '../../functions'));
    expect(files.sort()).toEqual(names.map((name) => `${name}.ts`).sort());
  });

  test('ingest is at most 320 kB', () => {
    expect(bundle('ingest').bytes).toBeLessThanOrEqual(320 * kB);
  });

  test.each(names)('%s is at most 400 kB', (name) => {
    expect(bundle(name).bytes).toBeLessThanOrEqual(400 * kB);
  });

  test.each(['explain-service', 'review-services'])('what admin loads later, %s, is a small bundle of its own that loads', async (name) => {
    const path = join(out, 'functions/admin', `${name}.mjs`);
    expect((await stat(path)).size).toBeLessThanOrEqual(100 * kB);
    expect(Object.values(await import(pathToFileURL(path).href)).every((value) => typeof value === 'function')).toBe(true);
  });

  test.each(names)('what %s loads later, for a profile of the shared files, is a small bundle of its own that loads', async (name) => {
    const path = join(out, 'functions', name, 'environment-profile.mjs');
    expect((await stat(path)).size).toBeLessThanOrEqual(60 * kB);
    expect(Object.keys(await import(pathToFileURL(path).href))).toEqual(['profileCredentials']);
  });

  test.each(names)('%s holds nothing that only the local run, the command line or a policy file needs', (name) => {
    const foreign = /^lib\/(local|cli)\/|node_modules\/(yaml|luxon|croner|commander|express|dynalite|judoscale-[a-z-]+)\//;
    expect(bundle(name).inputs.filter((path) => foreign.test(path))).toEqual([]);
  });

  test.each(names)('%s reads credentials from the environment and holds no other provider of them', (name) => {
    expect(bundle(name).inputs).toContain('lib/aws/lambda-credentials.ts');
    const providers = /node_modules\/(@aws-sdk\/credential-provider-|@smithy\/credential-provider-imds)/;
    expect(bundle(name).inputs.filter((path) => providers.test(path))).toEqual([]);
  });

  test('ingest, which the internet reaches, holds no client of STS, ECS or Lambda', () => {
    expect(bundle('ingest').inputs.filter((path) => /node_modules\/@aws-sdk\/client-(?!dynamodb)/.test(path))).toEqual([]);
  });

  test.each(names)('%s holds the ES modules of the AWS SDK, not the CommonJS ones beside them', (name) => {
    expect(bundle(name).inputs.filter((path) => /node_modules\/(@aws-sdk|@smithy)\/[^/]+\/dist-cjs\//.test(path))).toEqual([]);
  });

  test.each(names)('%s exports a handler', async (name) => {
    // Loaded outside of vitest's own module loader, as Lambda would: by Node.
    const { execFile } = await import('node:child_process');
    const url = pathToFileURL(bundle(name).path).href;
    const kind = await new Promise<string>((done, fail) => {
      const script = `import(${JSON.stringify(url)}).then((m) => process.stdout.write(typeof m.handler))`;
      execFile(process.execPath, ['--input-type=module', '-e', script], { env: lambdaEnvironment(name) }, (error, stdout) =>
        error ? fail(error) : done(stdout),
      );
    });
    expect(kind).toBe('function');
  });
});

describe('build.js', () => {
  test('leaves files alone when run again, so that a running process is not disturbed', async () => {
    const look = () =>
      Promise.all(
        names.map(async (name) => {
          const { ino, mtimeMs } = await stat(bundle(name).path);
          return { ino, mtimeMs, text: await readFile(bundle(name).path, 'utf8') };
        }),
      );
    const before = await look();
    await buildInto(out);
    const after = await look();
    // Whoever edits a source between the two builds has another bundle, and rightly so.
    const edited = before.map(({ text }, i) => text !== after[i]?.text);
    expect(after.filter((_, i) => !edited[i])).toEqual(before.filter((_, i) => !edited[i]));
  }, 60_000);

  test('refuses what it does not know', async () => {
    await expect(buildInto(out, ['benhc'])).rejects.toThrow(/"benhc" is not known here/);
  });
});

function lambdaEnvironment(name: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    AWS_LAMBDA_FUNCTION_NAME: `sluice-dev-${name}`,
    SLUICE_STAGE: 'dev',
    SLUICE_TABLE: 'sluice-dev',
    SLUICE_ACCOUNT_ID: '111122223333',
  };
}
