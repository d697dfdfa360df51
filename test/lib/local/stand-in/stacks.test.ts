import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { connectCustomer, functionCredentials } from '../../../../lib/local/stand-in/stacks.ts';
import { readTemplates } from '../../../../lib/local/stand-in/templates.ts';
import { ACCOUNT, EXTERNAL_ID, OTHER_EXTERNAL_ID, setStage, templates, WEB, WORKER } from './stage.ts';

const customer = { accountId: ACCOUNT, externalId: EXTERNAL_ID, stage: 'local', serviceArns: [WEB] };

describe('connecting a customer again', () => {
  it('updates the role in place: its ARN stays, and sessions go on', async () => {
    const { standIn, role, ecsAs, assume } = setStage();
    const ecs = ecsAs(await assume());
    const worker = new UpdateServiceCommand({ cluster: 'shop', service: 'worker', desiredCount: 3 });
    await expect(ecs.send(worker)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(connectCustomer(standIn, templates, { ...customer, serviceArns: [WEB, WORKER] })).toBe(role);
    await ecs.send(worker);
  });

  it('with another external ID makes the old one worthless', async () => {
    const { standIn, assume } = setStage();
    connectCustomer(standIn, templates, { ...customer, externalId: OTHER_EXTERNAL_ID });
    await expect(assume()).rejects.toMatchObject({ name: 'AccessDenied' });
    await assume({ ExternalId: OTHER_EXTERNAL_ID });
  });

  it('spreads many services over several write stacks, and takes away those not needed any more', async () => {
    const { standIn, ecsAs, assume } = setStage();
    const many = Array.from({ length: 45 }, (_, i) => `arn:aws:ecs:us-east-1:${ACCOUNT}:service/shop/s${i}`);
    for (const arn of many) standIn.services.ensure(arn, 1);
    const last = new UpdateServiceCommand({ cluster: 'shop', service: 's44', desiredCount: 3 });
    connectCustomer(standIn, templates, { ...customer, serviceArns: many });
    const ecs = ecsAs(await assume());
    await ecs.send(last);
    connectCustomer(standIn, templates, customer);
    await expect(ecs.send(last)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'web', desiredCount: 3 }));
  });

  it('does not list services of other accounts', () => {
    const { standIn } = setStage();
    expect(() => connectCustomer(standIn, templates, { ...customer, accountId: '444455556666' })).toThrow(
      `not a service of account 444455556666`,
    );
  });

  it('fails as CloudFormation would with an external ID that the template refuses', () => {
    const { standIn } = setStage();
    expect(() => connectCustomer(standIn, templates, { ...customer, externalId: 'guess me' })).toThrow(
      'must be the ID that Sluice gave you',
    );
  });
});

describe('keys of functions', () => {
  it('are there for the roles that are deployed, and the mistake lists them', () => {
    const { standIn } = setStage();
    expect(() => functionCredentials(standIn, { roleId: 'NoRole', functionName: 'x', now: 0 })).toThrow(
      /no role NoRole; it has .*ScaleRole/,
    );
  });
});

describe('stacks that CloudFormation would not make', () => {
  const trust = { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' } };
  it.each([
    [
      'a policy for a role that is not there',
      {
        P: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: { Roles: ['none'], PolicyDocument: { Statement: { Effect: 'Allow', Action: 'a:b', Resource: '*' } } },
        },
      },
      'no role none',
    ],
    [
      'a role with a policy that is not there',
      {
        R: {
          Type: 'AWS::IAM::Role',
          Properties: { AssumeRolePolicyDocument: trust, ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
        },
      },
      'no policy arn:aws:iam::aws:policy/ReadOnlyAccess',
    ],
    [
      'a role whose name is taken',
      { R: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'taken', AssumeRolePolicyDocument: trust } } },
      'a role taken',
    ],
  ])('%s', (_, resources, says) => {
    const { standIn } = setStage();
    const install = (stackName: string, Resources: object) =>
      standIn.identities.install(JSON.stringify({ Resources }), { stackName, accountId: ACCOUNT, region: 'us-east-1' });
    install('first', { R: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'taken', AssumeRolePolicyDocument: trust } } });
    const before = standIn.identities.rolesOf(ACCOUNT).length;
    expect(() => install('second', resources)).toThrow(says);
    expect(standIn.identities.rolesOf(ACCOUNT)).toHaveLength(before);
  });

  it('are told apart from a package that is not whole', () => {
    expect(() => readTemplates('/')).toThrow('the package is not whole');
  });
});
