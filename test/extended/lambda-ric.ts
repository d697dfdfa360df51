import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { cacheDir, type Installed, missingPrograms, trouble } from './installed.ts';

const version = '3.3.0';
const home = join(cacheDir, `aws-lambda-ric-${version}`);

/** AWS's own runtime client for Node, which Lambda itself runs functions with; part of it is compiled on installation. */
export function installLambdaRic(): Installed {
  if (process.platform !== 'linux')
    return { kind: 'missing', why: `aws-lambda-ric ${version} is compiled on Linux only, and this is ${process.platform}` };
  if (existsSync(home)) return { kind: 'installed', path: home };
  const missing = missingPrograms({
    cmake: 'cmake',
    autoconf: 'autoconf',
    automake: 'automake',
    libtoolize: 'libtool',
    'g++': 'g++',
    make: 'make',
    python3: 'python3',
  });
  if (missing !== undefined) return { kind: 'missing', why: missing };

  const made = `${home}.${process.pid}`;
  mkdirSync(made, { recursive: true });
  writeFileSync(join(made, 'package.json'), JSON.stringify({ private: true }));
  // The headers beside the running Node spare node-gyp a download from nodejs.org.
  const prefix = resolve(dirname(process.execPath), '..');
  const env = existsSync(join(prefix, 'include/node/node.h')) ? { ...process.env, npm_config_nodedir: prefix } : process.env;
  const failed = trouble('npm', ['install', '--no-audit', '--no-fund', `aws-lambda-ric@${version}`], { cwd: made, env });
  if (failed !== undefined || !existsSync(join(made, 'node_modules/aws-lambda-ric/dist/rapid-client.node'))) {
    rmSync(made, { recursive: true, force: true });
    return { kind: 'missing', why: failed ?? 'aws-lambda-ric was installed, but its native part was not built' };
  }
  renameSync(made, home);
  return { kind: 'installed', path: home };
}

/** The installed runtime client, where a run of the extended tests has brought it. */
export const installedLambdaRic = (): string | undefined => (existsSync(home) ? home : undefined);

export interface FunctionProcess {
  readonly process: ChildProcess;
  /** Rejects when the process ends, which Lambda's never does of itself: nothing that it still owes will come. */
  readonly ended: Promise<never>;
  /** What it has written so far. */
  output(): string;
}

/**
 * Starts a built function as Lambda does: a process of its own, which asks the Runtime API for its events. Of this
 * process's environment it sees PATH alone, so that no credentials of the machine reach it.
 */
export function startFunction(
  ric: string,
  distFolder: string,
  name: string,
  runtimeApi: string,
  env: Readonly<Record<string, string>>,
): FunctionProcess {
  const taskRoot = join(distFolder, 'functions', name);
  const child = spawn(process.execPath, [join(resolve(ric), 'node_modules/aws-lambda-ric/bin/index.mjs'), 'index.handler'], {
    cwd: taskRoot,
    env: {
      PATH: process.env['PATH'] ?? '',
      LAMBDA_TASK_ROOT: taskRoot,
      AWS_LAMBDA_RUNTIME_API: runtimeApi,
      AWS_LAMBDA_FUNCTION_NAME: `sluice-dev-${name}`,
      // Deployed functions run on a newer Node than the oldest that a laptop may have.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const keep = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the function's process ended with code ${code}`)));
  });
  ended.catch(() => undefined);
  return { process: child, ended, output: () => text };
}
