import type { Account, ConnectedAccount } from '../accounts/account.ts';
import { parseServiceArn } from '../accounts/service-arn.ts';
import type { ClusterPlace, ProveDeps } from '../discover/prove-account.ts';
import { proveAccount } from '../discover/prove-account.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import { type Check, ok, unknown, wrong } from './check.ts';

export const RIGHT_ID = 'assumed with its external ID';
const OTHERS = 'refused without it';
const REACH = 'write scope';
const TEMPLATE = 'template';

/** Whether the account can be used at all; where it cannot, nothing more can be asked of it. */
export function connection(account: Account): { readonly check: Check; readonly connected?: ConnectedAccount } {
  const { roleArn, customer, accountId } = account;
  if (roleArn === undefined) {
    const mend = `Create the role with the read template, then: sluice connect ${accountId} --customer ${customer} --role-arn ARN`;
    return { check: wrong('connected', 'An external ID was made, and no role was given yet.', mend) };
  }
  return { check: ok('connected', roleArn), connected: { ...account, roleArn } };
}

/** The proof that is made each day, made now: trust, reach and template. */
export async function checkProof(
  deps: ProveDeps,
  account: ConnectedAccount,
  services: readonly ServiceConfig[],
  homeRegion: string,
): Promise<readonly Check[]> {
  const proof = await proveAccount(deps, account, clustersOf(services), homeRegion);
  const why = proof.inconclusive.join('; ');
  const again = 'Ask again in a minute.';
  if (proof.trust === undefined) return [unknown(RIGHT_ID, why, again)];
  const [trust] = proof.trust;
  if (trust?.code === 'RoleMissing') {
    const mend = `Create the stack of the read template again, with the external ID ${account.externalId}; the role must let in this stage's roles of account ${deps.operatorAccountId}.`;
    return [wrong(RIGHT_ID, trust.why, mend), unknown(OTHERS, 'The role cannot be assumed at all.')];
  }
  const open =
    trust === undefined
      ? ok(OTHERS, 'Without an external ID and with a wrong one AWS says AccessDenied.')
      : wrong(OTHERS, trust.why, 'Update the stack of the read template: its trust policy asks for the external ID.');
  const [wide] = proof.reach ?? [];
  const reach =
    proof.reach === undefined
      ? unknown(REACH, why, again)
      : wide === undefined
        ? ok(REACH, 'The role may update no service but those that were listed.')
        : // A whole cluster may have been meant; every service was not.
          {
            ...wrong(REACH, wide.why, 'See what the write template lists.'),
            result: wide.meant === 'perhaps' ? ('note' as const) : ('wrong' as const),
          };
  const [old] = proof.template ?? [];
  const template =
    proof.template === undefined
      ? unknown(TEMPLATE, why, again)
      : old === undefined
        ? ok(TEMPLATE, 'The role was made by the version of the template that this Sluice goes with.')
        : wrong(TEMPLATE, old.why, 'Update the stack of the read template.');
  return [ok(RIGHT_ID, `AWS gives a session of account ${account.accountId}.`), open, reach, template];
}

function clustersOf(services: readonly ServiceConfig[]): ClusterPlace[] {
  const places = services.flatMap(({ arn }) => {
    const parsed = parseServiceArn(arn);
    return parsed.ok ? [{ region: parsed.value.region, cluster: parsed.value.cluster }] : [];
  });
  return [...new Map(places.map((place) => [`${place.region}/${place.cluster}`, place])).values()];
}
