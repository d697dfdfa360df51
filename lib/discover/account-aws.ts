import type { ConnectedAccount } from '../accounts/account.ts';

/**
 * What discovery and the daily proof ask of a customer's AWS beside `CustomerAws`. Each method is one call
 * of AWS, so that whoever asks can keep to a rate; failures are thrown as `AwsFailure`.
 */
export interface AccountAws {
  /** A session that may list and describe, and nothing else. */
  explorer(account: ConnectedAccount): Promise<Explorer>;
  /**
   * A session with which nothing can be changed, to find out what the role may update: its session policy allows
   * UpdateService for services named `madeUpName` alone, which nobody has.
   */
  prober(account: ConnectedAccount, madeUpName: string): Promise<WriteProber>;
  /**
   * Whether the role carries the template version `version` or a later one. Asked without a permission to read tags: a
   * role's tags are condition keys of its sessions, and a session policy may ask for them. What is asked for is a service
   * `madeUpName`, which nobody has, with the permission that scaling needs. Throws where the role may not look there at all,
   * with or without the tag: that shows nothing.
   */
  carriesVersion(
    account: ConnectedAccount,
    version: number,
    place: { readonly region: string; readonly cluster: string },
    madeUpName: string,
  ): Promise<boolean>;
  /** Who Sluice itself is. */
  identity(): Promise<OwnIdentity>;
}

export interface OwnIdentity {
  readonly accountId: string;
  readonly arn: string;
  /** Where the keys come from, in words. */
  readonly credentials: string;
  /** How far our clock is ahead of AWS's, ms; negative: behind. Absent: the answer bore no date. */
  readonly clockAheadMs?: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export interface Explorer {
  alias(): Promise<string | undefined>;
  /** The Regions that are enabled in the account. */
  regions(after?: string): Promise<Page<string>>;
  in(region: string): RegionExplorer;
}

export interface RegionExplorer {
  clusters(after?: string): Promise<Page<string>>;
  /** At most 100. */
  describeClusters(arns: readonly string[]): Promise<readonly SeenCluster[]>;
  tags(arn: string): Promise<Readonly<Record<string, string>>>;
  services(clusterArn: string, after?: string): Promise<Page<string>>;
  /** At most ten; what is gone by now is left out. */
  describeServices(clusterArn: string, arns: readonly string[]): Promise<readonly SeenService[]>;
  scalableTargets(after?: string): Promise<Page<SeenTarget>>;
  /** The resource of each scaling policy. */
  scalingPolicies(after?: string): Promise<Page<string>>;
  /** The resource of each scheduled action. */
  scheduledActions(after?: string): Promise<Page<string>>;
}

export interface SeenCluster {
  readonly arn: string;
  readonly name: string;
  readonly status: string;
  readonly capacityProviders: readonly string[];
}

export interface SeenService {
  readonly arn: string;
  readonly name: string;
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly launchType?: string;
  readonly capacityProviders: readonly string[];
  readonly deploymentController: string;
  readonly schedulingStrategy: string;
  readonly resourceManagement: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A scalable target for the desired count of an ECS service; `resource` is "service/CLUSTER/NAME". */
export interface SeenTarget {
  readonly resource: string;
  readonly min: number;
  readonly max: number;
  readonly suspended: boolean;
}

export interface WriteProber {
  /** True where the role would let the service of the made-up name in this cluster be updated, were there one. */
  mayUpdate(region: string, cluster: string): Promise<boolean>;
}
