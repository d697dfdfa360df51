import { describe, expect, it } from 'vitest';
import { holds, objectionTo, readOperator } from '../../../lib/iam/conditions.ts';
import { lookupIn } from '../../../lib/iam/context.ts';

type Value = string | number | boolean | readonly string[] | undefined;
const judge = (name: string, written: string | string[], sent: Value) => {
  const operator = readOperator(name);
  if (operator === undefined) throw new Error(`no operator ${name}`);
  const lookup = lookupIn({ 'Test:Key': sent, 'aws:PrincipalAccount': '111122223333' });
  return holds({ operator, key: 'test:KEY', values: [written].flat() }, lookup, lookup);
};
const role = 'arn:aws:iam::111122223333:role/sluice/local/scale';

describe('condition operators', () => {
  it.each<[string, string | string[], Value, boolean]>([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEquals', ['a', 'b'], 'b', true],
    ['StringEquals', 'a*', 'ab', false],
    ['StringEquals', '${aws:PrincipalAccount}', '111122223333', true],
    ['StringEquals', '${aws:None}', 'x', false],
    ['stringequals', 'a', 'a', true],
    ['StringNotEquals', 'a', 'b', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringEqualsIgnoreCase', 'AbC', 'aBc', true],
    ['StringNotEqualsIgnoreCase', 'AbC', 'aBc', false],
    ['StringLike', 'sh*', 'shop', true],
    ['StringLike', 'sh?', 'shop', false],
    ['StringNotLike', 'sh*', 'shop', false],
    ['StringNotLike', ['sh*', 'x'], 'till', true],
    ['ArnLike', 'arn:aws:iam::111122223333:role/sluice/local/*', role, true],
    ['ArnLike', 'arn:aws:iam::111122223333:role/sluice/prod/*', role, false],
    ['ArnLike', 'arn:aws:iam::*role/sluice/local/*', role, false],
    ['ArnEquals', 'arn:aws:iam::*:role/sluice/*', role, true],
    ['ArnNotLike', 'arn:aws:iam::*:role/sluice/*', role, false],
    ['ArnNotEquals', 'arn:aws:iam::*:role/other/*', role, true],
    ['Bool', 'true', true, true],
    ['Bool', 'False', false, true],
    ['Bool', 'true', 'false', false],
    ['NumericEquals', '3', '3.0', true],
    ['NumericNotEquals', '3', 4, true],
    ['NumericLessThan', '3', 2, true],
    ['NumericLessThan', '3', 3, false],
    ['NumericLessThanEquals', '3', 3, true],
    ['NumericGreaterThan', '3', 3, false],
    ['NumericGreaterThanEquals', '3', 3, true],
    ['NumericLessThan', '3', 'two', false],
    ['DateLessThan', '2026-01-05T10:00:00Z', '2026-01-05T09:00:00.000Z', true],
    ['DateGreaterThan', '2026-01-05T10:00:00Z', '2026-01-05T09:00:00.000Z', false],
    ['DateEquals', '1767603600', '2026-01-05T09:00:00Z', true],
    ['DateLessThanEquals', '2026-01-05', '2026-01-05T00:00:00+00:00', true],
    ['IpAddress', '127.0.0.0/8', '127.0.0.1', true],
    ['IpAddress', '10.0.0.1', '127.0.0.1', false],
    ['IpAddress', '2001:db8::/32', '2001:db8::1', true],
    ['IpAddress', '127.0.0.0/8', 'localhost', false],
    ['NotIpAddress', '10.0.0.0/8', '127.0.0.1', true],
    ['BinaryEquals', 'QUI=', 'QUI=', true],
    ['BinaryEquals', 'QUI=', 'qui=', false],
    ['Null', 'true', undefined, true],
    ['Null', 'true', 'x', false],
    ['Null', 'false', 'x', true],
    ['Null', 'false', undefined, false],
    ['Null', 'true', [], true],
  ])('%s %j, sent %j: %s', (name, written, sent, expected) => {
    expect(judge(name, written, sent)).toBe(expected);
  });
});

describe('a key that the request does not carry', () => {
  it.each([
    ['StringEquals', false],
    ['StringLike', false],
    ['StringNotEquals', true],
    ['StringNotLike', true],
    ['ArnNotLike', true],
    ['NumericNotEquals', true],
    ['NotIpAddress', true],
    ['Bool', false],
    ['StringEqualsIfExists', true],
    ['BoolIfExists', true],
    ['StringNotEqualsIfExists', true],
    ['ForAllValues:StringEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringNotEquals', false],
    ['ForAnyValue:StringLikeIfExists', true],
  ])('under %s: %s', (name, expected) => {
    expect(judge(name, 'true', undefined)).toBe(expected);
  });
});

describe('a key with several values', () => {
  it.each<[string, string[], string[], boolean]>([
    ['ForAllValues:StringEquals', ['a', 'b'], ['a'], true],
    ['ForAllValues:StringEquals', ['a'], ['a', 'b'], false],
    ['ForAllValues:StringNotEquals', ['x'], ['a', 'b'], true],
    ['ForAllValues:StringNotEquals', ['a'], ['a', 'b'], false],
    ['ForAnyValue:StringLike', ['sub*'], ['x', 'subnet-1'], true],
    ['ForAnyValue:StringEquals', ['y'], ['x'], false],
    ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], true],
    ['StringEquals', ['a'], ['a', 'b'], true],
    ['StringNotEquals', ['a'], ['a', 'b'], false],
  ])('%s %j, sent %j: %s', (name, written, sent, expected) => {
    expect(judge(name, written, sent)).toBe(expected);
  });
});

describe('operators and values that IAM does not have', () => {
  it.each([
    'StringIs',
    '',
    'NullIfExists',
    'ForAllValues:Null',
    'ForSomeValues:StringEquals',
    'StringEqualsIfExist',
    'NotBool',
    'NumericLike',
    'constructor',
  ])('there is no operator %s', (name) => {
    expect(readOperator(name)).toBeUndefined();
  });

  it.each([
    ['Bool', 'yes'],
    ['Null', '1'],
    ['NumericEquals', 'three'],
    ['NumericEquals', ''],
    ['DateEquals', 'tomorrow'],
    ['IpAddress', '127.0.0.1/33'],
    ['IpAddress', 'localhost'],
    ['BinaryEquals', '***'],
  ])('%s does not take %j', (name, written) => {
    const operator = readOperator(name);
    expect(operator && objectionTo(operator, written)).toMatch(/^must be /);
  });
});
