/**
 * npm run check: format and lint, types, unused code, the CloudFormation templates. Every step runs, also after one
 * that failed, so that one run shows all there is to mend. Exit code 1 where any failed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pythonProgram } from './extended/python-program.ts';
import { packageService } from './package/package-service.ts';

type Result = { readonly result: 'passed' | 'failed' } | { readonly result: 'skipped'; readonly why: string };

const root = resolve(import.meta.dirname, '..');

const steps: readonly { readonly name: string; readonly run: () => Result | Promise<Result> }[] = [
  // A registry that lacks a platform's package leaves a hole in the lock file that `npm ci` refuses: "npm run lock" mends it.
  { name: 'lock file (npm ci)', run: () => run('npm', ['ci', '--dry-run', '--ignore-scripts', '--silent']) },
  { name: 'format and lint (biome)', run: () => tool('biome', 'ci', ...(process.stdout.isTTY ? [] : ['--colors=off']), '.') },
  { name: 'types (tsc)', run: () => tool('tsc', '--noEmit', '-p', '.') },
  { name: 'unused code (knip)', run: () => tool('knip', '--no-progress') },
  { name: 'templates (cfn-lint)', run: lintTemplates },
];

function tool(name: string, ...args: string[]): Result {
  return run(join(root, 'node_modules/.bin', name), args);
}

function run(command: string, args: readonly string[]): Result {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(`${command} could not be started: ${error.message}`);
  return { result: status === 0 ? 'passed' : 'failed' };
}

/** What customers install and what is deployed. Without Python there is no cfn-lint: skipped on a laptop, failed in CI. */
async function lintTemplates(): Promise<Result> {
  const found = pythonProgram('cfn-lint', 'cfn-lint>=1.51,<2');
  if (found.kind === 'missing') return process.env['CI'] === 'true' ? failed(found.why) : { result: 'skipped', why: found.why };
  const packaged = join(root, '.cache/package/template.json');
  const { template } = await packageService();
  mkdirSync(join(packaged, '..'), { recursive: true });
  writeFileSync(packaged, JSON.stringify(template));
  const customer = readdirSync(join(root, 'infra/customer'))
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join('infra/customer', name));
  const own = ['infra/template.yaml', 'infra/ci-role.yml'];
  const results = [
    // W3005: osls names the role of each function under DependsOn as well, which is needless and does no harm.
    run(found.path, ['--ignore-checks', 'W3005', '--', packaged]),
    run(found.path, ['--', ...own, ...customer]),
  ];
  return { result: results.some(({ result }) => result === 'failed') ? 'failed' : 'passed' };
}

function failed(why: string): Result {
  console.error(why);
  return { result: 'failed' };
}

const results: { readonly name: string; readonly outcome: Result; readonly seconds: number }[] = [];
for (const { name, run: step } of steps) {
  console.error(`\n── ${name}`);
  const began = performance.now();
  const outcome = await Promise.resolve()
    .then(step)
    .catch((error: unknown) => failed(error instanceof Error ? error.message : String(error)));
  results.push({ name, outcome, seconds: (performance.now() - began) / 1000 });
}

console.error('');
for (const { name, outcome, seconds } of results) {
  console.error(
    `${outcome.result.padEnd(8)} ${name.padEnd(26)} ${seconds.toFixed(1)} s${outcome.result === 'skipped' ? `  (${outcome.why})` : ''}`,
  );
}
process.exitCode = results.some(({ outcome }) => outcome.result === 'failed') ? 1 : 0;
