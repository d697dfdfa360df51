import { expect, test } from 'vitest';
import { refusal } from '../../../lib/accounts/check-service.ts';
import type { ServiceDescription } from '../../../lib/accounts/customer-aws.ts';

const web: ServiceDescription = {
  arn: 'arn:aws:ecs:us-east-1:111122223333:service/shop/web',
  name: 'web',
  status: 'ACTIVE',
  desired: 2,
  running: 2,
  pending: 0,
  schedulingStrategy: 'REPLICA',
  deploymentController: 'ECS',
  resourceManagement: 'CUSTOMER',
  deployment: 'none',
};

test.each(['ECS', 'CODE_DEPLOY', 'EXTERNAL'])('an active replica service under the controller %s can be scaled', (deploymentController) => {
  expect(refusal({ ...web, deploymentController })).toBeUndefined();
});

test('a deployment under way or failed is no reason to refuse the service', () => {
  expect(refusal({ ...web, deployment: 'in-progress' })).toBeUndefined();
  expect(refusal({ ...web, deployment: 'failed' })).toBeUndefined();
});

test.each([
  [undefined, 'ServiceNotFound', 'no such service'],
  [{ ...web, status: 'INACTIVE' }, 'ServiceInactive', 'web is INACTIVE'],
  [{ ...web, status: 'DRAINING' }, 'ServiceInactive', 'web is DRAINING'],
  [{ ...web, schedulingStrategy: 'DAEMON' }, 'DaemonService', 'web is a DAEMON'],
  [{ ...web, resourceManagement: 'ECS' }, 'ManagedByEcsExpress', 'ECS Express'],
] as const)('%#: what cannot be scaled is refused with code and sentence', (description, code, sentence) => {
  expect(refusal(description)).toEqual({ code, why: expect.stringContaining(sentence) });
});
