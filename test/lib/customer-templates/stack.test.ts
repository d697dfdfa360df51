import { describe, expect, test } from 'vitest';
import { stackNames } from '../../../lib/accounts/stack-names.ts';
import { deleteLine, deployLine, quickCreateLink, type Stack, updateLine } from '../../../lib/customer-templates/stack.ts';
import { parseTemplateUrl } from '../../../lib/customer-templates/template-url.ts';

const stack = (overrides: Partial<Stack> = {}): Stack => ({
  template: 'read.yaml',
  stackName: 'sluice-acme',
  region: 'eu-west-1',
  parameters: { OperatorAccountId: '999988887777', ExternalId: `sluice-${'0'.repeat(32)}` },
  ...overrides,
});

describe('the link that opens the console with a stack filled in', () => {
  test('names template, stack and parameters as CloudFormation documents it', () => {
    expect(quickCreateLink(stack(), 'https://b.s3.eu-west-1.amazonaws.com/sluice')).toBe(
      'https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/create/review' +
        '?templateURL=https%3A%2F%2Fb.s3.eu-west-1.amazonaws.com%2Fsluice%2Fread.yaml&stackName=sluice-acme' +
        `&param_OperatorAccountId=999988887777&param_ExternalId=sluice-${'0'.repeat(32)}`,
    );
  });

  test.each([
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/cloudformation/home?region=cn-north-1#/'],
    ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/cloudformation/home?region=us-gov-west-1#/'],
  ])('opens the console of the partition that %s is in', (region, begins) => {
    const link = quickCreateLink(stack({ region }), 'https://b.s3.amazonaws.com');
    expect(link.startsWith(begins)).toBe(true);
  });

  test('carries lists and signs of every kind whole', () => {
    const services = 'arn:aws:ecs:eu-west-1:111122223333:service/shop/a,arn:aws:ecs:eu-west-1:111122223333:service/shop/b';
    const link = quickCreateLink(stack({ parameters: { Services: services, RoleName: 'a+b=c@d' } }), 'https://b.s3.amazonaws.com');
    const query = new URLSearchParams(new URL(link).hash.split('?')[1]);
    expect(query.get('param_Services')).toBe(services);
    expect(query.get('param_RoleName')).toBe('a+b=c@d');
  });
});

describe('the folder of the templates', () => {
  test.each([
    ['https://b.s3.us-east-1.amazonaws.com/sluice', 'https://b.s3.us-east-1.amazonaws.com/sluice'],
    ['https://b.s3.us-east-1.amazonaws.com/sluice/', 'https://b.s3.us-east-1.amazonaws.com/sluice'],
    ['https://b.s3.us-east-1.amazonaws.com/sluice/read.yaml', 'https://b.s3.us-east-1.amazonaws.com/sluice'],
    ['https://s3.us-east-1.amazonaws.com/b', 'https://s3.us-east-1.amazonaws.com/b'],
    ['https://b.s3.amazonaws.com', 'https://b.s3.amazonaws.com'],
    ['https://b.s3-us-west-2.amazonaws.com/x', 'https://b.s3-us-west-2.amazonaws.com/x'],
  ])('%s is taken', (text, folder) => {
    expect(parseTemplateUrl(text, 'us-east-1')).toEqual({ ok: true, value: folder });
  });

  test.each([
    ['no URL', 'templates', 'looks like'],
    ['plain HTTP', 'http://b.s3.amazonaws.com/x', 'begins with https://'],
    ['a server that is not S3', 'https://raw.githubusercontent.com/x/read.yaml', 'from S3 alone'],
    ['a server that only sounds like S3', 'https://b.s3.amazonaws.com.example.org/x', 'from S3 alone'],
    ['another service of AWS', 'https://x.execute-api.us-east-1.amazonaws.com/s', 'from S3 alone'],
    ['a query', 'https://b.s3.amazonaws.com/x?versionId=1', 'neither a query'],
    ['a user', 'https://me@b.s3.amazonaws.com/x', 'neither a query'],
    ['another template', 'https://b.s3.amazonaws.com/x/write.yaml', 'the URL of read.yaml'],
    ['more than CloudFormation takes', `https://b.s3.amazonaws.com/${'x'.repeat(1_000)}`, 'at most 1024 characters'],
  ])('%s is refused with the rule', (_, text, rule) => {
    const parsed = parseTemplateUrl(text, 'us-east-1');
    expect(parsed).toMatchObject({ ok: false, problems: expect.arrayContaining([expect.stringContaining(rule)]) });
  });

  test('in China is on servers of China', () => {
    expect(parseTemplateUrl('https://b.s3.cn-north-1.amazonaws.com.cn/x', 'cn-north-1').ok).toBe(true);
    expect(parseTemplateUrl('https://b.s3.us-east-1.amazonaws.com/x', 'cn-north-1')).toMatchObject({ ok: false });
    expect(parseTemplateUrl('https://b.s3.cn-north-1.amazonaws.com.cn/x', 'us-east-1')).toMatchObject({ ok: false });
  });
});

describe('lines for a shell', () => {
  test('make or update a stack from a file, with quotes only where the shell needs them', () => {
    expect(deployLine(stack({ parameters: { RoleName: 'r', Note: "it's; rm -rf" } }), '/a b/read.yaml')).toBe(
      "aws cloudformation deploy --region eu-west-1 --stack-name sluice-acme --template-file '/a b/read.yaml' --capabilities CAPABILITY_IAM" +
        " --parameter-overrides RoleName=r 'Note=it'\\''s; rm -rf'",
    );
  });

  test('update a list and keep the rest', () => {
    const line = updateLine(stack({ stackName: 'sluice-acme-write', parameters: { Services: 'a,b' } }), ['RoleName']);
    const [, json = ''] = /--parameters '(.*)'$/.exec(line) ?? [];
    expect(JSON.parse(json)).toEqual([
      { ParameterKey: 'RoleName', UsePreviousValue: true },
      { ParameterKey: 'Services', ParameterValue: 'a,b' },
    ]);
    expect(line).toContain('update-stack --region eu-west-1 --stack-name sluice-acme-write --use-previous-template');
  });

  test('delete the stacks that are named after the customer', () => {
    expect(deleteLine(stackNames.write('acme', 1), 'us-east-1')).toBe(
      'aws cloudformation delete-stack --region us-east-1 --stack-name sluice-acme-write-2',
    );
    expect([stackNames.read('acme'), stackNames.write('acme', 0), stackNames.queues('acme')]).toEqual([
      'sluice-acme',
      'sluice-acme-write',
      'sluice-acme-queues',
    ]);
  });
});
