import { describe, expect, it } from 'vitest';
import type { CredentialSource } from '../../../lib/credentials/credential-source.ts';
import { examineSelf } from '../../../lib/credentials/examine-self.ts';
import { explainFailure } from '../../../lib/credentials/explain-failure.ts';
import { ok } from '../../../lib/doctor/check.ts';
import { createOidcIssuer } from '../../../lib/local/stand-in/oidc-issuer.ts';
import { minutes, T0 } from '../../builders/times.ts';

const ROLE = 'arn:aws:iam::111122223333:role/sluice/prod/serve';
const issuer = createOidcIssuer('https://oidc.eks.eu-central-1.amazonaws.com/id/ABC');
const token = issuer.token({ sub: 'system:serviceaccount:sluice:sluice', issuedAt: T0, expiresAt: T0 + minutes(60) });
const outside = {
  env: { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: '/token', KUBERNETES_SERVICE_HOST: '10.0.0.1' },
  readText: (path: string) => {
    if (path === '/token') return token;
    throw new Error('ENOENT');
  },
  now: T0,
};
const deps = { credentials: async () => ({}), caller: async () => [ok('caller', 'x')], trustOf: async (): Promise<unknown> => ({}) };
const failing = (error: Error) => async () => Promise.reject(error);
const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('a process that examines itself', () => {
  it('asks nobody where a mistake is known already', async () => {
    let asked = 0;
    const counted = { ...deps, credentials: async () => void asked++ };
    const checks = await examineSelf(counted, { ...outside, now: T0 + minutes(61) });
    expect(asked).toBe(0);
    expect(checks.filter(({ result }) => result === 'wrong')).toMatchObject([{ what: expect.stringContaining('expired') }]);
  });

  it('reads the role by its name, without its path, and holds its trust against the token', async () => {
    const names: string[] = [];
    const trustOf = async (_: CredentialSource, name: string) => {
      names.push(name);
      return { Version: '2012-10-17', Statement: [] };
    };
    const checks = await examineSelf({ ...deps, trustOf }, outside);
    expect(names).toEqual(['serve']);
    expect(checks.at(-1)).toMatchObject({ result: 'unknown' });
  });

  it('cannot tell where it may not read its own trust, and says what to look at by hand', async () => {
    const checks = await examineSelf({ ...deps, trustOf: failing(named('AccessDenied', 'not authorized')) }, outside);
    expect(checks.at(-1)).toMatchObject({ result: 'unknown', mend: expect.stringContaining('system:serviceaccount:sluice:sluice') });
  });
});

describe('credentials that cannot be had', () => {
  const web: CredentialSource = { kind: 'web-identity', roleArn: ROLE, tokenFile: '/token' };
  const container: CredentialSource = { kind: 'container', url: 'http://169.254.170.2/x' };
  const profile: CredentialSource = { kind: 'profile', profile: 'p', roleArn: ROLE };
  const none = { profiles: new Map<string, Record<string, string>>() };
  const of = (settings: Record<string, string>) => ({
    profiles: new Map([['p', { role_arn: ROLE, credential_source: 'EcsContainer', ...settings }]]),
  });

  it.each<[string, Error, CredentialSource, { profiles: Map<string, Record<string, string>> }, string]>([
    [
      'no provider',
      named('InvalidIdentityToken', 'No OpenIDConnect provider found in your account for https://x'),
      web,
      none,
      'associate-iam-oidc-provider',
    ],
    [
      'a trust that refuses',
      named('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'),
      web,
      none,
      'pin sub and aud',
    ],
    ['a token that has ended', named('ExpiredTokenException', 'Token expired: current date/time'), web, none, 'mount the volume itself'],
    [
      'a role that refuses, without external_id',
      named('AccessDenied', 'User: x is not authorized to perform: sts:AssumeRole on resource: y'),
      profile,
      of({}),
      'has no external_id',
    ],
    [
      'a role that refuses, with one',
      named('AccessDenied', 'User: x is not authorized to perform: sts:AssumeRole on resource: y'),
      profile,
      of({ external_id: 'abc' }),
      'have this external_id',
    ],
    [
      'an endpoint that cannot be reached',
      new Error('http://169.254.170.2 gave no answer', { cause: new Error('connect ECONNREFUSED') }),
      container,
      none,
      'NO_PROXY',
    ],
    ['an endpoint that refuses', new Error('http://169.254.170.2 answered 401'), container, none, 'authorization token in the file'],
    ['an STS that cannot be reached', named('TimeoutError', 'connect ETIMEDOUT'), profile, { profiles: new Map() }, 'VPC endpoint'],
    ['nothing at all', new Error('Could not load credentials from any providers'), { kind: 'instance' }, none, 'docs/serve.md'],
  ])('because of %s', (_, error, source, files, mend) => {
    expect(explainFailure(error, source, files)).toMatchObject({ result: 'wrong', mend: expect.stringContaining(mend) });
  });
});
