import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, type Installed, missingPrograms, runs, trouble } from './installed.ts';

const has = (python: string) => runs(python, '-c', 'import samtranslator');

/** A Python that has AWS's own transform of SAM templates: the machine's, where it has it, else one under .cache. */
export function samPython(): Installed {
  if (has('python3')) return { kind: 'installed', path: 'python3' };
  const venv = join(cacheDir, 'venv-aws-sam-translator');
  const python = join(venv, 'bin', 'python');
  if (existsSync(python) && has(python)) return { kind: 'installed', path: python };
  const missing = missingPrograms({ python3: 'python3' });
  if (missing !== undefined) return { kind: 'missing', why: missing };
  mkdirSync(cacheDir, { recursive: true });
  const failed =
    trouble('python3', ['-m', 'venv', venv]) ??
    trouble(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'aws-sam-translator>=1.110,<2']);
  if (failed === undefined) return { kind: 'installed', path: python };
  rmSync(venv, { recursive: true, force: true });
  return { kind: 'missing', why: failed };
}

/** What CloudFormation makes of a SAM template (JSON) before it deploys it. Code has to be an S3 location by then. */
export function transform(python: string, template: object): unknown {
  const script = `
import json, os, sys
os.environ.setdefault('AWS_DEFAULT_REGION', 'us-east-1')
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
template = json.load(sys.stdin)
print(json.dumps(Translator({}, Parser()).translate(template, {})))`;
  const { status, stdout, stderr } = spawnSync(python, ['-c', script], {
    input: JSON.stringify(template),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    // No account is asked for anything.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], AWS_DEFAULT_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true' },
  });
  if (status !== 0) throw new Error(`the transform of SAM failed: ${stderr.trim().split('\n').slice(-5).join(' | ')}`);
  return JSON.parse(stdout);
}
