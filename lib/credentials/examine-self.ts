import { type Check, ok, unknown, wrong } from '../doctor/check.ts';
import { checkTrust } from './check-trust.ts';
import { tokenIn } from './check-web-identity.ts';
import type { CredentialSource } from './credential-source.ts';
import { diagnose } from './diagnose.ts';
import { explainFailure } from './explain-failure.ts';
import type { Outside } from './outside.ts';

export interface SelfDeps {
  /** Rejects with whatever kept them from being had. */
  readonly credentials: (source: CredentialSource) => Promise<unknown>;
  /** Who AWS says that we are: checks of the caller, its account and the clock. */
  readonly caller: (source: CredentialSource) => Promise<readonly Check[]>;
  /** The trust policy of a role of ours. Rejects where it may not be read. */
  readonly trustOf: (source: CredentialSource, roleName: string) => Promise<unknown>;
}

/**
 * What is right and wrong with our own credentials in the place where this runs: what can be seen without asking, then the
 * credentials themselves, who they are to AWS, and with web identity the trust of the role, held against the token.
 */
export async function examineSelf(deps: SelfDeps, outside: Outside): Promise<readonly Check[]> {
  const { source, files, checks } = diagnose(outside);
  // A mistake that is known is not asked about: the answer would be its consequence.
  if (checks.some(({ result }) => result === 'wrong')) return checks;
  try {
    await deps.credentials(source);
  } catch (error) {
    return [...checks, explainFailure(error, source, files)];
  }
  return [...checks, ok('credentials', 'They can be had.'), ...(await deps.caller(source)), ...(await trust(deps, outside, source))];
}

async function trust(deps: SelfDeps, outside: Outside, source: CredentialSource): Promise<readonly Check[]> {
  if (source.kind !== 'web-identity') return [];
  const { claims } = tokenIn(outside, source.tokenFile);
  if (claims === undefined) return [];
  const { roleArn } = source;
  try {
    return checkTrust(await deps.trustOf(source, roleArn.slice(roleArn.lastIndexOf('/') + 1)), roleArn, claims);
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const mend = `Allow iam:GetRole on ${roleArn}, or look yourself: aws iam get-role --query Role.AssumeRolePolicyDocument must pin sub to ${claims.sub} and aud to ${claims.aud.join(', ')}.`;
    return /AccessDenied/.test(said)
      ? [
          unknown(
            'trust of the role',
            'That the token is accepted shows that the trust is wide enough, not that it is narrow; the role may not read its own trust policy.',
            mend,
          ),
        ]
      : [wrong('trust of the role', `It could not be read: ${said}`, mend)];
  }
}
