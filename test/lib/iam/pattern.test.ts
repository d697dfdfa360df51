import { describe, expect, it } from 'vitest';
import { lookupIn } from '../../../lib/iam/context.ts';
import { fillVariables, matches, matchesArn, readPattern } from '../../../lib/iam/pattern.ts';
import fc from '../../builders/fast-check.ts';

const covers = (pattern: string, text: string) => matches(readPattern(pattern) ?? [], text);
const coversArn = (pattern: string, arn: string, complete = true) => matchesArn(readPattern(pattern) ?? [], arn, { complete });
const ARN = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';

describe('wildcards', () => {
  it.each([
    ['', '', true],
    ['*', '', true],
    ['?', '', false],
    ['a*c', 'abbc', true],
    ['a*c', 'ac', true],
    ['a*c', 'abcd', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*web*', 'the-web-1', true],
    ['**a**b', 'xaxb', true],
    ['a*b*c', 'aXbXbXc', true],
    ['Web', 'web', false],
    ['a.c', 'abc', false],
    ['[a]', 'a', false],
    ['?', '😀', true],
  ])('%j covers %j: %s', (pattern, text, expected) => {
    expect(covers(pattern, text)).toBe(expected);
  });

  it('agree with a regular expression, whatever the text', () => {
    const letters = (extra: string) => fc.string({ unit: fc.constantFrom(...`ab${extra}`), maxLength: 8 });
    fc.assert(
      fc.property(letters('*?'), letters(''), (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(covers(pattern, text)).toBe(expression.test(text));
      }),
    );
  });
});

describe('ARNs are matched part by part', () => {
  it.each([
    ['*', true],
    [ARN, true],
    ['arn:aws:ecs:*:111122223333:service/shop/*', true],
    ['arn:*:ecs:*:*:service/*/web', true],
    ['arn:aws:ecs', true],
    ['arn:aws:ecs:us-east-1:111122223333:service/shop', false],
    ['arn:aws:ecs:*:service/shop/web', false],
    ['arn:aws:ecs:*web', false],
    ['arn:aws:ecs:us-east-1:444455556666:service/shop/web', false],
    ['arn:aws:ecs:us-east-1:111122223333:service/shop/Web', false],
    ['arn:aws:ecs:us-east-?:111122223333:service/shop/we?', true],
  ])('%s: %s', (pattern, expected) => {
    expect(coversArn(pattern, ARN)).toBe(expected);
  });

  it('conditions do not fill in what is missing from an ARN', () => {
    expect(coversArn('arn:aws:ecs', ARN, false)).toBe(false);
    expect(coversArn('arn:aws:iam::*:role/*', 'not an arn', false)).toBe(false);
  });

  it('colons after the fifth belong to the last part', () => {
    expect(coversArn('arn:aws:logs:*:*:log-group:/aws/*', 'arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/x:*')).toBe(true);
  });

  it('a request without a resource is covered by the lone star only', () => {
    expect(coversArn('*', '*')).toBe(true);
    expect(coversArn('arn:aws:ecs:*:*:service/*', '*')).toBe(false);
  });
});

describe('policy variables', () => {
  const variables = lookupIn({ 'aws:PrincipalTag/team': 'sh*p', 'aws:TagKeys': ['a', 'b'] });
  it.each([
    ['x-${aws:PrincipalTag/team}', 'x-sh*p'],
    ['${AWS:principaltag/TEAM}', 'sh*p'],
    ["${aws:PrincipalTag/none, 'all'}", 'all'],
    ["${aws:PrincipalTag/team, 'all'}", 'sh*p'],
    ['${*}${?}${$}', '*?$'],
    ['${aws:PrincipalTag/none}', undefined],
    ['${aws:TagKeys}', undefined],
    ['no ${end', 'no ${end'],
  ])('%s becomes %s', (text, expected) => {
    expect(fillVariables(text, variables)).toBe(expected);
  });

  it('put their values in letter by letter: a star in a value is no wildcard', () => {
    const pattern = readPattern('${aws:PrincipalTag/team}-*', variables) ?? [];
    expect(matches(pattern, 'sh*p-1')).toBe(true);
    expect(matches(pattern, 'shop-1')).toBe(false);
  });

  it('stay text in policies of the version of 2008', () => {
    expect(fillVariables('${aws:username}', undefined)).toBe('${aws:username}');
  });
});
