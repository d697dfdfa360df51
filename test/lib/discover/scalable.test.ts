import { expect, test } from 'vitest';
import type { DiscoveredService } from '../../../lib/discover/discovered.ts';
import { whyNotScalable } from '../../../lib/discover/scalable.ts';

const service = (overrides: Partial<DiscoveredService> = {}): DiscoveredService => ({
  arn: 'arn:aws:ecs:us-east-1:111122223333:service/shop/web',
  cluster: 'shop',
  name: 'web',
  status: 'ACTIVE',
  desired: 2,
  running: 2,
  pending: 0,
  capacityProviders: [],
  deploymentController: 'ECS',
  schedulingStrategy: 'REPLICA',
  resourceManagement: 'CUSTOMER',
  tags: {},
  ...overrides,
});
const rival = { min: 1, max: 9, suspended: false, policies: 1, schedules: 0 };

test.each([
  ['one at rest', {}],
  ['one whose deployments CodeDeploy makes', { deploymentController: 'CODE_DEPLOY' }],
  ['one whose rival is suspended', { rival: { ...rival, suspended: true } }],
  ['one at zero', { desired: 0, running: 0 }],
])('%s can be scaled', (_, overrides) => {
  expect(whyNotScalable(service(overrides))).toBeUndefined();
});

test.each([
  ['a daemon', { schedulingStrategy: 'DAEMON' }, 'DaemonService', 'DAEMON'],
  ['one that is being deleted', { status: 'DRAINING' }, 'ServiceInactive', 'DRAINING'],
  ['one of ECS Express', { resourceManagement: 'ECS' }, 'ManagedByEcsExpress', 'two scalers'],
  ['one with a scaling policy', { rival }, 'RivalScaler', 'by a scaling policy'],
  [
    'one with policies and actions',
    { rival: { ...rival, policies: 2, schedules: 3 } },
    'RivalScaler',
    'by 2 scaling policies and 3 scheduled actions',
  ],
  ['one with a target alone', { rival: { ...rival, policies: 0 } }, 'RivalScaler', 'by no policy now'],
])('%s cannot, and the reason says what to do', (_, overrides, code, why) => {
  expect(whyNotScalable(service(overrides))).toMatchObject({ code, why: expect.stringContaining(why) });
});

test('how a rival is taken away is a line to copy', () => {
  expect(whyNotScalable(service({ rival }))?.why).toContain(
    'deregister-scalable-target --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/shop/web',
  );
});
