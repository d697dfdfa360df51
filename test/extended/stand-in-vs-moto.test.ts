import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  RegisterTaskDefinitionCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import { createRequestHandler } from '../../lib/local/stand-in/request-handler.ts';
import { functionCredentials } from '../../lib/local/stand-in/stacks.ts';
import { createStandIn } from '../../lib/local/stand-in/stand-in.ts';
import { systemRandom } from '../../lib/random.ts';

/** Both are asked the same, and what Sluice reads of the answers must agree. moto starts no tasks of its own accord and enforces nothing, so counts of tasks and refusals are not compared. */
const url = process.env.SLUICE_MOTO_URL;
const ACCOUNT = '123456789012';
const CLUSTER = `shop-${Date.now()}`;
const REGION = 'us-east-1';

interface Side {
  readonly ecs: ECSClient;
  readonly sts: STSClient;
}
let moto: Side;
let standIn: Side;

describe.skipIf(url === undefined)('the stand-in answers as moto does', () => {
  beforeAll(async () => {
    const shared = { region: REGION, maxAttempts: 1 };
    const anyKeys = { accessKeyId: 'test', secretAccessKey: 'test' };
    const atMoto = { ...shared, endpoint: url ?? '', credentials: anyKeys };
    moto = { ecs: new ECSClient(atMoto), sts: new STSClient(atMoto) };
    await moto.ecs.send(new CreateClusterCommand({ clusterName: CLUSTER }));
    await moto.ecs.send(
      new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions: [{ name: 'app', image: 'app', memory: 64 }] }),
    );
    await moto.ecs.send(new CreateServiceCommand({ cluster: CLUSTER, serviceName: 'web', taskDefinition: 'web', desiredCount: 2 }));

    const local = createStandIn({ clock: systemClock, random: systemRandom, taskStartMs: 0 });
    local.services.ensure(`arn:aws:ecs:${REGION}:${ACCOUNT}:service/${CLUSTER}/web`, 2);
    local.identities.install(ALLOW_ALL, { stackName: 'all', accountId: ACCOUNT, region: REGION });
    const credentials = functionCredentials(local, { roleId: 'All', functionName: 'test', now: Date.now(), accountId: ACCOUNT });
    const atStandIn = { ...shared, endpoint: 'http://127.0.0.1:1', requestHandler: createRequestHandler(local), credentials };
    standIn = { ecs: new ECSClient(atStandIn), sts: new STSClient(atStandIn) };
  });

  const both = async (ask: (side: Side) => Promise<unknown>) => {
    const [ours, theirs] = await Promise.all([settle(ask(standIn)), settle(ask(moto))]);
    expect(ours).toEqual(theirs);
    return ours;
  };

  it('to DescribeServices', async () => {
    const seen = await both(async ({ ecs }) => {
      const { services, failures } = await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: ['web', 'nope'] }));
      // moto names what is missing by the short ARN of before 2018.
      return { services: services?.map(readOfService), missing: failures?.map(({ arn, reason }) => [arn?.split('/').at(-1), reason]) };
    });
    expect(seen).toMatchObject({ services: [{ status: 'ACTIVE', desiredCount: 2 }], missing: [['nope', 'MISSING']] });
  });

  it('with fields of the same types', async () => {
    const typesOf = async ({ ecs }: Side) => {
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: ['web'] }));
      const types = (value: object | undefined) =>
        new Map(Object.entries(value ?? {}).map(([name, one]) => [name, Array.isArray(one) ? 'list' : typeof one]));
      return [types(services?.[0]), types(services?.[0]?.deployments?.[0])] as const;
    };
    const [ours, theirs] = [await typesOf(standIn), await typesOf(moto)];
    const comparable = [0, 1].flatMap((i) =>
      [...(ours[i as 0 | 1] ?? [])]
        .filter(([name]) => theirs[i as 0 | 1].has(name))
        .map(([name, type]) => [name, type, theirs[i as 0 | 1].get(name)]),
    );
    expect(comparable.length).toBeGreaterThan(20);
    for (const [name, type, theirType] of comparable) expect([name, type]).toEqual([name, theirType]);
  });

  it('to UpdateService, by name and by ARN', async () => {
    for (const [service, desiredCount] of [
      ['web', 4],
      [`arn:aws:ecs:${REGION}:${ACCOUNT}:service/${CLUSTER}/web`, 3],
    ] as const) {
      const seen = await both(async ({ ecs }) => {
        const answer = await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service, desiredCount }));
        return { service: answer.service && readOfService(answer.service) };
      });
      expect(seen).toMatchObject({ service: { desiredCount } });
    }
  });

  it('to lists', async () => {
    await both(async ({ ecs }) => (await ecs.send(new ListServicesCommand({ cluster: CLUSTER }))).serviceArns);
    await both(async ({ ecs }) => (await ecs.send(new ListClustersCommand({}))).clusterArns?.filter((arn) => arn.endsWith(CLUSTER)));
    await both(async ({ ecs }) => {
      const { clusters, failures } = await ecs.send(new DescribeClustersCommand({ clusters: [CLUSTER, 'none'] }));
      return { clusters: clusters?.map(({ clusterArn, clusterName, status }) => ({ clusterArn, clusterName, status })), failures };
    });
  });

  it.each([
    [
      'services of a cluster that is not there',
      new DescribeServicesCommand({ cluster: 'none', services: ['web'] }),
      'ClusterNotFoundException',
    ],
    ['a list of a cluster that is not there', new ListServicesCommand({ cluster: 'none' }), 'ClusterNotFoundException'],
    [
      'an update in a cluster that is not there',
      new UpdateServiceCommand({ cluster: 'none', service: 'web', desiredCount: 1 }),
      'ClusterNotFoundException',
    ],
    [
      'an update of a service that is not there',
      new UpdateServiceCommand({ cluster: CLUSTER, service: 'none', desiredCount: 1 }),
      'ServiceNotFoundException',
    ],
  ])('with the same error to %s', async (_, command, name) => {
    expect(await both(({ ecs }) => ecs.send(command as UpdateServiceCommand))).toMatchObject({ name });
  });

  it('to GetCallerIdentity', async () => {
    expect(await both(async ({ sts }) => (await sts.send(new GetCallerIdentityCommand({}))).Account)).toBe(ACCOUNT);
  });
});

/** The part of a description that Sluice acts upon and that both can know. */
function readOfService({
  serviceArn,
  serviceName,
  clusterArn,
  status,
  desiredCount,
  schedulingStrategy,
  deploymentController,
  deployments,
}: Service) {
  return {
    serviceArn,
    serviceName,
    clusterArn,
    status,
    desiredCount,
    schedulingStrategy,
    deploymentController,
    deployments: deployments?.map((one) => one.status),
  };
}

async function settle(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof Error) || !('$metadata' in error)) throw error;
    const { httpStatusCode } = error.$metadata as { readonly httpStatusCode?: number };
    return { name: error.name, message: error.message, status: httpStatusCode };
  }
}

const ALLOW_ALL = JSON.stringify({
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
