/**
 * npm run test:extended: the tests against servers that are not ours. Brings each (into .cache, through the machine's
 * own package managers), starts it, runs test/extended and says for every leg whether it ran, and why not where it did
 * not. A leg that could not be brought or started is skipped on a laptop and fails the run in CI (CI=true), but for one that no
 * package manager has.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { seedOfRun } from '../seed-of-run.ts';
import { dynamodbLocalCommand, installDynamodbLocal } from './dynamodb-local.ts';
import { found, type Installed, program } from './installed.ts';
import { installLambdaRic } from './lambda-ric.ts';
import { pythonProgram } from './python-program.ts';
import { samPython } from './sam-transform.ts';
import { freePort, type Served, serve, stop } from './serve.ts';

interface Leg {
  readonly name: string;
  /** What tests read to find it; they skip where it is not set. */
  readonly variable: string;
  readonly install: () => Installed;
  /** No package manager has it: where it is not there, CI does not fail for it either. */
  readonly optional?: true;
  /** Absent: nothing to start, the tests want the folder. */
  readonly command?: (path: string, port: number) => { readonly command: string; readonly args: readonly string[] };
}

const legs: readonly Leg[] = [
  {
    name: 'moto (ECS, STS, DynamoDB)',
    variable: 'SLUICE_MOTO_URL',
    install: () => pythonProgram('moto_server', 'moto[server]==5.2.1'),
    command: (path, port) => ({ command: path, args: ['-H', '127.0.0.1', '-p', String(port)] }),
  },
  { name: "AWS's DynamoDB Local", variable: 'SLUICE_DYNAMODB_LOCAL_URL', install: installDynamodbLocal, command: dynamodbLocalCommand },
  { name: "AWS's transform of SAM", variable: 'SLUICE_SAM_PYTHON', install: samPython },
  { name: 'NGINX, as a sidecar', variable: 'SLUICE_NGINX', install: () => program('nginx', 'nginx') },
  // Debian has no package of it: where it was installed by hand, it looks through its configuration itself.
  { name: 'Envoy, as a sidecar', variable: 'SLUICE_ENVOY', install: () => found('envoy'), optional: true },
  { name: 'bundles under aws-lambda-ric', variable: 'SLUICE_RIC_DIR', install: installLambdaRic },
];

const root = resolve(import.meta.dirname, '../..');
const served: Served[] = [];
/** What is drawn is the same for everybody at a commit: that a commit passes does not hang on luck. `npm run soak` draws anew. */
const env: NodeJS.ProcessEnv = { ...process.env, SLUICE_SEED: String(seedOfRun()) };
const report: string[] = [];

for (const { name, variable, install, command, optional } of legs) {
  // A server of one's own may be named beforehand.
  if (env[variable] !== undefined) {
    report.push(`ran      ${name}  (${variable}=${env[variable]})`);
    continue;
  }
  console.error(`── ${name}: looking for it, installing it where needed`);
  const installed = install();
  if (installed.kind === 'missing') {
    report.push(`${optional ? 'absent ' : 'skipped'}  ${name}: ${installed.why}`);
    continue;
  }
  try {
    env[variable] = installed.path;
    if (command) {
      const port = await freePort();
      const { command: program, args } = command(installed.path, port);
      const server = await serve(program, args, port);
      served.push(server);
      env[variable] = server.url;
    }
    report.push(`ran      ${name}`);
  } catch (error) {
    delete env[variable];
    report.push(`skipped  ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const only = process.argv.slice(2);
const tests = spawn(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'vitest.extended.config.ts', ...only],
  {
    cwd: root,
    env,
    stdio: 'inherit',
  },
);
// The tests end by themselves on Ctrl-C; what was started here is stopped below.
process.on('SIGINT', () => undefined);
const [servers] = await once(tests, 'exit');
/** Runs that need no server: what takes too long for every change. */
const long = [
  {
    name: 'properties of the core, hostile input, 300 seeds of the simulation (npm run soak -- 3000)',
    file: 'test/soak.ts',
    args: ['3000'],
  },
  { name: 'mutants of the simulation (npm run mutants)', file: 'test/mutants/run.ts', args: [] },
];
const said = (code: unknown) => (code === 0 ? 'passed ' : 'FAILED ');
report.push(`${said(servers)}  test/extended against all that ran`);
const codes: unknown[] = [servers];
for (const { name, file, args } of only.length > 0 ? [] : long) {
  const run = spawn(process.execPath, ['--import', 'tsx', join(root, file), ...args], { cwd: root, env, stdio: 'inherit' });
  const [ended] = await once(run, 'exit');
  codes.push(ended);
  report.push(`${said(ended)}  ${name}`);
}
await Promise.all(served.map((server) => stop(server.process)));
console.error(`\n${report.join('\n')}`);
const lacking = process.env['CI'] === 'true' ? report.filter((line) => line.startsWith('skipped')).length : 0;
if (lacking > 0) console.error(`failed   CI=true asks for every leg, and ${lacking} of ${legs.length} could not be installed or started`);
process.exitCode = codes.every((code) => code === 0) && lacking === 0 ? 0 : 1;
