import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { readTemplateYaml } from '../../lib/iam/template-yaml.ts';

const root = join(import.meta.dirname, '..', '..');
const text = (name: string) => readFileSync(join(root, 'infra', 'customer', name), 'utf8');

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
const at = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined), value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const read = readTemplateYaml(text('read.yaml'));
const write = readTemplateYaml(text('write.yaml'));
const statements = {
  read: list(at(read, 'Resources', 'Role', 'Properties', 'Policies', 0, 'PolicyDocument', 'Statement')),
  write: list(at(write, 'Resources', 'Policy', 'Properties', 'PolicyDocument', 'Statement')),
};
const reasons = { read: at(read, 'Metadata', 'Sluice', 'Statements'), write: at(write, 'Metadata', 'Sluice', 'Statements') };
const all = [...statements.read.map((s) => ['read', s] as const), ...statements.write.map((s) => ['write', s] as const)];
const actionsFor = (purpose: string) =>
  all
    .filter(([template, statement]) => at(reasons[template], String(at(statement, 'Sid')), 'For') === purpose)
    .flatMap(([, statement]) => list(at(statement, 'Action')))
    .sort();

describe('what a customer grants', () => {
  test('to scale is what lib/aws calls with a role of theirs, and no more', () => {
    expect(actionsFor('scaling')).toEqual(actionsCalled('@aws-sdk/client-ecs', 'ecs'));
  });

  test('of the calls to STS none needs a grant: a role is assumed by its trust policy, and anybody may ask who they are', () => {
    expect(actionsCalled('@aws-sdk/client-sts', 'sts')).toEqual(['sts:AssumeRole', 'sts:GetCallerIdentity']);
  });

  test('to find services is a list of reads, known one by one', () => {
    expect(actionsFor('discovery')).toEqual([
      'account:ListRegions',
      'application-autoscaling:DescribeScalableTargets',
      'application-autoscaling:DescribeScalingPolicies',
      'application-autoscaling:DescribeScheduledActions',
      'ecs:DescribeClusters',
      'ecs:ListClusters',
      'ecs:ListServices',
      'ecs:ListTagsForResource',
      'iam:ListAccountAliases',
    ]);
  });

  test('is one intent a statement, each with its reason, and no reason without a statement', () => {
    for (const template of ['read', 'write'] as const) {
      const sids = statements[template].map((statement) => String(at(statement, 'Sid')));
      expect(new Set(sids).size).toBe(sids.length);
      expect(Object.keys(reasons[template] ?? {}).sort()).toEqual([...sids].sort());
      for (const sid of sids) {
        expect(at(reasons[template], sid, 'Why')).toMatch(/^[A-Z].{30,}\.$/);
        expect(['scaling', 'discovery']).toContain(at(reasons[template], sid, 'For'));
      }
    }
  });

  test('has no wildcard in an action, and a star as resource only where IAM knows none', () => {
    const starred = all.filter(([, statement]) => list(at(statement, 'Resource')).includes('*')).flatMap(([, s]) => list(at(s, 'Action')));
    expect(all.flatMap(([, statement]) => list(at(statement, 'Action'))).filter((action) => String(action).includes('*'))).toEqual([]);
    expect(starred.sort()).toEqual([
      'application-autoscaling:DescribeScalableTargets',
      'application-autoscaling:DescribeScalingPolicies',
      'application-autoscaling:DescribeScheduledActions',
      'ecs:ListClusters',
      'ecs:ListServices',
      'iam:ListAccountAliases',
    ]);
  });

  test('writes nothing but UpdateService, on the services that were listed', () => {
    expect(statements.write).toEqual([
      { Sid: 'ChangeDesiredCount', Effect: 'Allow', Action: 'ecs:UpdateService', Resource: { Ref: 'Services' } },
    ]);
  });
});

describe('the role', () => {
  const role = at(read, 'Resources', 'Role', 'Properties');

  test('trusts one path of roles of the operator, under the external ID', () => {
    expect(at(role, 'AssumeRolePolicyDocument', 'Statement')).toEqual([
      {
        Sid: 'SluiceOnly',
        Effect: 'Allow',
        Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${OperatorAccountId}:root' } },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'sts:ExternalId': { Ref: 'ExternalId' } },
          ArnLike: { 'aws:PrincipalArn': { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${OperatorAccountId}:role/sluice/${OperatorStage}/*' } },
        },
      },
    ]);
  });

  test('has no fixed name, so that creating it needs no more than CAPABILITY_IAM', () => {
    expect(at(role, 'RoleName')).toBeUndefined();
    expect(at(write, 'Resources', 'Policy', 'Properties', 'ManagedPolicyName')).toBeUndefined();
  });

  test('carries the version of its template, as do metadata and output', () => {
    const version = at(read, 'Metadata', 'Sluice', 'TemplateVersion');
    expect(version).toMatch(/^[0-9]+$/);
    expect(at(role, 'Tags')).toEqual([{ Key: 'sluice:template-version', Value: version }]);
    expect(at(read, 'Outputs', 'TemplateVersion', 'Value')).toBe(version);
    expect(at(write, 'Outputs', 'TemplateVersion', 'Value')).toBe(at(write, 'Metadata', 'Sluice', 'TemplateVersion'));
  });
});

describe('the parameters', () => {
  const pattern = (template: unknown, name: string) => new RegExp(String(at(template, 'Parameters', name, 'AllowedPattern')));

  test('take the external IDs that Sluice makes and no others', () => {
    const externalId = pattern(read, 'ExternalId');
    expect('sluice-0123456789abcdef0123456789abcdef').toMatch(externalId);
    for (const other of ['', 'acme', 'sluice-*', 'SLUICE-0123456789ABCDEF0123456789ABCDEF']) expect(other).not.toMatch(externalId);
  });

  test('take the ARNs of services, of any partition, and no wildcards', () => {
    const services = pattern(write, 'Services');
    for (const partition of ['aws', 'aws-cn', 'aws-us-gov']) {
      expect(`arn:${partition}:ecs:us-east-1:111122223333:service/shop/web`).toMatch(services);
    }
    for (const other of ['*', 'shop/*', '*/web', 'web', 'shop/web/1', 'shop/web,x']) {
      expect(`arn:aws:ecs:us-east-1:111122223333:service/${other}`).not.toMatch(services);
    }
  });
});

describe('the text of the templates', () => {
  test.each(['read.yaml', 'write.yaml'])('%s does not so much as mention passing a role', (name) => {
    expect(text(name)).not.toMatch(/pass.?role/i);
  });

  test.each(['read.yaml', 'write.yaml'])('%s names no partition but in patterns', (name) => {
    const lines = text(name).split('\n');
    expect(lines.filter((line) => line.includes('arn:aws') && !/AllowedPattern|ConstraintDescription/.test(line))).toEqual([]);
  });
});

/** The commands of one SDK client that files of lib/aws import, as IAM writes them. */
function actionsCalled(client: string, service: string): Json[] {
  const folder = join(root, 'lib', 'aws');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => ts.createSourceFile(name, readFileSync(join(folder, name), 'utf8'), ts.ScriptTarget.Latest).statements)
    .filter(ts.isImportDeclaration)
    .filter((statement) => ts.isStringLiteral(statement.moduleSpecifier) && statement.moduleSpecifier.text === client)
    .flatMap((statement) => {
      const bindings = statement.importClause?.namedBindings;
      return bindings && ts.isNamedImports(bindings) ? bindings.elements.map((element) => (element.propertyName ?? element.name).text) : [];
    })
    .filter((name) => name.endsWith('Command'));
  return [...new Set(names)].map((name) => `${service}:${name.replace(/Command$/, '')}`).sort();
}
