import { type Check, ok, unknown, wrong } from '../doctor/check.ts';
import { parsePolicy, type Statement } from '../iam/policy-document.ts';
import { issuerName, type TokenClaims } from './web-identity-token.ts';

const WEB_IDENTITY = /^(sts:AssumeRoleWithWebIdentity|sts:\*|\*)$/i;
const TRUST = 'trust of the role';

/**
 * Holds a role's trust policy against the token of the service account that is to assume it, as one does by hand with
 * `aws iam get-role`: the provider is the token's issuer, and `sub` and `aud` are both pinned, without wildcards, to what the
 * token has. Without `sub` any pod of the cluster may assume the role; without `aud`, a token that was made for something else.
 */
export function checkTrust(document: unknown, roleArn: string, claims: TokenClaims): readonly Check[] {
  const parsed = parsePolicy(document, 'trust');
  if (!parsed.ok) return [unknown(TRUST, `The trust policy of ${roleArn} could not be read: ${parsed.problems.join('; ')}`)];
  const issuer = issuerName(claims.iss);
  const provider = `arn:${roleArn.split(':')[1]}:iam::${roleArn.split(':')[4]}:oidc-provider/${issuer}`;
  const allowing = parsed.policy.statements.filter(
    ({ effect, actions }) => effect === 'Allow' && !actions.negated && actions.patterns.some((action) => WEB_IDENTITY.test(action)),
  );
  const ours = allowing.filter(({ principals }) => principals?.some((one) => one.kind === 'federated' && one.provider === provider));
  if (ours.length === 0) {
    const others = allowing.flatMap(({ principals = [] }) => principals.flatMap((one) => (one.kind === 'federated' ? [one.provider] : [])));
    return [
      wrong(
        TRUST,
        `${roleArn} does not trust ${provider}, which issued the token${others.length > 0 ? `; it trusts ${others.join(', ')}` : ''}.`,
        "Associate the cluster's OIDC provider with the role's account, and name it in the trust policy: sluice iam irsa prints one.",
      ),
    ];
  }
  return ours.flatMap((statement) => [
    pinned(statement, `${issuer}:sub`, [claims.sub], 'any service account of the cluster could assume the role'),
    pinned(statement, `${issuer}:aud`, claims.aud, 'a token made for another purpose would do'),
  ]);
}

function pinned(statement: Statement, key: string, actual: readonly string[], otherwise: string): Check {
  const check = `${TRUST}: ${key.slice(key.lastIndexOf(':') + 1)}`;
  const conditions = statement.conditions.filter((condition) => condition.key.toLowerCase() === key.toLowerCase());
  const mend = `Pin it with StringEquals "${key}": "${actual[0] ?? ''}". sluice iam irsa prints the whole policy.`;
  if (conditions.length === 0) return wrong(check, `${key} is not asked for: ${otherwise}.`, mend);
  for (const { operator, values } of conditions) {
    // With IfExists or ForAllValues a token that lacks the claim would pass.
    if (operator.name !== 'StringEquals') {
      const loose = values.filter((value) => /[*?]/.test(value));
      if (loose.length > 0) return wrong(check, `${key} is ${operator.name} ${loose.join(', ')}, a wildcard: ${otherwise}.`, mend);
      if (operator.name !== 'StringLike')
        return wrong(check, `${key} is held by ${operator.name}, which does not pin it: ${otherwise}.`, mend);
    }
    if (!actual.some((value) => values.includes(value)))
      return wrong(check, `${key} must be ${values.join(' or ')}; the token has ${actual.join(', ')}.`, mend);
  }
  return ok(check, `${key} is pinned to ${actual.join(', ')}.`);
}
