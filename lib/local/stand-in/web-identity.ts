import { createVerify, type KeyObject } from 'node:crypto';
import { issuerName, readToken, type TokenClaims } from '../../credentials/web-identity-token.ts';
import { callerArn } from '../../iam/caller.ts';
import { evaluate } from '../../iam/evaluate.ts';
import { AwsError } from './aws-error.ts';
import type { Identities } from './identities.ts';
import type { Parameters } from './operation.ts';
import { constrained, invalid, secondsOf } from './read-assume-role.ts';

/** An OIDC identity provider of one account, as `aws iam create-open-id-connect-provider` makes it. */
export interface OidcProvider {
  /** With https://, as in tokens. */
  readonly url: string;
  /** Audiences that are taken. */
  readonly clientIds: readonly string[];
  readonly publicKey: KeyObject;
}

/** The providers of all accounts. */
export interface OidcProviders {
  add(accountId: string, provider: OidcProvider): void;
  find(accountId: string, issuer: string): OidcProvider | undefined;
}

export function createOidcProviders(): OidcProviders {
  const all = new Map<string, OidcProvider>();
  return {
    add: (accountId, provider) => void all.set(`${accountId} ${provider.url}`, provider),
    find: (accountId, issuer) => all.get(`${accountId} ${issuer}`),
  };
}

export const WEB_IDENTITY_ACTION = 'AssumeRoleWithWebIdentity';

interface State {
  readonly identities: Identities;
  readonly providers: OidcProviders;
  readonly now: number;
}

/**
 * The one call that nobody signs: a token stands for the caller. The token's issuer must be a provider of the role's account, its
 * signature that provider's, its time not over, its audience one that the provider takes; then the role's trust policy decides,
 * with the token's `sub` and `aud` as condition keys. Throws what STS answers.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function assumeRoleWithWebIdentity(
  parameters: Parameters,
  { identities, providers, now }: State,
): { readonly body: unknown; readonly why: string } {
  const roleArn = constrained(parameters, 'RoleArn', /^arn:[a-z-]+:iam::[0-9]{12}:role\/.+$/, true);
  const sessionName = constrained(parameters, 'RoleSessionName', /^[\w+=,.@-]{2,64}$/, true);
  const token = constrained(parameters, 'WebIdentityToken', /^.{4,20000}$/s, true);
  const seconds = secondsOf(parameters);
  const [, partition = 'aws', , , accountId = ''] = roleArn.split(':');

  const claims = verified(token, accountId, { providers, now });
  const issuer = issuerName(claims.iss);
  const role = identities.role(roleArn);
  const evaluation = evaluate(
    {
      caller: { kind: 'federated', provider: `arn:${partition}:iam::${accountId}:oidc-provider/${issuer}` },
      action: `sts:${WEB_IDENTITY_ACTION}`,
      resource: roleArn,
      context: { [`${issuer}:sub`]: claims.sub, [`${issuer}:aud`]: claims.aud, 'sts:RoleSessionName': sessionName },
    },
    { identity: [], trust: role?.trust ?? { version: '2012-10-17', statements: [] } },
  );
  if (role === undefined || !evaluation.allowed)
    throw new WebIdentityRefused(`refused ${evaluation.why}${evaluation.nearest === undefined ? '' : `; nearest: ${evaluation.nearest}`}`);
  if (seconds > role.maxSessionSeconds) throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');

  const caller = { kind: 'role-session', partition, accountId, roleArn, roleId: role.roleId, sessionName } as const;
  const expiresAt = now + seconds * 1_000;
  const keys = identities.issue({ caller, externalId: false, tags: role.tags, issuedAt: now, expiresAt });
  return {
    why: evaluation.why,
    body: {
      Credentials: {
        AccessKeyId: keys.accessKeyId,
        SecretAccessKey: keys.secretAccessKey,
        SessionToken: keys.sessionToken,
        Expiration: new Date(expiresAt).toISOString(),
      },
      SubjectFromWebIdentityToken: claims.sub,
      AssumedRoleUser: { AssumedRoleId: `${role.roleId}:${sessionName}`, Arn: callerArn(caller) },
      Provider: `arn:${partition}:iam::${accountId}:oidc-provider/${issuer}`,
      Audience: claims.aud[0] ?? '',
    },
  };
}

/** What STS says is the same for every reason; `reason` is for the call log. */
export class WebIdentityRefused extends AwsError {
  readonly reason: string;
  constructor(reason: string) {
    super('AccessDenied', `Not authorized to perform sts:${WEB_IDENTITY_ACTION}`, 403);
    this.reason = reason;
  }
}

function verified(token: string, accountId: string, { providers, now }: Pick<State, 'providers' | 'now'>): TokenClaims {
  const read = readToken(token);
  if (!read.ok) throw new AwsError('InvalidIdentityToken', `The ID Token provided is not a valid JWT: it ${read.why}.`);
  const { claims } = read;
  const provider = providers.find(accountId, claims.iss);
  if (provider === undefined)
    throw new AwsError('InvalidIdentityToken', `No OpenIDConnect provider found in your account for ${claims.iss}`);
  const [header, body, signature = ''] = token.trim().split('.');
  const good = createVerify('RSA-SHA256').update(`${header}.${body}`).verify(provider.publicKey, signature, 'base64url');
  if (!good) throw new AwsError('InvalidIdentityToken', 'The ID Token provided has a signature that is not its provider’s.');
  if (claims.exp * 1_000 <= now)
    throw new AwsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${Math.floor(now / 1_000)} must be before the expiration date/time ${claims.exp}`,
    );
  if (!claims.aud.some((audience) => provider.clientIds.includes(audience)))
    throw new AwsError('InvalidIdentityToken', 'Incorrect token audience');
  return claims;
}
