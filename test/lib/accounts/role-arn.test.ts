import { describe, expect, test } from 'vitest';
import { parseAccountId, parseRoleArn } from '../../../lib/accounts/role-arn.ts';

const problemsOf = (text: string) => {
  const parsed = parseRoleArn(text);
  return parsed.ok ? [] : parsed.problems;
};

describe('the ARN of a role', () => {
  test.each([
    ['arn:aws:iam::111122223333:role/reader', { partition: 'aws', accountId: '111122223333', path: '/', name: 'reader' }],
    [
      'arn:aws:iam::011122223333:role/sluice/Role-1A2B',
      { partition: 'aws', accountId: '011122223333', path: '/sluice/', name: 'Role-1A2B' },
    ],
    ['arn:aws-cn:iam::111122223333:role/a/b/c@d', { partition: 'aws-cn', accountId: '111122223333', path: '/a/b/', name: 'c@d' }],
    ['arn:aws-us-gov:iam::111122223333:role/x+=,.@_-', { partition: 'aws-us-gov', accountId: '111122223333', path: '/', name: 'x+=,.@_-' }],
  ])('%s is taken apart', (arn, parts) => {
    expect(parseRoleArn(arn)).toEqual({ ok: true, value: { arn, ...parts } });
  });

  test.each([
    ['', 'looks like'],
    ['reader', 'looks like'],
    ['arn:aws:iam::111122223333', 'looks like'],
    [' arn:aws:iam::111122223333:role/reader\n', 'white space'],
    ['arn:aws:iam::111122223333:user/jo', 'must name a role'],
    ['arn:aws:iam::111122223333:root', 'must name a role'],
    ['arn:aws:sts::111122223333:assumed-role/reader/session', 'ARN of a session'],
    ['arn:aws:s3::111122223333:role/reader', 'service iam'],
    ['arn:gcp:iam::111122223333:role/reader', 'partition'],
    ['arn:aws:iam:us-east-1:111122223333:role/reader', 'no Region'],
    ['arn:aws:iam::11112222333:role/reader', 'twelve digits'],
    ['arn:aws:iam::1111-2222-3333:role/reader', 'twelve digits'],
    ['arn:aws:iam::111122223333:role/', "role's name"],
    ['arn:aws:iam::111122223333:role/*', "role's name"],
    ['arn:aws:iam::111122223333:role/two words', "role's name"],
    [`arn:aws:iam::111122223333:role/${'x'.repeat(65)}`, "role's name"],
    ['arn:aws:iam::111122223333:role//reader', "role's path"],
    ['arn:aws:iam::111122223333:role/a*b/reader', "role's path"],
    [`arn:aws:iam::111122223333:role/${'x'.repeat(511)}/reader`, "role's path"],
    ['arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS', 'service-linked'],
    [`arn:aws:iam::111122223333:role/${'x/'.repeat(1100)}reader`, 'at most 2048'],
  ])('%j is refused with the rule', (text, rule) => {
    expect(problemsOf(text).join('; ')).toContain(rule);
  });

  test('every rule that is broken is named at once', () => {
    expect(problemsOf('arn:gcp:sqs:us-east-1:12:user/jo')).toHaveLength(5);
  });

  test('what is quoted in a problem is cut and cannot break a line', () => {
    const [problem] = problemsOf(`no\nARN ${'x'.repeat(5000)}`);
    expect(problem?.length).toBeLessThan(200);
    expect(problem).not.toContain('\n');
  });
});

describe('an account id', () => {
  test('is twelve digits and keeps its leading zeros', () => {
    expect(parseAccountId('000000000042')).toEqual({ ok: true, value: '000000000042' });
  });
  test.each(['', '42', '1111222233334', '1111 2222 3333', '１２３４５６７８９０１２', '111122223333\n'])('%j is none', (text) => {
    expect(parseAccountId(text)).toMatchObject({ ok: false, problems: [expect.stringContaining('twelve digits')] });
  });
});
