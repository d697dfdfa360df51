import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../lib/iam/caller.ts';
import type { RequestContext } from '../../../lib/iam/context.ts';
import { evaluate } from '../../../lib/iam/evaluate.ts';
import { type PolicyKind, parsePolicy } from '../../../lib/iam/policy-document.ts';

const WEB = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';
const ROLE = 'arn:aws:iam::111122223333:role/sluice/customer';
const caller: Caller = {
  kind: 'role-session',
  partition: 'aws',
  accountId: '000000000000',
  roleArn: 'arn:aws:iam::000000000000:role/sluice/local/scale',
  roleId: 'AROA0',
  sessionName: 'sluice-scale',
};

function policy(statements: object | object[], kind: PolicyKind = 'identity', Version = '2012-10-17') {
  const parsed = parsePolicy({ Version, Statement: statements }, kind);
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  return parsed.policy;
}
const allow = (more: object = {}) => ({ Sid: 'A', Effect: 'Allow', Action: 'ecs:UpdateService', Resource: WEB, ...more });
const ask = (action = 'ecs:UpdateService', resource = WEB, context: RequestContext = {}) => ({ caller, action, resource, context });

describe('identity policies', () => {
  it('allow nothing unless they say so', () => {
    expect(evaluate(ask(), { identity: [] })).toEqual({
      allowed: false,
      why: 'because no identity-based policy allows the ecs:UpdateService action',
    });
  });

  it.each<[string, object, string, string, boolean]>([
    ['the very action and resource', {}, 'ecs:UpdateService', WEB, true],
    ['actions without regard to case', { Action: 'ECS:updateservice' }, 'ecs:UpdateService', WEB, true],
    ['actions by wildcard', { Action: 'ecs:Update*' }, 'ecs:UpdateService', WEB, true],
    ['no other action', {}, 'ecs:DeleteService', WEB, false],
    ['no action of another service', { Action: 'ecs:*' }, 'iam:PassRole', WEB, false],
    ['all but what NotAction lists', { Action: undefined, NotAction: 'ecs:Delete*' }, 'ecs:UpdateService', WEB, true],
    ['not what NotAction lists', { Action: undefined, NotAction: 'ecs:Update*' }, 'ecs:UpdateService', WEB, false],
    ['all but what NotResource lists', { Resource: undefined, NotResource: `${WEB}2` }, 'ecs:UpdateService', WEB, true],
    ['not what NotResource lists', { Resource: undefined, NotResource: WEB }, 'ecs:UpdateService', WEB, false],
    ['no service whose name only begins so', {}, 'ecs:UpdateService', `${WEB}-2`, false],
    ['no resource-less call by an ARN', { Action: 'ecs:*' }, 'ecs:ListClusters', '*', false],
    [
      'a resource named by a variable',
      { Resource: 'arn:aws:iam::${aws:PrincipalAccount}:role/*' },
      'ecs:UpdateService',
      caller.roleArn,
      true,
    ],
    [
      'nothing by a variable that is missing',
      { Resource: 'arn:aws:ecs:*:*:service/${aws:PrincipalTag/team}/*' },
      'ecs:UpdateService',
      WEB,
      false,
    ],
  ])('allow %s', (_, statement, action, resource, expected) => {
    expect(evaluate(ask(action, resource), { identity: [policy(allow(statement))] }).allowed).toBe(expected);
  });

  it('treat variables as text where the version is of 2008', () => {
    const old = policy(allow({ Resource: 'arn:aws:iam::${aws:PrincipalAccount}:role/*' }), 'identity');
    expect(evaluate(ask('ecs:UpdateService', caller.roleArn), { identity: [{ ...old, version: '2008-10-17' }] }).allowed).toBe(false);
  });

  it('allow only where every operator and every key of a condition holds', () => {
    const statement = allow({ Condition: { StringEquals: { 'a:x': '1', 'a:y': ['2', '3'] }, Null: { 'a:z': 'true' } } });
    const identity = [policy(statement)];
    const allowed = (context: RequestContext) => evaluate(ask('ecs:UpdateService', WEB, context), { identity }).allowed;
    expect(allowed({ 'a:x': '1', 'a:y': '3' })).toBe(true);
    expect(allowed({ 'a:x': '1', 'a:y': '4' })).toBe(false);
    expect(allowed({ 'a:x': '1' })).toBe(false);
    expect(allowed({ 'a:x': '1', 'a:y': '3', 'a:z': '0' })).toBe(false);
  });

  it('name the statement that allows, and the one that came nearest', () => {
    const identity = [policy([allow({ Resource: `${WEB}2` }), { ...allow({ Condition: { Bool: { 'a:b': true } } }), Sid: 'B' }])];
    expect(evaluate(ask('ecs:UpdateService', `${WEB}2`), { identity })).toEqual({
      allowed: true,
      why: 'statement A of an identity-based policy allows it',
      matchedSid: 'A',
    });
    expect(evaluate(ask(), { identity }).nearest).toBe('statement B asks for Bool of a:b, which the request does not carry');
  });
});

describe('an explicit deny', () => {
  const deny = { Sid: 'D', Effect: 'Deny', Action: 'ecs:*', Resource: '*' };
  const everything = policy({ Effect: 'Allow', Action: '*', Resource: '*' });

  it('beats every allow, wherever it stands', () => {
    const why = { allowed: false, matchedSid: 'D' };
    expect(evaluate(ask(), { identity: [everything, policy(deny)] })).toMatchObject({
      ...why,
      why: 'with an explicit deny in an identity-based policy',
    });
    expect(evaluate(ask(), { identity: [everything], session: [everything, policy(deny)] })).toMatchObject({
      ...why,
      why: 'with an explicit deny in a session policy',
    });
  });

  it('with a condition denies only where it holds', () => {
    const guard = policy({ ...deny, Condition: { Null: { 'ecs:task-definition': 'false' } } });
    expect(evaluate(ask(), { identity: [everything, guard] }).allowed).toBe(true);
    expect(evaluate(ask('ecs:UpdateService', WEB, { 'ecs:task-definition': 'x' }), { identity: [everything, guard] }).allowed).toBe(false);
  });
});

describe('session policies', () => {
  it.each<[string, object | undefined, boolean]>([
    ['narrow to what both allow', {}, true],
    ['refuse what they do not allow', { Resource: `${WEB}2` }, false],
    ['add nothing of their own', { Action: 'ecs:*', Resource: '*' }, true],
  ])('%s', (_, statement, expected) => {
    const policies = { identity: [policy(allow())], session: [policy(allow(statement))] };
    expect(evaluate(ask(), policies).allowed).toBe(expected);
  });

  it('cannot allow what the identity policies do not', () => {
    const session = [policy(allow({ Action: '*', Resource: '*' }))];
    expect(evaluate(ask('ecs:DeleteService'), { identity: [policy(allow())], session })).toMatchObject({
      allowed: false,
      why: expect.stringContaining('no identity-based policy'),
    });
  });

  it('that are empty allow nothing', () => {
    expect(evaluate(ask(), { identity: [policy(allow())], session: [] })).toMatchObject({
      allowed: false,
      why: expect.stringContaining('no session policy'),
    });
  });
});

describe('trust policies', () => {
  const assume = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::*:role/*' });
  const trusting = (Principal: unknown, more: object = {}) =>
    policy({ Sid: 'T', Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...more }, 'trust');
  const judge = (Principal: unknown, identity = [assume], resource = ROLE, by: Caller = caller) =>
    evaluate({ ...ask('sts:AssumeRole', resource), caller: by }, { identity, trust: trusting(Principal) }).allowed;
  const home = 'arn:aws:iam::000000000000:role/sluice/other';

  it.each<[string, unknown, boolean]>([
    ['everybody', '*', true],
    ['everybody, the long way', { AWS: '*' }, true],
    ['the account by its number', { AWS: '000000000000' }, true],
    ['the account by its root', { AWS: 'arn:aws:iam::000000000000:root' }, true],
    ['the role', { AWS: caller.roleArn }, true],
    ['the session', { AWS: 'arn:aws:sts::000000000000:assumed-role/scale/sluice-scale' }, true],
    ['another session of the role', { AWS: 'arn:aws:sts::000000000000:assumed-role/scale/else' }, false],
    ['the role without its path', { AWS: 'arn:aws:iam::000000000000:role/scale' }, false],
    ['another account', { AWS: '444455556666' }, false],
    ['the account in another partition', { AWS: 'arn:aws-cn:iam::000000000000:root' }, false],
    ['a service', { Service: 'lambda.amazonaws.com' }, false],
    ['several, of which one fits', { Service: 'lambda.amazonaws.com', AWS: ['444455556666', '000000000000'] }, true],
  ])('naming %s', (_, principal, expected) => {
    expect(judge(principal)).toBe(expected);
  });

  it("do not do without the caller's own policy across accounts", () => {
    expect(judge({ AWS: caller.roleArn }, [])).toBe(false);
  });

  it('do without it within one account only where they name the caller itself', () => {
    expect(judge({ AWS: caller.roleArn }, [], home)).toBe(true);
    expect(judge({ AWS: '000000000000' }, [], home)).toBe(false);
    expect(judge({ AWS: '000000000000' }, [assume], home)).toBe(true);
  });

  it('alone decide about services and web identities', () => {
    const service: Caller = { kind: 'service', service: 'lambda.amazonaws.com' };
    const provider = 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.example';
    expect(judge({ Service: 'lambda.amazonaws.com' }, [], ROLE, service)).toBe(true);
    expect(judge({ AWS: '000000000000' }, [], ROLE, service)).toBe(false);
    expect(judge({ Federated: provider }, [], ROLE, { kind: 'federated', provider })).toBe(true);
    expect(judge({ Federated: `${provider}2` }, [], ROLE, { kind: 'federated', provider })).toBe(false);
  });

  it('that deny do so although another statement allows', () => {
    const trust = policy(
      [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' },
        { Sid: 'D', Effect: 'Deny', Action: '*', Principal: '*', Condition: { StringNotEquals: { 'sts:ExternalId': 'right' } } },
      ],
      'trust',
    );
    const assumed = (context: RequestContext) => evaluate(ask('sts:AssumeRole', ROLE, context), { identity: [assume], trust });
    expect(assumed({ 'sts:ExternalId': 'right' }).allowed).toBe(true);
    expect(assumed({}).allowed).toBe(false);
    expect(assumed({ 'sts:ExternalId': 'wrong' }).why).toBe('with an explicit deny in a resource-based policy');
  });

  it('never show the value of a condition key', () => {
    const trust = trusting('*', { Condition: { StringEquals: { 'sts:ExternalId': 'right-secret' } } });
    const evaluation = evaluate(ask('sts:AssumeRole', ROLE, { 'sts:ExternalId': 'wrong-secret' }), { identity: [assume], trust });
    expect(evaluation.allowed).toBe(false);
    expect(JSON.stringify(evaluation)).not.toContain('secret');
  });
});
