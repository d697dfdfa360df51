import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A cluster's issuer of service account tokens, for one machine: its key is made when it is made, and is nowhere else. */
export interface OidcIssuer {
  /** "https://oidc.eks.us-east-1.amazonaws.com/id/…" */
  readonly url: string;
  readonly keyId: string;
  /** What an account that trusts it verifies tokens with. */
  readonly publicKey: KeyObject;
  /** A token of a service account ("system:serviceaccount:sluice:sluice"), good until `expiresAt` (ms). */
  token(claims: { readonly sub: string; readonly aud?: string; readonly issuedAt: number; readonly expiresAt: number }): string;
}

const AUDIENCE = 'sts.amazonaws.com';

/** `url` is made up by default: nothing is ever asked for there. */
export function createOidcIssuer(url = 'https://oidc.eks.us-east-1.amazonaws.com/id/SLUICELOCAL0000000000000000000'): OidcIssuer {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const keyId = 'sluice-local';
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    url,
    keyId,
    publicKey,
    token({ sub, aud = AUDIENCE, issuedAt, expiresAt }) {
      const seconds = (at: number) => Math.floor(at / 1_000);
      const body = `${encode({ alg: 'RS256', kid: keyId, typ: 'JWT' })}.${encode({ iss: url, sub, aud: [aud], iat: seconds(issuedAt), exp: seconds(expiresAt) })}`;
      return `${body}.${createSign('RSA-SHA256').update(body).sign(privateKey).toString('base64url')}`;
    },
  };
}
