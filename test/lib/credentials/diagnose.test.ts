import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../lib/credentials/diagnose.ts';
import { T0 } from '../../builders/times.ts';

const ROLE = 'arn:aws:iam::999988887777:role/sluice/prod/serve';
const inTask = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/x', AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE', HOME: '/home/node' };
const onLambda = {
  AWS_LAMBDA_FUNCTION_NAME: 'sluice-prod-tick',
  AWS_ACCESS_KEY_ID: 'ASIA',
  AWS_SECRET_ACCESS_KEY: 's',
  AWS_SESSION_TOKEN: 't',
  HOME: '/home/node',
};
const inPod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', HOME: '/home/node' };
const profile = (settings: string) => ({ '/home/node/.aws/credentials': `[crossAccount]\nrole_arn = ${ROLE}\n${settings}\n` });

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (claims: object = {}) =>
  `${part({ alg: 'RS256' })}.${part({ iss: 'https://oidc.example/id/A', sub: 'system:serviceaccount:sluice:sluice', aud: ['sts.amazonaws.com'], exp: T0 / 1_000 + 3_600, ...claims })}.c2ln`;

function seen(env: Record<string, string>, files: Record<string, string> = {}) {
  const readText = (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return text;
  };
  const { source, checks } = diagnose({ env, readText, now: T0 });
  const of = (wanted: string) => checks.filter(({ result }) => result === wanted);
  return {
    source,
    wrong: of('wrong'),
    notes: of('note'),
    ok: of('ok'),
    told: of('wrong')
      .map(({ what, mend }) => `${what} ${mend}`)
      .join('\n'),
  };
}

describe('where credentials come from', () => {
  it.each([
    ['a task role', inTask, {}, { kind: 'container', url: 'http://169.254.170.2/v2/credentials/x' }],
    ['keys in a function', onLambda, {}, { kind: 'environment' }],
    [
      'a profile, unchanged, in a task',
      { ...inTask, AWS_PROFILE: 'crossAccount' },
      profile('external_id = abc\ncredential_source = EcsContainer'),
      { kind: 'profile', profile: 'crossAccount', roleArn: ROLE, url: 'http://169.254.170.2/v2/credentials/x' },
    ],
    [
      'a profile in a function',
      { ...onLambda, AWS_PROFILE: 'crossAccount' },
      profile('external_id = abc\ncredential_source = Environment'),
      { kind: 'profile', profile: 'crossAccount', roleArn: ROLE },
    ],
    [
      'web identity',
      { ...inPod, AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: '/t' },
      { '/t': token() },
      { kind: 'web-identity', roleArn: ROLE, tokenFile: '/t' },
    ],
    [
      'Pod Identity',
      {
        ...inPod,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/t',
      },
      { '/t': 'token' },
      { kind: 'container', url: 'http://169.254.170.23/v1/credentials', tokenFile: '/t' },
    ],
    [
      'a default profile with a Region alone, which is none',
      { ...inTask },
      { '/home/node/.aws/config': '[default]\nregion = eu-west-1\n' },
      { kind: 'container', url: 'http://169.254.170.2/v2/credentials/x' },
    ],
  ])('%s', (_, env, files, source) => {
    const found = seen(env, files);
    expect(found.source).toEqual(source);
    expect(found.told).toBe('');
    expect(found.ok.length).toBeGreaterThan(0);
  });
});

describe('the classic mistakes, each with its mend', () => {
  it.each<[string, Record<string, string>, Record<string, string>, string, string]>([
    [
      'EcsContainer in a function',
      { ...onLambda, AWS_PROFILE: 'crossAccount' },
      profile('credential_source = EcsContainer'),
      'no container gives credentials here',
      'credential_source = Environment',
    ],
    [
      'EcsContainer in a pod with web identity',
      { ...inPod, AWS_PROFILE: 'crossAccount' },
      profile('credential_source = EcsContainer'),
      'no container gives credentials here',
      'with IRSA drop the profile',
    ],
    [
      'EcsContainer in a task without a task role',
      { AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE', HOME: '/home/node', AWS_PROFILE: 'crossAccount' },
      profile('credential_source = EcsContainer'),
      'no container gives credentials here',
      'taskRoleArn',
    ],
    [
      'Environment in a task',
      { ...inTask, AWS_PROFILE: 'crossAccount' },
      profile('credential_source = Environment'),
      'are not set',
      'credential_source = EcsContainer',
    ],
    [
      'Ec2InstanceMetadata in a task',
      { ...inTask, AWS_PROFILE: 'crossAccount' },
      profile('credential_source = Ec2InstanceMetadata'),
      "another's role or none",
      'credential_source = EcsContainer',
    ],
    [
      'a source that does not exist',
      { ...inTask, AWS_PROFILE: 'crossAccount' },
      profile('credential_source = ecscontainer'),
      'letter case matters',
      'EcsContainer, Environment, Ec2InstanceMetadata',
    ],
    [
      'both source_profile and credential_source',
      { ...inTask, AWS_PROFILE: 'crossAccount' },
      profile('credential_source = EcsContainer\nsource_profile = base'),
      'source_profile = base and credential_source = EcsContainer',
      'Delete source_profile',
    ],
    [
      'neither of them',
      { ...inTask, AWS_PROFILE: 'crossAccount' },
      profile(''),
      'nothing to assume it from',
      'credential_source = EcsContainer',
    ],
    [
      'a profile against keys',
      { HOME: '/home/node', AWS_PROFILE: 'crossAccount', AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'B' },
      profile('credential_source = Environment'),
      'which of them wins',
      'Unset one',
    ],
    [
      'a profile that is in no file',
      { ...inTask, AWS_PROFILE: 'other' },
      profile('credential_source = EcsContainer'),
      'There is no profile other in /home/node/.aws/config or /home/node/.aws/credentials; there are crossAccount',
      '[profile other]',
    ],
    [
      'a file that is not there',
      { ...inTask, AWS_CONFIG_FILE: '/etc/aws/config' },
      {},
      'AWS_CONFIG_FILE is /etc/aws/config, which cannot be read',
      'Mount the file',
    ],
    [
      'a profile that hides web identity',
      { ...inPod, AWS_PROFILE: 'crossAccount', AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: '/t' },
      { ...profile('web_identity_token_file = /t'), '/t': token() },
      'is there and is not used',
      'Unset AWS_PROFILE',
    ],
    [
      'a token file that is missing',
      { ...inPod, AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: '/t' },
      {},
      '/t cannot be read',
      'projected token',
    ],
    [
      'a token that has expired',
      { ...inPod, AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: '/t' },
      { '/t': token({ exp: T0 / 1_000 - 1 }) },
      'expired at',
      'subPath',
    ],
    [
      'a token for another audience',
      { ...inPod, AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: '/t' },
      { '/t': token({ aud: 'vault' }) },
      'is for vault, not for sts.amazonaws.com',
      'audience',
    ],
    [
      'a token that is none',
      { ...inPod, AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: '/t' },
      { '/t': 'nonsense' },
      'no JSON Web Token',
      'as it is projected',
    ],
    [
      'a role without a token',
      { ...inPod, AWS_ROLE_ARN: ROLE },
      {},
      'AWS_ROLE_ARN is set without AWS_WEB_IDENTITY_TOKEN_FILE',
      'annotated',
    ],
    ['a pod that was given nothing', { ...inPod }, {}, "the node's role, which every pod", 'eks.amazonaws.com/role-arn'],
    [
      'a task that was given nothing',
      { AWS_EXECUTION_ENV: 'AWS_ECS_EC2', HOME: '/home/node' },
      {},
      'No credentials were given to this task',
      'taskRoleArn',
    ],
    [
      'a container endpoint that the SDK refuses',
      { ...inPod, AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://10.1.2.3/creds' },
      {},
      'points at 10.1.2.3 without TLS',
      '169.254.170.23',
    ],
    [
      'a Pod Identity token that is missing',
      {
        ...inPod,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/t',
      },
      {},
      '/t, which cannot be used',
      'Pod Identity webhook',
    ],
    ['half a pair of keys', { HOME: '/home/node', AWS_ACCESS_KEY_ID: 'A' }, {}, 'one is set alone', 'Set both'],
    [
      'a second factor',
      { ...inTask, AWS_PROFILE: 'crossAccount' },
      profile('credential_source = EcsContainer\nmfa_serial = arn:aws:iam::1:mfa/x'),
      'nobody is there to type a code',
      'take the line out',
    ],
  ])('%s', (_, env, files, what, mend) => {
    const { told } = seen(env, files);
    expect(told).toContain(what);
    expect(told).toContain(mend);
  });

  it('are told all at once', () => {
    const both = profile(
      'credential_source = EcsContainer\nsource_profile = base\nduration_seconds = 1\nmfa_serial = x\nexternal_id = "a b"',
    );
    const { wrong } = seen(
      { ...inPod, AWS_PROFILE: 'crossAccount', AWS_ACCESS_KEY_ID: 'A', AWS_CONFIG_FILE: '/none', AWS_ROLE_ARN: 'x' },
      both,
    );
    expect(wrong.length).toBeGreaterThanOrEqual(7);
    expect(JSON.stringify(wrong)).not.toContain('a b');
  });

  it('notes what is right and surprising: an hour instead of twelve, a foreign role without external ID', () => {
    const { notes, told } = seen(
      { ...inTask, AWS_PROFILE: 'crossAccount', SLUICE_ACCOUNT_ID: '111122223333' },
      profile('credential_source = EcsContainer\nduration_seconds = 43200'),
    );
    expect(told).toBe('');
    expect(notes.map(({ what }) => what).join()).toMatch(/no external_id.*3600 s at most/s);
  });
});
