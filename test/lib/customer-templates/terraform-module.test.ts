import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parsePolicy } from '../../../lib/iam/policy-document.ts';
import { type Filled, type FormName, fromCloudFormation, inOrder } from './forms.ts';

const module = join(import.meta.dirname, '..', '..', '..', 'infra', 'terraform');
/** A binary of the machine's own, not a dependency. */
const TERRAFORM = 'terraform';
const terraform = (args: readonly string[], cwd: string, input = '') =>
  spawnSync(TERRAFORM, args, {
    cwd,
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, CHECKPOINT_DISABLE: '1' },
  });
const there = terraform(['version'], module).status === 0;

const filled: Filled = {
  partition: 'aws-cn',
  region: 'cn-north-1',
  accountId: '111122223333',
  operatorAccountId: '999988887777',
  operatorStage: 'prod',
  externalId: `sluice-${'0123456789abcdef'.repeat(2)}`,
  services: Array.from({ length: 25 }, (_, i) => `arn:aws-cn:ecs:cn-north-1:111122223333:service/shop/s${i}`),
  queues: ['arn:aws-cn:sqs:cn-north-1:111122223333:imports'],
  clusterRegion: 'cn-north-1',
  clusterName: 'shop',
};

const fromTemplate = (name: FormName, values = filled) => inOrder(fromCloudFormation(name, values));

/** By Terraform itself, without AWS's provider: the resources, which need it, are left out. */
describe.skipIf(!there)('the Terraform module', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-terraform-'));
    for (const name of ['policies.tf.json', 'chosen.tf', 'variables.tf']) copyFileSync(join(module, name), join(folder, name));
    writeFileSync(join(folder, 'stub.tf'), `locals {\n  partition = "aws-cn"\n  account_id = "${filled.accountId}"\n}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (expression: string, variables: object) => {
    writeFileSync(
      join(folder, 'terraform.tfvars.json'),
      JSON.stringify({ operator_account_id: filled.operatorAccountId, external_id: filled.externalId, ...variables }),
    );
    return terraform(['console'], folder, `jsonencode(${expression})\n`);
  };
  const evaluated = (expression: string, variables: object): unknown => {
    const { status, stdout, stderr } = run(expression, variables);
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(JSON.parse(stdout));
  };
  /** The attached policies by name, read as IAM reads them. */
  const attached = (variables: object) =>
    Object.fromEntries(
      Object.entries(evaluated('local.attached', variables) as Record<string, string>).map(([name, document]) => {
        const parsed = parsePolicy(JSON.parse(document), 'identity');
        if (!parsed.ok) throw new Error(parsed.problems.join('; '));
        return [name, inOrder(parsed.policy)];
      }),
    );

  test('is written as terraform fmt writes it', () => {
    expect(terraform(['fmt', '-check', '-diff', '.'], module)).toMatchObject({ status: 0, stdout: '' });
  });

  test('attaches nothing at first: the role can look', () => {
    expect(attached({})).toEqual({});
    const trust = parsePolicy(evaluated('local.trust', {}), 'trust');
    expect(trust.ok && inOrder(trust.policy)).toEqual(fromTemplate('trust', filled));
  });

  test('attaches what is asked for, the same as the templates, long lists in parts', () => {
    const { services, queues, clusterRegion: region, clusterName: name } = filled;
    expect(attached({ scale: { services, cluster: { region, name }, tagged: true }, queue_arns: queues })).toEqual({
      'write-1': fromTemplate('write', { ...filled, services: services.slice(0, 20) }),
      'write-2': fromTemplate('write', { ...filled, services: services.slice(20) }),
      'write-cluster': fromTemplate('write-cluster', filled),
      'write-tagged': fromTemplate('write-tagged', filled),
      queues: fromTemplate('queues', filled),
    });
  });

  test('hardens every write policy when that is asked for', () => {
    const { clusterRegion: region, clusterName: name } = filled;
    const services = filled.services.slice(0, 2);
    expect(attached({ scale: { services, cluster: { region, name }, tagged: true, harden_requests: true } })).toEqual({
      'write-1': fromTemplate('write-hardened', { ...filled, services }),
      'write-cluster': fromTemplate('write-cluster-hardened', filled),
      'write-tagged': fromTemplate('write-tagged-hardened', filled),
    });
  });

  test.each([
    ['an external ID of somebody’s own', { external_id: 'acme' }, 'must be the ID that Sluice gave you'],
    ['an account that is none', { operator_account_id: '99' }, 'must be twelve digits'],
    ['a service by a wildcard', { scale: { services: ['arn:aws:ecs:us-east-1:111122223333:service/shop/*'] } }, 'must be ARNs like'],
    ['a cluster by its ARN', { scale: { cluster: { region: 'us-east-1', name: 'arn:x' } } }, 'a name without its ARN'],
    ['all queues', { queue_arns: ['*'] }, 'must be ARNs like'],
  ])('refuses %s with the rule', (_, variables, rule) => {
    const { stdout, stderr } = run('[var.operator_account_id, var.external_id, var.scale, var.queue_arns]', variables);
    expect(`${stdout}${stderr}`.replace(/\s*\n[│ ]*/g, ' ')).toContain(rule);
  });
});
