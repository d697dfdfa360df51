import type { ConnectedAccount } from '../accounts/account.ts';
import type { TrustDeps } from '../accounts/prove-trust.ts';
import { proveTrust } from '../accounts/prove-trust.ts';
import { TEMPLATE_VERSION } from '../accounts/template-version.ts';
import { AwsFailure } from '../aws/aws-failure.ts';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { AccountAws } from './account-aws.ts';
import type { Finding } from './discovered.ts';

export interface ProveDeps extends TrustDeps {
  readonly accountAws: Pick<AccountAws, 'prober' | 'carriesVersion'>;
  readonly clock: Clock;
  readonly random: Random;
}

/** A cluster in which the role's reach is tried. */
export interface ClusterPlace {
  readonly region: string;
  readonly cluster: string;
}

/** Each part: its findings, or undefined where AWS's answers showed nothing, so that what was known stands. */
export interface AccountProof {
  readonly trust: readonly Finding[] | undefined;
  readonly reach: readonly Finding[] | undefined;
  readonly template: readonly Finding[] | undefined;
  /** Why a part showed nothing. */
  readonly inconclusive: readonly string[];
}

/** More clusters than these say nothing new of one policy, and each trial is a line in the customer's CloudTrail. */
const MOST_CLUSTERS = 20;

/** A name that no service and no cluster has: 128 random bits. */
export const madeUpName = (random: Random): string => `sluice-probe-${Buffer.from(random.bytes(16)).toString('hex')}`;

/**
 * Proves anew what was proved when the account was connected, and that the role reaches no further than it was meant to. Changes
 * nothing: trust is tried with sessions that can do nothing, and reach by UpdateService on a service whose name was made up a
 * moment ago, without a count, with a session that may update services of that name alone.
 */
export async function proveAccount(
  deps: ProveDeps,
  account: ConnectedAccount,
  clusters: readonly ClusterPlace[],
  homeRegion: string,
): Promise<AccountProof> {
  const inconclusive: string[] = [];
  const part = async (prove: () => Promise<Finding[]>): Promise<Finding[] | undefined> => {
    try {
      return await prove();
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      inconclusive.push(`${error.action}: ${error.message}`);
      return undefined;
    }
  };
  const trust = await proveTrust(deps, account, account.roleArn, { allowOwnAccount: true });
  const at = deps.clock.now();
  if (!trust.proved && trust.code !== 'TrustTooOpen') {
    if (trust.code === 'Inconclusive') return { trust: undefined, reach: undefined, template: undefined, inconclusive: [trust.why] };
    const finding: Finding = { code: 'RoleMissing', why: trust.why, at };
    // Nothing more can be asked of a role that cannot be assumed.
    return { trust: [finding], reach: undefined, template: undefined, inconclusive };
  }
  const name = madeUpName(deps.random);
  const place = clusters[0] ?? { region: homeRegion, cluster: name };
  const reach = await part(() => proveReach(deps, account, clusters, place.region, name));
  const template = await part(async () => {
    if (await deps.accountAws.carriesVersion(account, TEMPLATE_VERSION, place, name)) return [];
    const why =
      `The role carries no template version ${TEMPLATE_VERSION}: it was made by an older template, or by hand. Update the stack of the read ` +
      `template with the one of this Sluice; or, if the role is kept by hand, give it what that template says and the tag sluice:template-version.`;
    return [{ code: 'TemplateOutdated', why, at }];
  });
  return { trust: trust.proved ? [] : [{ code: 'TrustTooOpen', why: trust.why, at }], reach, template, inconclusive };
}

async function proveReach(
  deps: ProveDeps,
  account: ConnectedAccount,
  clusters: readonly ClusterPlace[],
  region: string,
  name: string,
): Promise<Finding[]> {
  const prober = await deps.accountAws.prober(account, name);
  const at = deps.clock.now();
  const found = (what: string, mend: string): Finding => ({
    code: 'PermissionTooWide',
    action: 'ecs:UpdateService',
    at,
    why: `The role may update ${what}. ${mend}`,
  });
  const regions = [...new Set([region, ...clusters.map((place) => place.region)])].slice(0, MOST_CLUSTERS);
  const wide: string[] = [];
  for (const one of regions) if (await prober.mayUpdate(one, name)) wide.push(one);
  if (wide.length > 0) {
    const mend =
      'List the services that are to be scaled in the write template, one by one, and take any other policy off the role that allows it.';
    return [found(`every ECS service in ${wide.join(', ')}`, mend)];
  }
  const whole: string[] = [];
  for (const { region: where, cluster } of clusters.slice(0, MOST_CLUSTERS)) {
    if (await prober.mayUpdate(where, cluster)) whole.push(`${cluster} (${where})`);
  }
  if (whole.length === 0) return [];
  const mend =
    'If the write template was given whole clusters on purpose, this is as it was meant; otherwise list the services that are to be scaled one by one.';
  return [{ meant: 'perhaps', ...found(`every service of the cluster${whole.length > 1 ? 's' : ''} ${whole.join(', ')}`, mend) }];
}
