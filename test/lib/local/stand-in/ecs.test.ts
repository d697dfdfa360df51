import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  ExecuteCommandCommand,
  ListClustersCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, FOREIGN, OTHER_EXTERNAL_ID, setStage, WEB, WORKER } from './stage.ts';

const web = { cluster: 'shop', service: 'web' };
const onlyOn = (arn: string) => ({
  Policy: JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['ecs:DescribeServices', 'ecs:UpdateService'], Resource: arn }],
  }),
});

async function session(input = {}, options = {}) {
  const stage = setStage(options);
  const keys = await stage.assume(input);
  return { ...stage, keys, ecs: stage.ecsAs(keys) };
}

describe('services of the stand-in', () => {
  it('begin with all tasks running, ACTIVE, no deployment under way', async () => {
    const { ecs } = await session();
    const { services, failures } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
    expect(failures).toEqual([]);
    expect(services).toHaveLength(1);
    expect(services?.[0]).toMatchObject({
      serviceArn: WEB,
      serviceName: 'web',
      status: 'ACTIVE',
      desiredCount: 2,
      runningCount: 2,
      pendingCount: 0,
    });
    expect(services?.[0]?.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED', desiredCount: 2, runningCount: 2 }]);
    expect(services?.[0]?.createdAt).toBeInstanceOf(Date);
  });

  it('have new tasks pending for three seconds, then running', async () => {
    const { ecs, clock } = await session(onlyOn(WEB));
    const counts = async () => {
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: [WEB] }));
      return [services?.[0]?.desiredCount, services?.[0]?.runningCount, services?.[0]?.pendingCount];
    };
    const { service } = await ecs.send(new UpdateServiceCommand({ ...web, desiredCount: 5 }));
    expect(service).toMatchObject({
      desiredCount: 5,
      runningCount: 2,
      pendingCount: 3,
      deployments: [{ desiredCount: 5, pendingCount: 3 }],
    });
    await clock.advance(2999);
    expect(await counts()).toEqual([5, 2, 3]);
    await clock.advance(1);
    expect(await counts()).toEqual([5, 5, 0]);
  });

  it('stop tasks at once on the way in, those still starting first', async () => {
    const { ecs, clock } = await session({}, { taskStartMs: 10_000 });
    await ecs.send(new UpdateServiceCommand({ ...web, desiredCount: 6 }));
    const { service } = await ecs.send(new UpdateServiceCommand({ ...web, desiredCount: 3 }));
    expect(service).toMatchObject({ desiredCount: 3, runningCount: 2, pendingCount: 1 });
    const { service: none } = await ecs.send(new UpdateServiceCommand({ ...web, desiredCount: 0 }));
    expect(none).toMatchObject({ desiredCount: 0, runningCount: 0, pendingCount: 0 });
    await clock.advance(60_000);
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
    expect(services?.[0]).toMatchObject({ runningCount: 0 });
  });

  it('are listed with their clusters, page by page, within account and Region', async () => {
    const { ecs, standIn, ecsAs, keys } = await session();
    for (let i = 0; i < 12; i++) standIn.services.ensure(`arn:aws:ecs:us-east-1:${ACCOUNT}:service/batch/job-${i}`, 1);
    const { clusterArns } = await ecs.send(new ListClustersCommand({}));
    expect(clusterArns).toEqual([`arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/shop`, `arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/batch`]);
    const first = await ecs.send(new ListServicesCommand({ cluster: 'batch' }));
    expect(first.serviceArns).toHaveLength(10);
    const second = await ecs.send(new ListServicesCommand({ cluster: 'batch', nextToken: first.nextToken }));
    expect(second.serviceArns).toHaveLength(2);
    expect(second.nextToken).toBeUndefined();
    const { clusters, failures } = await ecs.send(new DescribeClustersCommand({ clusters: ['shop', 'none'] }));
    expect(clusters).toMatchObject([{ clusterName: 'shop', status: 'ACTIVE', activeServicesCount: 2, runningTasksCount: 4 }]);
    expect(failures).toMatchObject([{ arn: `arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/none`, reason: 'MISSING' }]);
    const elsewhere = await ecsAs(keys, 'eu-west-1').send(new ListClustersCommand({}));
    expect(elsewhere.clusterArns).toEqual([]);
    expect(await ecs.send(new ListTagsForResourceCommand({ resourceArn: WEB }))).toMatchObject({ tags: [] });
  });

  it('that are not there are failures with the reason MISSING', async () => {
    const { ecs } = await session();
    const { services, failures } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web', 'nope'] }));
    expect(services).toHaveLength(1);
    expect(failures).toMatchObject([{ arn: `arn:aws:ecs:us-east-1:${ACCOUNT}:service/shop/nope`, reason: 'MISSING' }]);
  });

  it('keep what else an update carries, and begin a deployment where it replaces tasks', async () => {
    const { ecs, clock } = await session();
    const { service } = await ecs.send(new UpdateServiceCommand({ ...web, forceNewDeployment: true, healthCheckGracePeriodSeconds: 7 }));
    expect(service).toMatchObject({
      healthCheckGracePeriodSeconds: 7,
      deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }, { status: 'ACTIVE' }],
    });
    await clock.advance(3000);
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
    expect(services?.[0]?.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 2 }]);
  });
});

describe('mistakes get the errors of ECS', () => {
  it.each([
    ['more than ten names', { cluster: 'shop', services: Array.from({ length: 11 }, (_, i) => `s${i}`) }, 'InvalidParameterException'],
    ['no names', { cluster: 'shop', services: [] }, 'InvalidParameterException'],
    ['a cluster that is not there', { cluster: 'none', services: ['web'] }, 'ClusterNotFoundException'],
    ['no cluster, where there is none called default', { services: ['web'] }, 'ClusterNotFoundException'],
  ])('DescribeServices with %s', async (_, input, name) => {
    const { ecs } = await session();
    await expect(ecs.send(new DescribeServicesCommand(input))).rejects.toMatchObject({ name });
  });

  it.each([
    ['a negative count', {}, { ...web, desiredCount: -1 }, 'InvalidParameterException'],
    ['a count for a DAEMON', { schedulingStrategy: 'DAEMON' }, { ...web, desiredCount: 3 }, 'InvalidParameterException'],
    ['an INACTIVE service', { status: 'INACTIVE' }, { ...web, desiredCount: 3 }, 'ServiceNotActiveException'],
    ['a DRAINING service', { status: 'DRAINING' }, { ...web, desiredCount: 3 }, 'ServiceNotActiveException'],
  ])('UpdateService with %s', async (_, fields, input, name) => {
    const { ecs, standIn } = await session();
    const service = standIn.services.get(WEB);
    if (service !== undefined) standIn.services.set({ ...service, fields });
    await expect(ecs.send(new UpdateServiceCommand(input))).rejects.toMatchObject({ name });
    expect(standIn.services.get(WEB)?.desired).toBe(2);
  });

  it('a service that policies allow and that does not exist is not found', async () => {
    const { standIn, ecsAs, keysOf } = setStage();
    standIn.identities.install(allowAll, { stackName: 'all', accountId: '000000000000', region: 'us-east-1' });
    standIn.services.ensure('arn:aws:ecs:us-east-1:000000000000:service/own/one', 1);
    const ecs = ecsAs(keysOf('All'));
    await expect(ecs.send(new UpdateServiceCommand({ cluster: 'own', service: 'two', desiredCount: 1 }))).rejects.toMatchObject({
      name: 'ServiceNotFoundException',
    });
    await expect(ecs.send(new UpdateServiceCommand({ cluster: 'other', service: 'one', desiredCount: 1 }))).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
    });
    await expect(ecs.send(new DeleteServiceCommand({ cluster: 'own', service: 'one' }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});

describe('whatever a session may not do is refused, and nothing changes', () => {
  const updates: [string, object, Partial<UpdateServiceCommandInput>][] = [
    ['a service that the write policy does not list', {}, { service: 'worker' }],
    ['the same by its ARN', {}, { service: WORKER }],
    ['another service than the session policy names', onlyOn(WORKER), {}],
    ['a service that the session policy alone names', onlyOn(WORKER), { service: 'worker' }],
    ['a service of that name in another cluster', {}, { cluster: 'default' }],
    ['the name in other letters', {}, { service: 'Web' }],
    ['a star', {}, { service: '*' }],
    ['a new task definition, which would need PassRole', {}, { taskDefinition: 'web:2' }],
  ];
  it.each(updates)('UpdateService of %s', async (_, policy, input) => {
    const { ecs, standIn } = await session(policy);
    const failure = await ecs.send(new UpdateServiceCommand({ ...web, desiredCount: 9, ...input })).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } });
    expect(String(failure)).toMatch(
      /is not authorized to perform: (ecs:UpdateService|iam:PassRole) on resource: \S+ because no (identity-based|session) policy allows the \S+ action$/,
    );
    expect(standIn.services.all().map(({ desired }) => desired)).toEqual([2, 2, 2]);
    expect(standIn.calls.all().at(-1)).toMatchObject({
      service: 'ecs',
      action: 'UpdateService',
      allowed: false,
      account: ACCOUNT,
      error: 'AccessDeniedException',
    });
  });

  it.each([
    ['DeleteService', new DeleteServiceCommand({ cluster: 'shop', service: 'web', force: true })],
    ['CreateService', new CreateServiceCommand({ cluster: 'shop', serviceName: 'new', taskDefinition: 'web' })],
    ['RunTask', new RunTaskCommand({ cluster: 'shop', taskDefinition: 'web' })],
    ['StopTask', new StopTaskCommand({ cluster: 'shop', task: 'x' })],
    ['ExecuteCommand', new ExecuteCommandCommand({ cluster: 'shop', task: 'x', command: 'sh', interactive: true })],
    ['RegisterTaskDefinition', new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions: [] })],
  ])('%s', async (action, command) => {
    const { ecs, standIn } = await session();
    await expect(ecs.send(command as DeleteServiceCommand)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(standIn.calls.all().at(-1)).toMatchObject({ action, allowed: false });
  });

  it('in another Region', async () => {
    const { ecsAs, keys, standIn } = await session();
    standIn.services.ensure(WEB.replace('us-east-1', 'eu-west-1'), 2);
    const ecs = ecsAs(keys, 'eu-west-1');
    await expect(ecs.send(new UpdateServiceCommand({ ...web, desiredCount: 3 }))).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(ecs.send(new UpdateServiceCommand({ service: WEB, cluster: 'shop', desiredCount: 3 }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it("in another customer's account, with a session made for this one", async () => {
    const { ecs, standIn } = await session();
    await expect(ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: FOREIGN, desiredCount: 3 }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    expect(standIn.services.get(FOREIGN)?.desired).toBe(2);
  });

  it("an ARN of one cluster under the name of another does not reach the other's service", async () => {
    const { ecs, standIn } = await session();
    standIn.services.ensure(WEB.replace('/shop/', '/till/'), 2);
    await expect(ecs.send(new UpdateServiceCommand({ cluster: 'till', service: WEB, desiredCount: 3 }))).rejects.toMatchObject({
      name: 'ServiceNotFoundException',
    });
    expect(standIn.services.all().every(({ desired }) => desired === 2)).toBe(true);
  });

  it("with a function's own keys, without a session at the customer's", async () => {
    const { ecsAs, keysOf } = setStage();
    await expect(ecsAs(keysOf('ScaleRole')).send(new UpdateServiceCommand({ ...web, desiredCount: 3 }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it('once a write policy is taken away, also for sessions made before', async () => {
    const { ecs, standIn } = await session();
    await ecs.send(new UpdateServiceCommand({ ...web, desiredCount: 3 }));
    expect(standIn.identities.remove(ACCOUNT, 'sluice-write')).toBe(true);
    await expect(ecs.send(new UpdateServiceCommand({ ...web, desiredCount: 4 }))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('after the role was deleted and made again: the old session stays worthless', async () => {
    const { ecs, standIn, otherRole, assume } = await session();
    standIn.identities.remove(ACCOUNT, 'sluice');
    await expect(ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(assume({ RoleArn: otherRole, ExternalId: OTHER_EXTERNAL_ID })).resolves.toBeDefined();
  });
});

describe('keys', () => {
  const list = new ListClustersCommand({});
  it("expire by the stand-in's clock", async () => {
    const { ecs, clock } = await session({ DurationSeconds: 900 });
    await clock.advance(899_999);
    await ecs.send(list);
    await clock.advance(1);
    await expect(ecs.send(list)).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  });

  it('must be known, and come with the session token they were issued with', async () => {
    const { keys, ecsAs, assume } = await session();
    const others = await assume();
    const unknown = { name: 'UnrecognizedClientException' };
    await expect(ecsAs({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' }).send(list)).rejects.toMatchObject(unknown);
    await expect(ecsAs({ ...keys, sessionToken: others.sessionToken }).send(list)).rejects.toMatchObject(unknown);
    await expect(ecsAs({ accessKeyId: keys.accessKeyId, secretAccessKey: 'x' }).send(list)).rejects.toMatchObject(unknown);
  });
});

const allowAll = JSON.stringify({
  Resources: {
    All: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        },
        Policies: [
          { PolicyName: 'all', PolicyDocument: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } },
        ],
      },
    },
  },
});
