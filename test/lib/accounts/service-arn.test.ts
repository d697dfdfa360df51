import { expect, test } from 'vitest';
import { parseServiceArn, serviceArn } from '../../../lib/accounts/service-arn.ts';
import fc from '../../builders/fast-check.ts';

const web = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';
const problemsOf = (text: string) => {
  const parsed = parseServiceArn(text);
  return parsed.ok ? [] : parsed.problems;
};

test('the ARN of a service is taken apart', () => {
  expect(serviceArn(web)).toEqual({
    arn: web,
    partition: 'aws',
    region: 'us-east-1',
    accountId: '111122223333',
    cluster: 'shop',
    service: 'web',
  });
});

test.each(['us-gov-west-1', 'ap-southeast-5', 'us-isob-east-1', 'eusc-de-east-1', 'cn-north-1'])('Region %s is one', (region) => {
  expect(parseServiceArn(web.replace('us-east-1', region))).toMatchObject({ ok: true, value: { region } });
});

test('the old form without a cluster is refused with the form to write', () => {
  expect(problemsOf('arn:aws:ecs:us-east-1:111122223333:service/web')).toEqual([
    'the ARN lacks the cluster; write it as service/CLUSTER/web',
  ]);
});

test.each([
  ['', 'looks like'],
  ['web', 'looks like'],
  ['arn:aws:ecs:us-east-1:111122223333:cluster/shop', 'must name a service'],
  ['arn:aws:ecs:us-east-1:111122223333:service/shop/web/1', 'no more'],
  ['arn:aws:ecs:us-east-1:111122223333:service/shop/*', 'letters, digits'],
  ['arn:aws:ecs:us-east-1:111122223333:service//web', 'name of a cluster'],
  [`arn:aws:ecs:us-east-1:111122223333:service/shop/${'x'.repeat(256)}`, 'name of a service'],
  ['arn:aws:ecs:*:111122223333:service/shop/web', 'Region'],
  ['arn:aws:ecs::111122223333:service/shop/web', 'Region'],
  ['arn:aws:ecs:us-east-1:1234:service/shop/web', 'twelve digits'],
  ['arn:aws:elb:us-east-1:111122223333:service/shop/web', 'service ecs'],
  ['arn:azure:ecs:us-east-1:111122223333:service/shop/web', 'partition'],
  [`${web} `, 'letters, digits'],
])('%j is refused with the rule', (text, rule) => {
  expect(problemsOf(text).join('; ')).toContain(rule);
});

test('every rule that is broken is named at once', () => {
  expect(problemsOf('arn:azure:elb:nowhere:12:service/a b/c d')).toHaveLength(6);
});

test('what is accepted is exactly what its parts make up', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,30}$/);
  fc.assert(
    fc.property(name, name, (cluster, service) => {
      const parsed = serviceArn(`arn:aws:ecs:eu-west-1:111122223333:service/${cluster}/${service}`);
      expect(parsed).toMatchObject({ cluster, service });
    }),
  );
});

test('one that was not checked before it was stored throws', () => {
  expect(() => serviceArn('web')).toThrow('not the ARN of an ECS service');
});
