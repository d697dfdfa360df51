import { describe, expect, test } from 'vitest';
import { type Granted, judge } from '../../../lib/iam-policies/judge.ts';
import { PURPOSES } from '../../../lib/iam-policies/purposes.ts';
import { type Form, fromCloudFormation, fromJson, fromTerraform } from './forms.ts';
import { printed, SCOPES } from './scopes.ts';

const FORMS: readonly (readonly [string, (form: Form) => Readonly<Record<string, Granted>>])[] = [
  ['JSON', fromJson],
  ['CloudFormation', fromCloudFormation],
  ['Terraform', fromTerraform],
];

describe.each(SCOPES)('%s', (_, form) => {
  test.each(FORMS)('allows what it is for and refuses what it must, as %s', (_name, read) => {
    const verdicts = judge(form.purpose, form.scope, read(form));
    expect(verdicts.filter(({ right }) => !right).map(({ call, expected }) => `${call.does} (${call.action}) is not ${expected}`)).toEqual(
      [],
    );
    expect(verdicts.filter(({ expected }) => expected === 'allowed').length).toBeGreaterThanOrEqual(2);
    expect(verdicts.filter(({ expected }) => expected === 'refused').length).toBeGreaterThanOrEqual(15);
  });

  test('says the same in each form', () => {
    const [json, cloudformation, terraform] = FORMS.map(([, read]) => read(form));
    expect(cloudformation).toEqual(json);
    expect(terraform).toEqual(json);
  });

  test('has no action that no call is for, but for what CloudFormation does with a stack', () => {
    const allowed = new Set(form.purpose.allows(form.scope).map(({ of, action }) => `${of} ${action}`));
    const granted = form.grants
      .filter(({ name }) => name !== 'stack')
      .flatMap(({ name, statements }) => statements.flatMap(({ actions }) => Object.keys(actions).map((action) => `${name} ${action}`)));
    expect(granted.filter((one) => !allowed.has(one))).toEqual([]);
  });
});

describe('the lists of calls', () => {
  test.each(PURPOSES.map((purpose) => [purpose.name, purpose] as const))(
    'of %s are put to its own grants, and name each call once',
    (name, purpose) => {
      const { scope, grants } = printed(name);
      const calls = [...purpose.allows(scope), ...purpose.refuses(scope)];
      const names = grants.map((grant) => grant.name);
      expect(calls.filter(({ of }) => !names.includes(of))).toEqual([]);
      const refused = purpose
        .refuses(scope)
        .map(({ of, action, resource, context, caller }) => JSON.stringify({ of, action, resource, context, caller }));
      expect(refused.filter((one, i) => refused.indexOf(one) !== i)).toEqual([]);
    },
  );

  test('tell a policy that is too wide, and one that is too narrow', () => {
    const { purpose, scope, grants } = printed('scale');
    const wide = grants.map((grant) => ({
      ...grant,
      statements: [{ sid: 'All', actions: { 'ecs:UpdateService': '', 'ecs:DescribeServices': '' }, resources: ['*'] }],
    }));
    const wrong = (changed: typeof grants) =>
      judge(purpose, scope, fromJson({ purpose, scope, grants: changed })).filter(({ right }) => !right);
    expect(wrong(wide).map(({ call }) => call.does)).toEqual(
      expect.arrayContaining(['change a service that is not named', "change another account's service"]),
    );
    const narrow = grants.map((grant) => ({ ...grant, statements: grant.statements.slice(0, 1) }));
    expect(wrong(narrow).map(({ call }) => call.does)).toEqual(['change the count of web']);
  });
});
