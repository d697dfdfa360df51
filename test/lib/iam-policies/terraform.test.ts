import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hclText, hclValue } from '../../../lib/iam-policies/hcl.ts';
import { permissionsDocument } from '../../../lib/iam-policies/policy-document.ts';
import { terraformText } from '../../../lib/iam-policies/terraform.ts';
import { readHcl } from './read-hcl.ts';
import { SCOPES } from './scopes.ts';

/** A binary of the machine's own, not a dependency. */
const TERRAFORM = 'terraform';
const terraform = (args: readonly string[], cwd: string, input = '') =>
  spawnSync(TERRAFORM, args, {
    cwd,
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, CHECKPOINT_DISABLE: '1' },
  });
const there = terraform(['version'], tmpdir()).status === 0;

test('text that Terraform would take for a template is text', () => {
  expect(hclText('${aws:username} %{x} "q"')).toBe('"$${aws:username} %%{x} \\"q\\""');
  const [resource] = readHcl(`resource "a" "b" {\n  x = ${hclText('${aws:username} %{x}')}\n}\n`);
  expect(resource?.attributes['x']).toBe('${aws:username} %{x}');
});

describe.skipIf(!there)('by Terraform itself', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-iam-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('what is printed is as terraform fmt writes it', () => {
    for (const [i, [, { purpose, grants }]] of SCOPES.entries()) writeFileSync(join(folder, `p${i}.tf`), terraformText(purpose, grants));
    expect(terraform(['fmt', '-check', '-diff', '.'], folder)).toMatchObject({ status: 0, stdout: '' });
    for (let i = 0; i < SCOPES.length; i++) rmSync(join(folder, `p${i}.tf`));
  });

  test('policies come to the JSON that is printed', () => {
    const documents = SCOPES.flatMap(([, { grants }]) => grants.map(permissionsDocument)).slice(0, 12);
    writeFileSync(join(folder, 'locals.tf'), `locals {\n  all = [${documents.map((one) => hclValue(one)).join(',\n')}]\n}\n`);
    const { stdout, stderr, status } = terraform(['console'], folder, 'jsonencode(local.all)\n');
    expect(status, stderr).toBe(0);
    expect(JSON.parse(JSON.parse(stdout))).toEqual(documents);
  });
});
