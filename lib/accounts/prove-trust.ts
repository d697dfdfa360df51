import { AwsFailure } from '../aws/aws-failure.ts';
import type { Random } from '../random.ts';
import type { Account } from './account.ts';
import type { CustomerAws } from './customer-aws.ts';
import { makeExternalId } from './external-id.ts';
import type { RoleArn } from './role-arn.ts';
import { parseRoleArn } from './role-arn.ts';

export type TrustProblemCode =
  | 'BadRoleArn'
  | 'WrongAccount' // the role, or the session it gave, is of another account
  | 'OwnAccount' // the operator's own account, which nobody asked to connect
  | 'RoleNotAssumable' // denied with the right external ID
  | 'TrustTooOpen' // assumed without the right external ID
  | 'Inconclusive'; // neither shown nor disproved: ask again

export interface TrustWarning {
  readonly code: 'TrustTooOpen';
  readonly why: string;
}

export type TrustProof =
  | { readonly proved: true; readonly accountId: string; readonly warnings: readonly TrustWarning[] }
  | { readonly proved: false; readonly code: TrustProblemCode; readonly why: string };

export interface TrustDeps {
  readonly aws: Pick<CustomerAws, 'tryAssume'>;
  readonly random: Random;
  /** The account that Sluice runs in. */
  readonly operatorAccountId: string;
  /**
   * The STS in use is a server on loopback that is not ours and may know nothing of external IDs.
   * Only the local run may say so; a role that is too open is a warning then, not a refusal.
   */
  readonly foreignStsOnLoopback?: boolean;
}

type Attempt =
  | { readonly result: 'assumed'; readonly accountId: string }
  | { readonly result: 'denied' }
  | { readonly result: 'failed'; readonly why: string };

/**
 * Shows that a role trusts Sluice for this account alone, as AWS asks of those who hold roles of many
 * customers (IAM user guide, "Access to AWS accounts owned by third parties"): the account's external
 * ID assumes it, while no ID and a wrong one are each answered with AccessDenied. Anything else, a
 * throttle or a timeout for instance, shows nothing and is refused.
 */
export async function proveTrust(
  deps: TrustDeps,
  account: Account,
  roleArn: string,
  options: { readonly allowOwnAccount?: boolean } = {},
): Promise<TrustProof> {
  const role = parseRoleArn(roleArn);
  if (!role.ok) return refused('BadRoleArn', `${role.problems.join('; ')}.`);
  if (role.value.accountId !== account.accountId) {
    return refused('WrongAccount', `The role is of account ${role.value.accountId}; the account to connect is ${account.accountId}.`);
  }
  if (account.accountId === deps.operatorAccountId && !options.allowOwnAccount) {
    return refused('OwnAccount', `${account.accountId} is the account that Sluice itself runs in. Connecting it has to be asked for.`);
  }

  const attempt = (externalId: string | undefined) => tryOnce(deps.aws, roleArn, externalId, account);
  // The right ID goes first: a role that is not there answers all three alike, and is told apart so.
  const right = await attempt(account.externalId);
  if (right.result === 'denied') return refused('RoleNotAssumable', notAssumable(role.value, account));
  if (right.result === 'failed') return inconclusive('with its external ID', right.why);
  if (right.accountId !== account.accountId) {
    return refused('WrongAccount', `The role gave a session of account ${right.accountId}; expected ${account.accountId}.`);
  }

  const warnings: TrustWarning[] = [];
  for (const [how, externalId] of [
    ['without an external ID', undefined],
    // Of the same form as the right one: a trust policy with a wildcard after "sluice-" must not pass.
    ['with a wrong external ID', makeExternalId(deps.random)],
  ] as const) {
    const wrong = await attempt(externalId);
    if (wrong.result === 'failed') return inconclusive(how, wrong.why);
    if (wrong.result === 'denied') continue;
    const why = `The role can be assumed ${how}. Its trust policy must require sts:ExternalId to equal ${account.externalId}.`;
    if (!deps.foreignStsOnLoopback) return refused('TrustTooOpen', why);
    warnings.push({ code: 'TrustTooOpen', why: `${why} Let pass because this STS on loopback may not check external IDs.` });
  }
  return { proved: true, accountId: right.accountId, warnings };
}

/** Only AccessDenied proves anything: an expired key or a slow network must not pass for a closed door. */
async function tryOnce(aws: TrustDeps['aws'], roleArn: string, externalId: string | undefined, account: Account): Promise<Attempt> {
  try {
    const session = await aws.tryAssume(roleArn, externalId, account);
    return { result: 'assumed', accountId: session.accountId };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    // Denied by another call than AssumeRole would say nothing of the trust policy.
    if (error.kind === 'denied' && error.action === 'sts:AssumeRole') return { result: 'denied' };
    return { result: 'failed', why: `${error.action}: ${error.message}` };
  }
}

/** Sluice's functions may assume roles under this path alone (infra/roles.yml). */
const ROLE_PATH = '/sluice/';

const notAssumable = ({ arn, path }: RoleArn, account: Account) =>
  `${arn} cannot be assumed: AWS says AccessDenied. The role does not exist, does not trust this deployment's roles, or requires ` +
  `another external ID than ${account.externalId}.` +
  (path.startsWith(ROLE_PATH) ? '' : ` Its path is ${path}: only roles under ${ROLE_PATH} can be used.`);

const inconclusive = (how: string, why: string) =>
  refused('Inconclusive', `Whether the role can be assumed ${how} could not be told (${why}). Nothing was stored; try again.`);

const refused = (code: TrustProblemCode, why: string): TrustProof => ({ proved: false, code, why });
