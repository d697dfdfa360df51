import {
  CreateServiceCommand,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  ExecuteCommandCommand,
  PutClusterCapacityProvidersCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  TagResourceCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../lib/clock.ts';
import { type StandInServer, serveStandIn } from '../../../../lib/local/stand-in/server.ts';
import { connectCustomer, deployOperator, functionCredentials } from '../../../../lib/local/stand-in/stacks.ts';
import { createStandIn, type StandIn } from '../../../../lib/local/stand-in/stand-in.ts';
import { ACCOUNT, EXTERNAL_ID, FOREIGN, OTHER_ACCOUNT, OTHER_EXTERNAL_ID, seededRandom, templates, WEB, WORKER } from './stage.ts';

/** What somebody could try who has one of Sluice's functions, or its operator's account, in their hands: over HTTP, with AWS's own clients. */
let standIn: StandIn;
let server: StandInServer;
let role = '';
let otherRole = '';
const EUROPE = WEB.replace('us-east-1', 'eu-west-1');
const TILL = WEB.replace('/shop/', '/till/');
const SERVICES = [WEB, WORKER, FOREIGN, EUROPE, TILL];
/** Past its end by an hour, without waiting for it. */
let lateBy = 0;

beforeAll(async () => {
  standIn = createStandIn({ clock: { ...systemClock, now: () => systemClock.now() + lateBy }, random: seededRandom() });
  deployOperator(standIn, templates, { stage: 'local', region: 'us-east-1' });
  deployOperator(standIn, templates, { stage: 'dev', region: 'us-east-1' });
  for (const arn of SERVICES) standIn.services.ensure(arn, 2);
  role = connectCustomer(standIn, templates, { accountId: ACCOUNT, externalId: EXTERNAL_ID, stage: 'local', serviceArns: [WEB] });
  const other = { accountId: OTHER_ACCOUNT, externalId: OTHER_EXTERNAL_ID, stage: 'local', serviceArns: [FOREIGN] };
  otherRole = connectCustomer(standIn, templates, other);
  standIn.identities.install(peopleRole, { stackName: 'people', accountId: '000000000000', region: 'us-east-1' });
  server = await serveStandIn(standIn, { port: 0 });
});
afterAll(() => server.close());
beforeEach(() => {
  lateBy = 0;
  standIn.identities.remove(ACCOUNT, 'hardened');
});

/** A role of the operator's account outside of the path, which its own account allows everything. */
const peopleRole = JSON.stringify({
  Resources: {
    People: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Path: '/people/sluice/local/',
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

const keysOf = (roleId: string) => functionCredentials(standIn, { roleId, functionName: `test-${roleId}`, now: systemClock.now() });
const client = (credentials: ReturnType<typeof keysOf>, region = 'us-east-1') =>
  new ECSClient({ region, endpoint: server.url, maxAttempts: 1, credentials });
async function assume(input: Partial<AssumeRoleCommandInput> = {}, keys = keysOf('ScaleRole')) {
  const sts = new STSClient({ region: 'us-east-1', endpoint: server.url, maxAttempts: 1, credentials: keys });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'sluice.test.scale.d1', ExternalId: EXTERNAL_ID, ...input }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
}
const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const onlyOn = (arn: string) => ({
  Policy: policy({ Effect: 'Allow', Action: ['ecs:UpdateService', 'ecs:DescribeServices'], Resource: arn }),
});
const everything = { Policy: policy({ Effect: 'Allow', Action: '*', Resource: '*' }) };
const update = (input: Partial<UpdateServiceCommandInput> = {}) =>
  new UpdateServiceCommand({ cluster: 'shop', service: 'web', desiredCount: 9, ...input });
const send = async (input: Partial<UpdateServiceCommandInput>, session: Partial<AssumeRoleCommandInput> = {}, region = 'us-east-1') =>
  client(await assume(session), region).send(update(input));

/** The write policy once more, from the same template, hardened, in place of the plain one. */
function harden() {
  standIn.identities.remove(ACCOUNT, 'sluice-write');
  const parameters = { RoleName: role.slice(role.lastIndexOf('/') + 1), Services: WEB, HardenRequests: 'yes' };
  standIn.identities.install(templates.customerWrite, { stackName: 'hardened', accountId: ACCOUNT, region: 'us-east-1', parameters });
}
function soften() {
  connectCustomer(standIn, templates, { accountId: ACCOUNT, externalId: EXTERNAL_ID, stage: 'local', serviceArns: [WEB] });
}

type Abuse = readonly [what: string, attempt: () => Promise<unknown>, refusal: string];
const DENIED = 'AccessDenied';

const OF_TRUST: readonly Abuse[] = [
  ['no external ID', () => assume({ ExternalId: undefined }, keysOf('AdminRole')), DENIED],
  ['no external ID, by a function that its own role forbids it', () => assume({ ExternalId: undefined }), DENIED],
  ['a wrong external ID', () => assume({ ExternalId: `sluice-${'0'.repeat(32)}` }), DENIED],
  ["another customer's external ID", () => assume({ ExternalId: OTHER_EXTERNAL_ID }), DENIED],
  ["another customer's role with the own external ID", () => assume({ RoleArn: otherRole }), DENIED],
  ['the external ID in capitals', () => assume({ ExternalId: EXTERNAL_ID.toUpperCase() }), DENIED],
  ['the external ID but for its last digit', () => assume({ ExternalId: EXTERNAL_ID.slice(0, -1) }), DENIED],
  ['an external ID that only begins like it', () => assume({ ExternalId: `${EXTERNAL_ID}0` }), DENIED],
  ['a person of the operator, outside of the path', () => assume({}, keysOf('People')), DENIED],
  ['a function that has nothing to do with customers', () => assume({}, keysOf('IngestRole')), DENIED],
  ['tags for the session', () => assume({ Tags: [{ Key: 'sluice:scale', Value: 'true' }] }), DENIED],
  ['a source identity', () => assume({ SourceIdentity: 'somebody' }), DENIED],
  ['a session longer than an hour', () => assume({ DurationSeconds: 7200 }), 'ValidationError'],
  ["the customer's role from its own session", async () => assume({}, await assume()), DENIED],
];

const OF_SERVICES: readonly Abuse[] = [
  ['another service of the cluster', () => send({ service: 'worker' }), DENIED],
  ['a service of the same name in another cluster', () => send({ cluster: 'till' }), DENIED],
  ['a service of the same name in another Region', () => send({}, {}, 'eu-west-1'), DENIED],
  ["another customer's service, by its ARN", () => send({ service: FOREIGN }), 'InvalidParameterException'],
  [
    "a session made for one customer, on the other's service of the same name",
    async () => {
      const session = await assume({ RoleArn: otherRole, ExternalId: OTHER_EXTERNAL_ID });
      return client(session).send(update({ service: WEB }));
    },
    'InvalidParameterException',
  ],
  [
    'a service that the session is not for, though the role may',
    async () => {
      connectCustomer(standIn, templates, { accountId: ACCOUNT, externalId: EXTERNAL_ID, stage: 'local', serviceArns: [WEB, WORKER] });
      return send({ service: 'worker' }, onlyOn(WEB)).finally(soften);
    },
    DENIED,
  ],
  ['a session policy that allows everything, on what the role may not', () => send({ service: 'worker' }, everything), DENIED],
  [
    'a count through a session that may only look',
    () => send({}, { Policy: policy({ Effect: 'Allow', Action: 'ecs:DescribeServices', Resource: '*' }) }),
    DENIED,
  ],
  ['a count with the keys of the function itself', () => client(keysOf('ScaleRole')).send(update()), DENIED],
  [
    'an expired session',
    async () => {
      const session = await assume({ DurationSeconds: 900 });
      lateBy = 3_600_000;
      return client(session).send(update());
    },
    'ExpiredTokenException',
  ],
  [
    "one session's keys with another's token",
    async () => {
      const [one, two] = [await assume(), await assume()];
      return client({ ...one, sessionToken: two.sessionToken }).send(update());
    },
    'UnrecognizedClientException',
  ],
];

const OF_ACTIONS: readonly Abuse[] = [
  ['DeleteService', (ecs: ECSClient) => ecs.send(new DeleteServiceCommand({ cluster: 'shop', service: 'web', force: true }))],
  ['CreateService', (ecs: ECSClient) => ecs.send(new CreateServiceCommand({ cluster: 'shop', serviceName: 'x', taskDefinition: 'x' }))],
  ['RunTask', (ecs: ECSClient) => ecs.send(new RunTaskCommand({ cluster: 'shop', taskDefinition: 'web' }))],
  ['StopTask', (ecs: ECSClient) => ecs.send(new StopTaskCommand({ cluster: 'shop', task: 'x' }))],
  [
    'ExecuteCommand',
    (ecs: ECSClient) => ecs.send(new ExecuteCommandCommand({ cluster: 'shop', task: 'x', command: 'sh', interactive: true })),
  ],
  ['RegisterTaskDefinition', (ecs: ECSClient) => ecs.send(new RegisterTaskDefinitionCommand({ family: 'x', containerDefinitions: [] }))],
  [
    'TagResource, with the tag that write-tagged asks for',
    (ecs: ECSClient) => ecs.send(new TagResourceCommand({ resourceArn: WORKER, tags: [{ key: 'sluice:scale', value: 'true' }] })),
  ],
  ['DeleteCluster', (ecs: ECSClient) => ecs.send(new DeleteClusterCommand({ cluster: 'shop' }))],
  [
    'PutClusterCapacityProviders',
    (ecs: ECSClient) =>
      ecs.send(new PutClusterCapacityProvidersCommand({ cluster: 'shop', capacityProviders: [], defaultCapacityProviderStrategy: [] })),
  ],
  ['a task definition, whose roles would have to be passed', (ecs: ECSClient) => ecs.send(update({ taskDefinition: 'web:2' }))],
].map(([what, attempt]) => [
  String(what),
  async () => (typeof attempt === 'function' ? attempt(client(await assume(everything))) : undefined),
  DENIED,
]);

const HARDENED: readonly (readonly [string, Partial<UpdateServiceCommandInput>])[] = [
  ['a task definition', { taskDefinition: 'web:2' }],
  ['a capacity provider', { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] }],
  ['subnets', { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } }],
  ['public addresses', { networkConfiguration: { awsvpcConfiguration: { subnets: [], assignPublicIp: 'ENABLED' } } }],
  ['a shell into its tasks', { enableExecuteCommand: true }],
  ['no shell any more', { enableExecuteCommand: false }],
  ['managed tags', { enableECSManagedTags: true }],
  ['tag propagation', { propagateTags: 'SERVICE' }],
  ['Service Connect', { serviceConnectConfiguration: { enabled: true, namespace: 'n' } }],
  ['volumes', { volumeConfigurations: [{ name: 'v', managedEBSVolume: { roleArn: 'arn:aws:iam::111122223333:role/x', sizeInGiB: 1 } }] }],
  ['VPC Lattice', { vpcLatticeConfigurations: [{ roleArn: 'x', targetGroupArn: 'x', portName: 'x' }] }],
];

async function expectRefused(attempt: () => Promise<unknown>, refusal: string) {
  const failure = await attempt().then(
    () => 'it was let through',
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ name: expect.stringMatching(new RegExp(`^${refusal}(Exception)?$`)) });
  expect(standIn.services.all().map(({ desired }) => desired)).toEqual(SERVICES.map(() => 2));
  expect(standIn.calls.all().at(-1)).toMatchObject({ allowed: false });
}

describe('refused, with nothing changed', () => {
  it.each(OF_TRUST)('assuming the role with or as: %s', async (_, attempt, refusal) => expectRefused(attempt, refusal));
  it.each(OF_SERVICES)('changing a count: %s', async (_, attempt, refusal) => expectRefused(attempt, refusal));
  it.each(OF_ACTIONS)('even under a session policy that allows everything: %s', async (_, attempt, refusal) =>
    expectRefused(attempt, refusal),
  );
  it.each(HARDENED)('under the hardened write policy, a count together with %s', async (_, more) => {
    harden();
    await expectRefused(() => send(more), DENIED).finally(soften);
  });
  it('more than twenty ways', () => {
    expect([...OF_TRUST, ...OF_SERVICES, ...OF_ACTIONS, ...HARDENED].length).toBeGreaterThan(20);
  });
});

describe('let through', () => {
  it('the count of a listed service, hardened or not, and a look at it', async () => {
    for (const prepare of [soften, harden]) {
      prepare();
      const ecs = client(await assume(onlyOn(WEB)));
      expect(await ecs.send(update({ desiredCount: 2 }))).toMatchObject({ service: { desiredCount: 2 } });
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
      expect(services).toHaveLength(1);
    }
    soften();
  });
});
