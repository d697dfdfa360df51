import type { Partition } from './partition.ts';

/** Options that narrow a policy, beside --account and --region. Each is the name of its flag. */
export type ScopeName =
  | 'cluster'
  | 'service'
  | 'repository'
  | 'bucket'
  | 'key'
  | 'table'
  | 'queue'
  | 'role'
  | 'taskDefinition'
  | 'customerRole'
  | 'oidcProvider'
  | 'namespace'
  | 'serviceAccount'
  | 'githubRepository'
  | 'githubEnvironment'
  | 'stage'
  | 'reportsDomain'
  | 'hostedZone';

/** Options that are on or off. */
export type SwitchName = 'hardenRequests' | 'lockFile';

/** What a person gave, option by option, as typed. */
export type GivenScope = { readonly account?: string; readonly region?: string } & Readonly<Partial<Record<ScopeName, readonly string[]>>> &
  Readonly<Partial<Record<SwitchName, boolean>>>;

export interface EcsService {
  readonly cluster: string;
  readonly name: string;
}

/** Where a policy holds: every value has been held against its rule. What was not given is empty. */
export interface Scope {
  readonly partition: Partition;
  readonly account: string;
  readonly region: string;
  readonly clusters: readonly string[];
  readonly services: readonly EcsService[];
  readonly repositories: readonly string[];
  readonly bucket: string;
  /** Paths of state files in the bucket. */
  readonly keys: readonly string[];
  readonly table: string;
  readonly queues: readonly string[];
  /** ARNs. */
  readonly roles: readonly string[];
  readonly taskDefinitions: readonly string[];
  /** ARNs of roles in customers' accounts. */
  readonly customerRoles: readonly string[];
  /** The issuer without its scheme: oidc.eks.eu-west-1.amazonaws.com/id/…. */
  readonly oidcProvider: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Owner and name on GitHub. */
  readonly githubRepository: string;
  readonly githubEnvironment: string;
  readonly stage: string;
  /** Host name of one's own for report URLs. */
  readonly reportsDomain: string;
  /** Route 53 zone in which that is entered. */
  readonly hostedZone: string;
  readonly hardenRequests: boolean;
  readonly lockFile: boolean;
}

/** An ARN within the scope's own account and Region. */
export const arnOf = ({ partition, region, account }: Scope, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

export const serviceArn = (scope: Scope, { cluster, name }: EcsService): string => arnOf(scope, 'ecs', `service/${cluster}/${name}`);
export const clusterArn = (scope: Scope, cluster: string): string => arnOf(scope, 'ecs', `cluster/${cluster}`);
export const tableArn = (scope: Scope): string => arnOf(scope, 'dynamodb', `table/${scope.table}`);
export const bucketArn = ({ partition, bucket }: Scope): string => `arn:${partition}:s3:::${bucket}`;
/** Names of buckets are nobody's own: one that was deleted, or not made yet, can be made by somebody else, who would then be sent what is written. */
export const ownBucket = ({ account }: Scope) => ({ StringEquals: { 's3:ResourceAccount': account } }) as const;
export const iamArn = ({ partition, account }: Scope, resource: string): string => `arn:${partition}:iam::${account}:${resource}`;

/** The same place in another account, for calls that must be refused. */
export const elsewhere = (scope: Scope): Scope => ({
  ...scope,
  account: scope.account === '999988887777' ? '888877776666' : '999988887777',
});
