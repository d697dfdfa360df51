import type { Account, ConnectedAccount } from './account.ts';

/**
 * What Sluice asks of a customer's AWS: the whole list of calls. Failures are thrown as `AwsFailure`
 * (lib/aws/aws-failure.ts), classified once there.
 */
export interface CustomerAws {
  /** A session that may only describe: `ecs:DescribeServices` on the given ARNs. Cached until near its end. */
  reader(account: ConnectedAccount, region: string, serviceArns: readonly string[]): Promise<ServiceReader>;
  /** A session for one decision: `ecs:DescribeServices` and `ecs:UpdateService` on one service ARN. */
  writer(account: ConnectedAccount, serviceArn: string, decisionId: string): Promise<ServiceWriter>;
  /**
   * One attempt to assume a role, for the proof of trust. `externalId` undefined: none is sent.
   * Resolves with the account that the session belongs to (GetCallerIdentity).
   */
  tryAssume(roleArn: string, externalId: string | undefined, about: Account): Promise<{ readonly accountId: string }>;
}

/** One service as ECS describes it, cut down to what decisions need. */
export interface ServiceDescription {
  readonly arn: string;
  readonly name: string;
  /** ACTIVE, DRAINING or INACTIVE. */
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** REPLICA or DAEMON. */
  readonly schedulingStrategy: string;
  /** ECS, CODE_DEPLOY or EXTERNAL. */
  readonly deploymentController: string;
  /** CUSTOMER or ECS (an ECS Express service, managed by AWS). */
  readonly resourceManagement: string;
  readonly deployment: 'none' | 'in-progress' | 'failed';
  /** Creation of the PRIMARY deployment, ms since the epoch. */
  readonly deploymentCreatedAt?: number;
  /** The service's own tags; absent where nobody asked for them. */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface ServiceReader {
  /** Any number of services of one cluster, in calls of ten. Those that ECS does not know are in `missing`. */
  describe(
    cluster: string,
    names: readonly string[],
  ): Promise<{ readonly found: readonly ServiceDescription[]; readonly missing: readonly string[] }>;
}

export interface ServiceWriter {
  describe(): Promise<ServiceDescription | undefined>;
  /** Sends `cluster`, `service` and `desiredCount`, nothing else. */
  setDesiredCount(count: number): Promise<void>;
}
