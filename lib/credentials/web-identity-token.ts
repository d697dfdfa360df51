import * as z from 'zod/mini';
import { safeParse } from '../safe-parse.ts';

/** What a service account's token says of itself. The signature is for STS to check. */
export interface TokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: readonly string[];
  /** Seconds since the epoch. */
  readonly exp: number;
}

const claims = z.object({
  iss: z.string().check(z.minLength(1)),
  sub: z.string().check(z.minLength(1)),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
});

/** The claims of a JSON Web Token (RFC 7519), or what is wrong with it. The token itself is a secret and is in no message. */
export function readToken(
  token: string,
): { readonly ok: true; readonly claims: TokenClaims } | { readonly ok: false; readonly why: string } {
  const text = token.trim();
  if (text === '') return { ok: false, why: 'is empty' };
  const parts = text.split('.');
  if (parts.length !== 3) return { ok: false, why: `is no JSON Web Token: it has ${parts.length} parts, not three` };
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return { ok: false, why: 'is no JSON Web Token: its claims are not JSON' };
  }
  const parsed = safeParse(claims, body);
  if (!parsed.success)
    return {
      ok: false,
      why: `lacks claims: ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')} are missing or of another type`,
    };
  const { aud, ...rest } = parsed.data;
  return { ok: true, claims: { ...rest, aud: typeof aud === 'string' ? [aud] : aud } };
}

/** The issuer as IAM writes it in a provider's ARN and before the colon of its condition keys: without the scheme. */
export const issuerName = (iss: string): string => iss.replace(/^https?:\/\//, '').replace(/\/$/, '');
