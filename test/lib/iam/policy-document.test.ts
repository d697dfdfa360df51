import { describe, expect, it } from 'vitest';
import { type PolicyKind, parsePolicy } from '../../../lib/iam/policy-document.ts';

const allow = { Effect: 'Allow', Action: 'ecs:UpdateService', Resource: '*' };
const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::111122223333:root' } };
const problemsOf = (value: unknown, kind: PolicyKind = 'identity') => {
  const parsed = parsePolicy(value, kind);
  return parsed.ok ? [] : parsed.problems;
};
const of = (statement: object) => ({ Version: '2012-10-17', Statement: [statement] });

describe('reading a policy', () => {
  it('takes one statement or a list, one value or a list', () => {
    expect(parsePolicy({ Version: '2012-10-17', Statement: allow }, 'identity')).toMatchObject({
      ok: true,
      policy: { version: '2012-10-17', statements: [{ effect: 'Allow', actions: { patterns: ['ecs:UpdateService'], negated: false } }] },
    });
    expect(parsePolicy({ Statement: [{ ...allow, Action: ['ecs:*', 'sqs:Get?'] }] }, 'identity')).toMatchObject({
      ok: true,
      policy: { version: '2008-10-17', statements: [{ actions: { patterns: ['ecs:*', 'sqs:Get?'] } }] },
    });
  });

  it.each<[string, unknown, PolicyKind, string]>([
    ['no object', 'x', 'identity', 'a policy is an object'],
    ['an unknown element', { ...of(allow), Statements: [] }, 'identity', 'no element Statements'],
    ['an unknown version', { Version: '2026-01-01', Statement: allow }, 'identity', 'Version must be'],
    ['no statement', { Version: '2012-10-17' }, 'identity', 'statement 1: must be an object'],
    ['an empty list of statements', { Version: '2012-10-17', Statement: [] }, 'identity', 'Statement is empty'],
    ['an unknown element of a statement', of({ ...allow, Actions: 'x' }), 'identity', 'no element Actions'],
    ['a wrong effect', of({ ...allow, Effect: 'allow' }), 'identity', 'Effect must be Allow or Deny'],
    ['a Sid with a space', of({ ...allow, Sid: 'a b' }), 'identity', 'Sid takes letters and digits'],
    [
      'one Sid twice',
      {
        Statement: [
          { ...allow, Sid: 'A' },
          { ...allow, Sid: 'A' },
        ],
      },
      'identity',
      'Sid A is used twice',
    ],
    ['no action', of({ Effect: 'Allow', Resource: '*' }), 'identity', 'needs either Action or NotAction'],
    ['both kinds of action', of({ ...allow, NotAction: 'x:y' }), 'identity', 'needs either Action or NotAction'],
    ['an action without its service', of({ ...allow, Action: 'UpdateService' }), 'identity', 'an action like ecs:UpdateService'],
    ['no actions in a list', of({ ...allow, Action: [] }), 'identity', 'Action is empty'],
    ['a resource that is no ARN', of({ ...allow, Resource: 'web' }), 'identity', 'an ARN or "*"'],
    ['no resource', of({ Effect: 'Allow', Action: 'ecs:*' }), 'identity', 'needs either Resource or NotResource'],
    ['a principal in an identity policy', of({ ...allow, Principal: '*' }), 'identity', 'Principal belongs into trust policies'],
    ['a resource in a trust policy', of({ ...trust, Resource: '*' }), 'trust', 'has no Resource'],
    ['no principal in a trust policy', of({ Effect: 'Allow', Action: 'sts:AssumeRole' }), 'trust', 'Principal must be'],
    ['NotPrincipal', of({ ...trust, Principal: undefined, NotPrincipal: '*' }), 'trust', 'NotPrincipal is not understood'],
    ['a wildcard in a principal', of({ ...trust, Principal: { AWS: 'arn:aws:iam::111122223333:role/*' } }), 'trust', 'does not take'],
    ['a principal of no kind', of({ ...trust, Principal: { Human: 'me' } }), 'trust', 'Principal Human does not take'],
    ['an unknown operator', of({ ...allow, Condition: { StringIs: { 'a:b': 'c' } } }), 'identity', 'no operator StringIs'],
    ['an operator without keys', of({ ...allow, Condition: { StringEquals: {} } }), 'identity', 'must be an object of condition keys'],
    ['a condition that is a list', of({ ...allow, Condition: [] }), 'identity', 'Condition must be an object'],
    [
      'a condition key that is none',
      of({ ...allow, Condition: { StringEquals: { externalid: 'x' } } }),
      'identity',
      'condition keys look like',
    ],
    ['a condition without values', of({ ...allow, Condition: { StringEquals: { 'a:b': [] } } }), 'identity', 'lists no value'],
    ['a value that is an object', of({ ...allow, Condition: { StringEquals: { 'a:b': {} } } }), 'identity', 'values are strings'],
    [
      'a value that the operator cannot read',
      of({ ...allow, Condition: { Bool: { 'a:b': 'yes' } } }),
      'identity',
      '"yes" must be true or false',
    ],
  ])('refuses %s', (_, value, kind, says) => {
    expect(problemsOf(value, kind).join('\n')).toContain(says);
  });

  it('names all problems at once, each with its statement', () => {
    const problems = problemsOf({
      Version: 'x',
      Statement: [
        { ...allow, Effect: 'x' },
        { ...allow, Action: 'x' },
      ],
    });
    expect(problems).toHaveLength(3);
    expect(problems[2]).toMatch(/^statement 2: Action takes/);
  });
});
