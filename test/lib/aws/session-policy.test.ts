import { expect, test } from 'vitest';
import { serviceArn } from '../../../lib/accounts/service-arn.ts';
import { LONGEST_SESSION_POLICY, provePolicy, readPolicies, writePolicy } from '../../../lib/aws/session-policy.ts';

const service = (name: string, cluster = 'shop') => serviceArn(`arn:aws:ecs:us-east-1:111122223333:service/${cluster}/${name}`);
const statementOf = (policy: string): unknown => JSON.parse(policy)['Statement'];

test('a session for writing may look at and update one service', () => {
  const web = service('web');
  expect(statementOf(writePolicy(web))).toEqual([
    { Effect: 'Allow', Action: ['ecs:DescribeServices', 'ecs:UpdateService'], Resource: web.arn },
  ]);
});

test('the longest names that ECS allows still fit', () => {
  expect(writePolicy(service('x'.repeat(255), 'y'.repeat(255))).length).toBeLessThanOrEqual(LONGEST_SESSION_POLICY);
});

test('a session for reading may describe the services it was asked for', () => {
  const [narrowest] = readPolicies([service('web'), service('worker'), service('web')]);
  expect(statementOf(narrowest)).toEqual([
    { Effect: 'Allow', Action: 'ecs:DescribeServices', Resource: [service('web').arn, service('worker').arn] },
  ]);
});

test('the order in which services are named does not make another policy', () => {
  expect(readPolicies([service('a'), service('b')])).toEqual(readPolicies([service('b'), service('a')]));
});

test('too many services to list are their clusters', () => {
  const many = Array.from({ length: 60 }, (_, i) => service(`service-number-${i}`, i % 2 ? 'shop' : 'blog'));
  const [narrowest] = readPolicies(many);
  expect(statementOf(narrowest)).toEqual([
    {
      Effect: 'Allow',
      Action: 'ecs:DescribeServices',
      Resource: ['arn:aws:ecs:us-east-1:111122223333:service/blog/*', 'arn:aws:ecs:us-east-1:111122223333:service/shop/*'],
    },
  ]);
});

test('too many clusters to list are their account and Region', () => {
  const many = Array.from({ length: 60 }, (_, i) => service('web', `cluster-number-${i}`));
  expect(readPolicies(many)).toHaveLength(1);
  expect(statementOf(readPolicies(many)[0])).toEqual([
    { Effect: 'Allow', Action: 'ecs:DescribeServices', Resource: ['arn:aws:ecs:us-east-1:111122223333:service/*'] },
  ]);
});

test('each wider policy is there for when STS finds the one before too large, and all fit', () => {
  const policies = readPolicies([service('web'), service('worker')]);
  expect(policies).toHaveLength(3);
  for (const policy of policies) expect(policy.length).toBeLessThanOrEqual(LONGEST_SESSION_POLICY);
});

test('a session for no service at all is a fault', () => {
  expect(() => readPolicies([])).toThrow('one service at least');
});

test('the proof of trust may do nothing at all', () => {
  expect(provePolicy()).not.toContain('ecs:');
});
