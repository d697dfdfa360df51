import { type Check, ok, wrong } from '../doctor/check.ts';
import type { CredentialSource } from './credential-source.ts';
import type { Outside } from './outside.ts';
import { readToken, type TokenClaims } from './web-identity-token.ts';

const TOKEN = 'web identity token';
/** What EKS writes into tokens for AWS, and what `sluice iam irsa` pins. */
const AUDIENCE = 'sts.amazonaws.com';
export const ROLE_ARN = /^arn:aws(-[a-z-]+)?:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** What is wrong with IRSA's two variables, and with the token, as far as it can be seen without STS. */
export function checkWebIdentity(outside: Outside, source: CredentialSource): readonly Check[] {
  const { env } = outside;
  const [roleArn, tokenFile] = [env['AWS_ROLE_ARN'], env['AWS_WEB_IDENTITY_TOKEN_FILE']];
  if (!roleArn && !tokenFile) return [];
  if (!roleArn || !tokenFile)
    return [
      wrong(
        TOKEN,
        `${roleArn ? 'AWS_ROLE_ARN' : 'AWS_WEB_IDENTITY_TOKEN_FILE'} is set without ${roleArn ? 'AWS_WEB_IDENTITY_TOKEN_FILE' : 'AWS_ROLE_ARN'}: web identity takes both, and is not used.`,
        'EKS sets both for a service account that is annotated with eks.amazonaws.com/role-arn.',
      ),
    ];
  const checks: Check[] = [];
  if (!ROLE_ARN.test(roleArn))
    checks.push(
      wrong(
        'role',
        `AWS_ROLE_ARN is ${JSON.stringify(roleArn)}, which is no ARN of a role.`,
        'It looks like arn:aws:iam::111122223333:role/sluice/prod/serve.',
      ),
    );
  const token = tokenIn(outside, tokenFile);
  if (source.kind === 'web-identity') checks.push(...token.checks);
  return checks;
}

/** The token as it is now: the file is replaced every hour or so. */
export function tokenIn({ readText, now }: Outside, path: string): { readonly claims?: TokenClaims; readonly checks: readonly Check[] } {
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      checks: [
        wrong(
          TOKEN,
          `${path} cannot be read: ${why}.`,
          "Mount the service account's projected token there, readable by the user that this runs as (fsGroup).",
        ),
      ],
    };
  }
  const read = readToken(text);
  if (!read.ok)
    return {
      checks: [wrong(TOKEN, `The token in ${path} ${read.why}.`, "The file is for the cluster's token for AWS alone, as it is projected.")],
    };
  const { claims } = read;
  const checks: Check[] = [];
  const endsAt = claims.exp * 1_000;
  if (endsAt <= now)
    checks.push(
      wrong(
        TOKEN,
        `The token in ${path} expired at ${new Date(endsAt).toISOString()}: nobody renews it.`,
        'The kubelet replaces a projected token; one that was copied, or mounted with subPath, stays as it was. Mount the volume itself.',
      ),
    );
  if (!claims.aud.includes(AUDIENCE))
    checks.push(
      wrong(
        TOKEN,
        `The token in ${path} is for ${claims.aud.join(', ')}, not for ${AUDIENCE}.`,
        `Use the token that EKS projects for AWS, or set the annotation eks.amazonaws.com/audience to ${AUDIENCE}.`,
      ),
    );
  if (checks.length === 0) checks.push(ok(TOKEN, `${claims.sub} of ${claims.iss}, until ${new Date(endsAt).toISOString()}.`));
  return { claims, checks };
}
