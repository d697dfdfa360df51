import { describe, expect, it } from 'vitest';
import { checkTrust } from '../../../lib/credentials/check-trust.ts';

const ISSUER = 'oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE';
const ROLE = 'arn:aws:iam::111122223333:role/sluice/prod/serve';
const claims = { iss: `https://${ISSUER}`, sub: 'system:serviceaccount:sluice:sluice', aud: ['sts.amazonaws.com'], exp: 1 };
const trust = (condition: object, provider = ISSUER) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${provider}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: condition,
    },
  ],
});
const both = { [`${ISSUER}:sub`]: claims.sub, [`${ISSUER}:aud`]: 'sts.amazonaws.com' };
const results = (document: object) => checkTrust(document, ROLE, claims).map(({ result }) => result);
const told = (document: object) =>
  checkTrust(document, ROLE, claims)
    .map(({ what }) => what)
    .join('\n');

describe("a role's trust, held against the token of the service account", () => {
  it('is right with sub and aud both pinned', () => {
    expect(results(trust({ StringEquals: both }))).toEqual(['ok', 'ok']);
  });

  it.each([
    ['without sub', { StringEquals: { [`${ISSUER}:aud`]: 'sts.amazonaws.com' } }, 'any service account of the cluster'],
    ['without aud', { StringEquals: { [`${ISSUER}:sub`]: claims.sub } }, 'a token made for another purpose'],
    ['with a wildcard for sub', { StringLike: { ...both, [`${ISSUER}:sub`]: 'system:serviceaccount:sluice:*' } }, 'a wildcard'],
    [
      'with sub pinned to somebody else',
      { StringEquals: { ...both, [`${ISSUER}:sub`]: 'system:serviceaccount:default:default' } },
      'must be system:serviceaccount:default:default; the token has system:serviceaccount:sluice:sluice',
    ],
    ['with sub only if it exists', { StringEqualsIfExists: both }, 'does not pin it'],
    ['without any condition', { StringEquals: { 'aws:SourceIp': '10.0.0.1' } }, 'is not asked for'],
  ])('is wrong %s', (_, condition, why) => {
    expect(results(trust(condition))).toContain('wrong');
    expect(told(trust(condition))).toContain(why);
  });

  it('is wrong with another cluster as provider, which it names', () => {
    expect(told(trust({ StringEquals: both }, 'oidc.eks.eu-central-1.amazonaws.com/id/OTHER'))).toContain('id/OTHER');
  });
});
