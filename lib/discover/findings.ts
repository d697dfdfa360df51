import type { Instant } from '../clock.ts';
import type { AccountHealth, Finding, FindingCode } from './discovered.ts';
import type { ExploredRegion } from './explore-region.ts';

/** What each action is for, to say what breaks without it. */
const WITHOUT: Readonly<Record<string, string>> = {
  'ecs:DescribeServices': 'no service is scaled',
  'ecs:ListClusters': 'services cannot be found; those under care are scaled all the same',
  'ecs:ListServices': 'services cannot be found; those under care are scaled all the same',
  'ecs:DescribeClusters': 'the state of clusters is not known',
  'ecs:ListTagsForResource': 'the tags of clusters are not known',
  'ecs:UpdateService': 'the service is watched and not scaled',
  'application-autoscaling:DescribeScalableTargets': 'it is not known which services AWS scales already',
  'application-autoscaling:DescribeScalingPolicies': 'it is not known by which policies AWS scales a service already',
  'application-autoscaling:DescribeScheduledActions': 'it is not known on which schedules AWS scales a service already',
  'iam:ListAccountAliases': 'the account has no name but its number',
  'account:ListRegions': 'services are looked for in the Regions that every account has',
};

/** A permission that AWS refused; `regions` only where it is refused in some and granted in others. */
export function permissionMissing(action: string, at: Instant, regions?: readonly string[]): Finding {
  const where = regions === undefined ? '' : ` in ${regions.join(', ')}`;
  const template = action === 'ecs:UpdateService' ? 'write' : 'read';
  const mend =
    regions === undefined
      ? `Update the stack of the ${template} template, or look for a policy of the organisation that denies it.`
      : 'A policy of the organisation may keep that Region closed; if it is meant to be, nothing needs to be done.';
  const without = WITHOUT[action];
  return {
    code: 'PermissionMissing',
    action,
    at,
    why: `The role may not ${action}${where}${without === undefined ? '' : `: ${without}`}. ${mend}`,
    ...(regions === undefined ? {} : { regions }),
  };
}

/** What the refusals met on one round through all Regions come to: one finding an action. */
export function missingPermissions(regions: ReadonlyMap<string, Pick<ExploredRegion, 'denied' | 'allowed'>>, at: Instant): Finding[] {
  const actions = new Set([...regions.values()].flatMap(({ denied }) => denied));
  return [...actions].sort().map((action) => {
    const refused = [...regions].flatMap(([region, { denied }]) => (denied.includes(action) ? [region] : [])).sort();
    const somewhere = [...regions.values()].some(({ allowed }) => allowed.includes(action));
    return permissionMissing(action, at, somewhere ? refused : undefined);
  });
}

const sameAs = (finding: Finding) => (other: Finding) =>
  other.code === finding.code &&
  other.action === finding.action &&
  other.meant === finding.meant &&
  String(other.regions ?? '') === String(finding.regions ?? '');

/** Findings that were there before keep their date. */
export function withFirstDate(findings: readonly Finding[], before: readonly Finding[]): Finding[] {
  return findings.map((finding) => {
    const known = before.find(sameAs(finding));
    return known === undefined ? finding : { ...finding, at: known.at };
  });
}

/** What is new, and what is gone. */
export function changes(
  before: AccountHealth | undefined,
  now: readonly Finding[],
): { readonly found: readonly Finding[]; readonly mended: readonly Finding[] } {
  const old = before?.findings ?? [];
  return {
    found: now.filter((finding) => !old.some(sameAs(finding))),
    mended: old.filter((finding) => !now.some(sameAs(finding))),
  };
}

/** The codes that the daily proof alone speaks of; what discovery sees each hour is the rest. */
export const OF_THE_PROOF: readonly FindingCode[] = ['TrustTooOpen', 'PermissionTooWide', 'TemplateOutdated'];
