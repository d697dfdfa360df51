import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolveTemplate } from '../../../lib/iam/template.ts';
import type { StackOptions } from '../../../lib/iam/template-scope.ts';
import { TemplateError } from '../../../lib/iam/template-yaml.ts';

const options: StackOptions = { stackName: 'stack', accountId: '111122223333', region: 'us-east-1' };
const outputs = (yaml: string, more: Partial<StackOptions> = {}) =>
  resolveTemplate(`Resources: {}\n${yaml}`, { ...options, ...more }).outputs;
const value = (expression: string, head = '', more: Partial<StackOptions> = {}) =>
  outputs(`${head}\nOutputs: { It: { Value: ${expression} } }`, more).It;
const failure = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
  return 'no failure';
};
const file = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('intrinsic functions', () => {
  const parameters = 'Parameters: { Name: { Type: String, Default: shop }, Many: { Type: CommaDelimitedList, Default: "a, b,c" } }';
  const mappings = `${parameters}\nMappings: { Sizes: { us-east-1: { Big: 3, Names: [x, y] } } }`;
  const conditions = `${parameters}
Conditions:
  IsShop: !Equals [!Ref Name, shop]
  IsNot: !Not [Condition: IsShop]
  Both: !And [!Condition IsShop, !Not [!Condition IsNot]]
  Either: !Or [!Condition IsNot, !Equals [a, b]]`;

  it.each<[string, string, unknown]>([
    ['!Ref Name', parameters, 'shop'],
    ['{ Ref: Many }', parameters, ['a', 'b', 'c']],
    ['!Ref AWS::AccountId', '', '111122223333'],
    ['!Ref AWS::Region', '', 'us-east-1'],
    ['!Ref AWS::StackName', '', 'stack'],
    ['!Ref AWS::URLSuffix', '', 'amazonaws.com'],
    ["!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Name}'", parameters, 'arn:aws:iam::111122223333:role/shop'],
    ["!Sub ['${Name}-${Own}', { Own: !Ref AWS::Region }]", parameters, 'shop-us-east-1'],
    ["!Sub '${!aws:username} ${ Name }'", parameters, '${aws:username} shop'],
    ["{ 'Fn::Sub': '${Table.Arn}' }", '', 'arn:table'],
    ['!GetAtt Table.Arn', '', 'arn:table'],
    ["{ 'Fn::GetAtt': [Table, Arn] }", '', 'arn:table'],
    ["!Join [':', [a, !Ref Name, 1]]", parameters, 'a:shop:1'],
    ["!Join ['-', !Ref Many]", parameters, 'a-b-c'],
    ["!Split ['/', a/b]", '', ['a', 'b']],
    ["!Select [1, !Split ['/', a/b]]", '', 'b'],
    ["!Select ['0', !Ref Many]", parameters, 'a'],
    ['!FindInMap [Sizes, !Ref AWS::Region, Big]', mappings, 3],
    ['!If [IsShop, yes, no]', conditions, 'yes'],
    ['!If [IsNot, yes, !Ref Name]', conditions, 'shop'],
    ['!If [Both, 1, 2]', conditions, 1],
    ['!If [Either, 1, 2]', conditions, 2],
    ['[a, !If [IsNot, b, !Ref AWS::NoValue], c]', conditions, ['a', 'c']],
    ['{ a: !If [IsNot, b, !Ref AWS::NoValue], c: 1 }', conditions, { c: 1 }],
  ])('%s', (expression, head, expected) => {
    expect(value(expression, head, { outside: { 'Table.Arn': 'arn:table' } })).toEqual(expected);
  });

  it.each([
    ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
    ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
    ['eu-west-1', 'aws', 'amazonaws.com'],
  ])('in %s the partition is %s', (region, partition, suffix) => {
    expect(value("!Sub '${AWS::Partition} ${AWS::URLSuffix}'", '', { region })).toBe(`${partition} ${suffix}`);
  });

  it.each([
    ['!Ref Nothing', '', 'no parameter or resource Nothing'],
    ['!GetAtt Nothing.Arn', '', 'no Nothing.Arn'],
    ['!ImportValue x', '', 'Fn::ImportValue is not understood'],
    ["!Sub '${}'", '', 'names nothing'],
    ['!Select [5, [a]]', '', 'finds nothing at 5'],
    ['!If [Nothing, a, b]', '', 'no condition Nothing'],
    ['!FindInMap [A, b, c]', '', 'no A, b, c in Mappings'],
    ["!Join [':', text]", '', 'a list is needed'],
    ['!Sub { a: b }', '', 'text is needed'],
    ['!If [A, a, b]', 'Conditions: { A: !Condition B, B: !Condition A }', 'depends upon itself'],
    ['!If [A, a, b]', 'Conditions: { A: yes }', 'a condition is needed'],
  ])('%s fails, and says why', (expression, head, says) => {
    expect(failure(() => value(expression, head))).toContain(says);
  });
});

describe('parameters', () => {
  const declare = (rules: string) => `Parameters: { P: { Type: String, ${rules} } }`;
  it.each([
    ['Default: x', { P: 'y' }, 'y'],
    ['Default: x', {}, 'x'],
  ])('%s, given %j: %s', (rules, parameters, expected) => {
    expect(value('!Ref P', declare(rules), { parameters })).toBe(expected);
  });

  it.each<[string, Record<string, string>, string]>([
    ['', {}, 'P has no default'],
    ['', { P: 'x', Q: 'y' }, 'no parameter Q; there are P'],
    ['AllowedValues: [a, b]', { P: 'c' }, 'must be one of a, b'],
    ['AllowedPattern: "[a-z]+"', { P: 'x1' }, 'must match [a-z]+'],
    ['AllowedPattern: "[a-z]+", ConstraintDescription: must be letters', { P: 'x1' }, 'must be letters'],
    ['MinLength: 3', { P: 'x' }, 'at least 3 characters'],
    ['MaxLength: 3', { P: 'xxxx' }, 'at most 3 characters'],
    ['Type: Number', { P: 'x' }, 'must be a number'],
    ['Type: Number, MinValue: 3', { P: '2' }, 'at least 3'],
    ['Type: Number, MaxValue: 3', { P: '4' }, 'at most 3'],
    ['Type: CommaDelimitedList, AllowedPattern: "[a-z]+"', { P: 'a,1' }, '"1" must match'],
  ])('with %s refuse %j', (rules, parameters, says) => {
    const head = rules.includes('Type:') ? `Parameters: { P: { ${rules} } }` : declare(rules);
    expect(failure(() => value('!Ref P', head, { parameters }))).toContain(says);
  });
});

describe('the roles and policies of a stack', () => {
  const ROLE = `
  R:
    Type: AWS::IAM::Role
    Properties:
      Path: /x/
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: { Effect: Allow, Principal: { AWS: '000000000000' }, Action: sts:AssumeRole } }`;

  it('have names that are the same each time, and other in another stack or account', () => {
    const nameOf = (more: Partial<StackOptions> = {}) => resolveTemplate(`Resources:${ROLE}`, { ...options, ...more }).roles[0]?.name;
    expect(nameOf()).toMatch(/^stack-R-[0-9A-Z]{12}$/);
    expect(nameOf()).toBe(nameOf());
    expect(new Set([nameOf(), nameOf({ stackName: 'b' }), nameOf({ accountId: '444455556666' })]).size).toBe(3);
  });

  it('are those whose condition holds, with references between them', () => {
    const yaml = `
Conditions: { Never: !Equals [a, b] }
Resources:${ROLE}
      ManagedPolicyArns: [!Ref P]
  P: { Type: AWS::IAM::ManagedPolicy, Properties: { PolicyDocument: { Statement: { Effect: Allow, Action: 'ecs:*', Resource: !GetAtt R.Arn } } } }
  Inline: { Type: AWS::IAM::Policy, Properties: { PolicyName: i, Roles: [!Ref R], PolicyDocument: { Statement: { Effect: Deny, Action: 'iam:*', Resource: '*' } } } }
  Other: { Type: AWS::IAM::RolePolicy, Properties: { PolicyName: o, RoleName: !Ref R, PolicyDocument: { Statement: { Effect: Deny, Action: 'iam:*', Resource: '*' } } } }
  Gone: { Type: AWS::IAM::Role, Condition: Never }
  Queue: { Type: AWS::SQS::Queue }
Outputs: { Arn: { Value: !GetAtt R.Arn }, No: { Condition: Never, Value: x } }`;
    const { roles, managedPolicies, inline, outputs: out } = resolveTemplate(yaml, options);
    expect(roles.map(({ logicalId }) => logicalId)).toEqual(['R']);
    expect(roles[0]?.arn).toBe(`arn:aws:iam::111122223333:role/x/${roles[0]?.name}`);
    expect(roles[0]?.managedPolicyArns).toEqual([managedPolicies[0]?.arn]);
    expect(managedPolicies[0]?.document.statements[0]?.resources?.patterns).toEqual([roles[0]?.arn]);
    expect(inline.map((policy) => [policy.name, policy.roles])).toEqual([
      ['i', [roles[0]?.name]],
      ['o', [roles[0]?.name]],
    ]);
    expect(out).toEqual({ Arn: roles[0]?.arn });
  });

  it.each([
    ['not: [yaml', 'not YAML'],
    ['- a', 'a map is needed'],
    ['Resources: {}\nTransform: AWS::Serverless', 'section Transform is not understood'],
    ['Resources: { U: { Type: AWS::IAM::User } }', 'AWS::IAM::User is not understood'],
    ['Resources: { U: {} }', 'U has no Type'],
    [`Resources:${ROLE}\n      PermissionsBoundary: x`, 'PermissionsBoundary is not understood'],
    [`Resources:${ROLE.replace('Path: /x/', 'Path: x')}`, 'a Path begins and ends with a slash'],
    [`Resources:${ROLE.replace('Effect: Allow', 'Effect: Perhaps')}`, 'R.AssumeRolePolicyDocument: statement 1: Effect must be'],
  ])('%s fails, and says why', (yaml, says) => {
    expect(failure(() => resolveTemplate(yaml, options))).toContain(says);
  });
});

describe("the project's own templates", () => {
  const externalId = `sluice-${'a'.repeat(32)}`;
  it('make one role for the customer, that trusts the operator with the external ID', () => {
    const parameters = { OperatorAccountId: '000000000000', OperatorStage: 'local', ExternalId: externalId };
    const { roles, outputs: out } = resolveTemplate(file('infra/customer/read.yaml'), { ...options, parameters });
    expect(roles).toHaveLength(1);
    expect(out.RoleArn).toBe(roles[0]?.arn);
    expect(JSON.stringify(roles[0]?.trust)).toContain(externalId);
  });

  it('list the services that may be scaled', () => {
    const Services = ['web', 'worker'].map((name) => `arn:aws:ecs:us-east-1:111122223333:service/shop/${name}`);
    const parameters = { RoleName: 'role', Services: Services.join(',') };
    const { managedPolicies } = resolveTemplate(file('infra/customer/write.yaml'), { ...options, parameters });
    expect(managedPolicies[0]?.roles).toEqual(['role']);
    expect(managedPolicies[0]?.document.statements[0]?.resources?.patterns).toEqual(Services);
  });

  it('make a role for each function of the operator, all under one path', () => {
    const { roles } = resolveTemplate(file('infra/roles.yml'), { ...options, outside: { Stage: 'local' } });
    expect(roles.map(({ logicalId }) => logicalId)).toEqual(expect.arrayContaining(['IngestRole', 'TickRole', 'ScaleRole', 'AdminRole']));
    expect(new Set(roles.map(({ path }) => path))).toEqual(new Set(['/sluice/local/']));
  });
});
