import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { functionCredentials } from '../../../../lib/local/stand-in/stacks.ts';
import { ACCOUNT, EXTERNAL_ID, OTHER_EXTERNAL_ID, setStage } from './stage.ts';

describe('AssumeRole through the templates that a customer installs', () => {
  it('gives a session to a function of the operator that sends the external ID', async () => {
    const stage = setStage();
    const keys = await stage.assume();
    const me = await stage.stsAs(keys).send(new GetCallerIdentityCommand({}));
    expect(me.Account).toBe(ACCOUNT);
    expect(me.Arn).toMatch(new RegExp(`^arn:aws:sts::${ACCOUNT}:assumed-role/sluice-Role-[0-9A-Z]{12}/sluice-local-d1$`));
  });

  it.each([
    ['no external ID', { ExternalId: undefined }],
    ['a wrong external ID', { ExternalId: `sluice-${'0'.repeat(32)}` }],
    ['the external ID of another customer', { ExternalId: OTHER_EXTERNAL_ID }],
    ['the external ID in capital letters', { ExternalId: EXTERNAL_ID.toUpperCase() }],
    ['the external ID with something after it', { ExternalId: `${EXTERNAL_ID}0` }],
    ['half of the external ID', { ExternalId: EXTERNAL_ID.slice(0, 20) }],
    ['a role that does not exist', { RoleArn: `arn:aws:iam::${ACCOUNT}:role/sluice/none` }],
    ['a role of an account that is not connected', { RoleArn: 'arn:aws:iam::999988887777:role/sluice/sluice-Role-AAAAAAAAAAAA' }],
    ['session tags, which the trust does not allow', { Tags: [{ Key: 'team', Value: 'x' }] }],
    ['a source identity, which the trust does not allow', { SourceIdentity: 'somebody' }],
  ])('refuses %s with AccessDenied, and gives no reason', async (_, input) => {
    const { assume } = setStage();
    const failure = await assume(input, 'AdminRole').catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    expect(String(failure)).toMatch(
      /is not authorized to perform: sts:(AssumeRole|TagSession|SetSourceIdentity) on resource: arn:aws:iam::\d{12}:role\/sluice\/\S+$/,
    );
  });

  it('says in the log, and not in the answer, which statement came nearest, without any external ID', async () => {
    const { assume, standIn } = setStage();
    await assume({ ExternalId: OTHER_EXTERNAL_ID }).catch(() => undefined);
    const call = standIn.calls.all().at(-1);
    expect(call).toMatchObject({
      service: 'sts',
      action: 'AssumeRole',
      account: ACCOUNT,
      sessionName: 'sluice-local-d1',
      externalId: true,
      allowed: false,
      error: 'AccessDenied',
    });
    expect(call?.why).toContain('statement SluiceOnly asks for StringEquals of sts:ExternalId, and the value sent does not meet it');
    expect(JSON.stringify(standIn.calls.all())).not.toMatch(/sluice-[0-9a-f]{32}/);
  });

  it('refuses a function whose own role may not assume at all', async () => {
    const { assume, standIn } = setStage();
    await expect(assume({}, 'IngestRole')).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(standIn.calls.all().at(-1)?.why).toContain('because no identity-based policy allows the sts:AssumeRole action');
  });

  it("refuses a caller of the operator's account outside of the path that the customer trusts", async () => {
    const { standIn, stsAs, clock, role } = setStage();
    const template = JSON.stringify({
      Resources: {
        Ops: {
          Type: 'AWS::IAM::Role',
          Properties: {
            Path: '/people/',
            AssumeRolePolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
            },
            Policies: [
              {
                PolicyName: 'all',
                PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
              },
            ],
          },
        },
      },
    });
    standIn.identities.install(template, { stackName: 'people', accountId: '000000000000', region: 'us-east-1' });
    const sts = stsAs(functionCredentials(standIn, { roleId: 'Ops', functionName: 'laptop', now: clock.now() }));
    await expect(
      sts.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'laptop', ExternalId: EXTERNAL_ID })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(standIn.calls.all().at(-1)?.why).toContain('ArnLike of aws:PrincipalArn');
  });

  it.each([
    ['an external ID with characters that AWS does not take', { ExternalId: 'sluice-*' }, 'ValidationError', 'externalId'],
    ['a session name of one letter', { RoleSessionName: 'x' }, 'ValidationError', 'roleSessionName'],
    ['a session name with a slash', { RoleSessionName: 'a/b' }, 'ValidationError', 'roleSessionName'],
    ['what is no role ARN', { RoleArn: 'arn:aws:iam::111122223333:user/somebody' }, 'ValidationError', 'is invalid'],
    ['a session of under 15 minutes', { DurationSeconds: 899 }, 'ValidationError', 'durationSeconds'],
    ['more than an hour, since the caller is a session itself', { DurationSeconds: 3601 }, 'ValidationError', 'role chaining'],
    ['a session policy over 2,048 characters', { Policy: JSON.stringify({ Statement: 'x'.repeat(2048) }) }, 'ValidationError', '2048'],
    ['a session policy that is not JSON', { Policy: '{' }, 'MalformedPolicyDocumentException', 'Json'],
    [
      'a session policy with an operator that IAM has not',
      { Policy: sessionPolicy({ Condition: { StringIs: { 'ecs:cluster': 'x' } } }) },
      'MalformedPolicyDocumentException',
      'StringIs',
    ],
    [
      'a session policy by an ARN that does not exist',
      { PolicyArns: [{ arn: `arn:aws:iam::${ACCOUNT}:policy/none` }] },
      'ValidationError',
      'does not exist',
    ],
  ])('refuses %s', async (_, input, code, says) => {
    const failure = await setStage()
      .assume(input)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: code, message: expect.stringContaining(says) });
  });

  it('never repeats an external ID, not even one that AWS could not take', async () => {
    const { assume, standIn } = setStage();
    const failure = await assume({ ExternalId: 'secret id' }).catch((error: unknown) => error);
    expect(String(failure)).not.toContain('secret');
    expect(JSON.stringify(standIn.calls.all())).not.toContain('secret');
  });
});

function sessionPolicy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ecs:*', Resource: '*', ...statement }] });
}
