import type { ServiceArn } from '../accounts/service-arn.ts';

/** STS takes at most 2,048 characters of policy. */
export const LONGEST_SESSION_POLICY = 2048;

/**
 * What one session may do, whatever the customer's role allows: a session has the rights that role and
 * session policy have in common. It shields the customer from faults of ours.
 */
function allow(action: string | readonly string[], resource: string | readonly string[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] });
}

/** For one decision: look at that one service and set its count. */
export const writePolicy = (service: ServiceArn): string => allow(['ecs:DescribeServices', 'ecs:UpdateService'], service.arn);

/** For the proof of trust: ask who the session is, which needs no permission. An empty policy is refused by STS. */
export const provePolicy = (): string => allow('sts:GetCallerIdentity', '*');

/** For discovery: what its calls are, anywhere in the account, since most of them know no resource. */
export const discoverPolicy = (actions: readonly string[]): string => allow(actions, '*');

/**
 * For finding out what a role may update: services of a name that nobody has, in any cluster. Whatever the role may do and
 * whatever is sent, no service that exists can be touched.
 */
export const probePolicy = (partition: string, accountId: string, madeUpName: string): string =>
  allow('ecs:UpdateService', `arn:${partition}:ecs:*:${accountId}:service/*/${madeUpName}`);

/** For asking for a tag of the role: allows looking at `resource` if the role has the tag, and not with one of the values that are too old. */
export function taggedDescribePolicy(resource: string, tag: string, tooOld: readonly string[]): string {
  const key = `aws:PrincipalTag/${tag}`;
  const Condition = { Null: { [key]: 'false' }, ...(tooOld.length === 0 ? {} : { StringNotEquals: { [key]: tooOld } }) };
  const statement = { Effect: 'Allow', Action: 'ecs:DescribeServices', Resource: resource, Condition };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

/** The same without the tag: what it is compared with. */
export const describePolicy = (resource: string): string => allow('ecs:DescribeServices', resource);

/**
 * For looking at services, narrowest first: the services one by one, their clusters, their account and
 * Region. Those that are too long for STS are left out; the later ones are for when STS still finds the
 * first too large, since what it counts is a packed form whose size it alone knows.
 */
export function readPolicies(services: readonly ServiceArn[]): [string, ...string[]] {
  if (services.length === 0) throw new Error('a session for reading is for one service at least');
  const describe = (resources: readonly string[]) => {
    const distinct = [...new Set(resources)].sort();
    return allow('ecs:DescribeServices', distinct);
  };
  const widest = describe(services.map((s) => `${prefix(s)}/*`));
  const narrower = [describe(services.map((s) => s.arn)), describe(services.map((s) => `${prefix(s)}/${s.cluster}/*`))];
  const [first, ...rest] = [...narrower.filter((policy) => policy.length <= LONGEST_SESSION_POLICY), widest];
  return [first ?? widest, ...rest];
}

const prefix = (s: ServiceArn) => `arn:${s.partition}:ecs:${s.region}:${s.accountId}:service`;
