import { type Check, wrong } from '../doctor/check.ts';
import type { CredentialSource } from './credential-source.ts';
import type { ProfileFiles } from './profile-files.ts';

const CHECK = 'credentials';
const UNREACHABLE =
  /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|TimeoutError|timed? ?out|socket hang up|fetch failed|gave no answer/i;

/** Why our own credentials could not be had, and how to mend it. */
export function explainFailure(error: unknown, source: CredentialSource, files: Pick<ProfileFiles, 'profiles'>): Check {
  const said = textOf(error);
  const profile = source.kind === 'profile' ? files.profiles.get(source.profile) : undefined;
  const fromContainer = source.kind === 'container' || profile?.['credential_source'] === 'EcsContainer';

  if (
    /AssumeRoleWithWebIdentity|InvalidIdentityToken|No OpenIDConnect provider|token audience|Token expired|ExpiredTokenException/i.test(
      said,
    )
  )
    return wrong(CHECK, `STS refused the service account's token: ${said}`, webIdentityMend(said));
  if (profile?.['role_arn'] !== undefined && /AccessDenied|not authorized to perform: sts:AssumeRole/i.test(said))
    return wrong(
      CHECK,
      `The profile's role refused: ${said}`,
      profile['external_id'] === undefined
        ? 'The profile has no external_id: if the role asks for one, add it. Else the role’s trust policy must name the role above, which in turn must be allowed sts:AssumeRole on it.'
        : 'The trust policy must name the role above and have this external_id, and that role must be allowed sts:AssumeRole on it. STS does not say which of them it was.',
    );
  if (fromContainer && UNREACHABLE.test(said))
    return wrong(
      CHECK,
      `The endpoint of the container's credentials cannot be reached: ${said}`,
      'A proxy must not stand between (NO_PROXY=169.254.170.2,169.254.170.23); on EKS the Pod Identity agent must run on the node; in an awsvpc task nothing may block 169.254.170.2.',
    );
  if (fromContainer && /\b(401|403|404)\b|AccessDenied/.test(said))
    return wrong(
      CHECK,
      `The endpoint of the container's credentials refused: ${said}`,
      'The task role or Pod Identity association may have been deleted, or the authorization token in the file is an old one: mount the directory, not a copy.',
    );
  if (source.kind === 'instance')
    return wrong(
      CHECK,
      `No credentials were found: ${said}`,
      'Set AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE, a task role, AWS_PROFILE or keys. docs/serve.md has an example for each place.',
    );
  if (UNREACHABLE.test(said))
    return wrong(
      CHECK,
      `STS cannot be reached: ${said}`,
      'The process needs a way to STS in its Region: a NAT gateway, or a VPC endpoint for sts.',
    );
  return wrong(CHECK, `They could not be had: ${said}`, 'sluice doctor --self in the same container tells more.');
}

function webIdentityMend(said: string): string {
  if (/provider found|OpenIDConnect/i.test(said))
    return "Associate the cluster's OIDC provider with the account: eksctl utils associate-iam-oidc-provider --cluster NAME --approve.";
  if (/audience/i.test(said)) return 'The provider in IAM and the token must both have sts.amazonaws.com as audience.';
  if (/expired/i.test(said))
    return 'The kubelet renews a projected token: mount the volume itself, not a copy of the file, and look at the node’s clock.';
  return 'The trust policy must pin sub and aud to what the token has: sluice doctor --self shows both, sluice iam irsa prints the policy.';
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error.cause === undefined ? '' : ` (${textOf(error.cause)})`;
  const name = error.name === 'Error' || error.message.startsWith(error.name) ? '' : `${error.name}: `;
  return `${name}${error.message}${inner}`.replace(/\s+/g, ' ');
}
