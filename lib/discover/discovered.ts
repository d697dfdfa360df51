import type { Instant } from '../clock.ts';

/** What Application Auto Scaling holds for one service: another hand on the desired count. */
export interface Rival {
  readonly min: number;
  readonly max: number;
  /** All three ways of scaling are suspended: it is there and keeps still. */
  readonly suspended: boolean;
  readonly policies: number;
  readonly schedules: number;
}

/** One ECS service of a connected account, whether it is under care or not. */
export interface DiscoveredService {
  readonly arn: string;
  readonly cluster: string;
  readonly name: string;
  /** ACTIVE, DRAINING or INACTIVE. */
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** FARGATE, EC2, EXTERNAL, MANAGED_INSTANCES; absent where capacity providers place the tasks. */
  readonly launchType?: string;
  readonly capacityProviders: readonly string[];
  /** ECS, CODE_DEPLOY or EXTERNAL. */
  readonly deploymentController: string;
  /** REPLICA or DAEMON. */
  readonly schedulingStrategy: string;
  /** CUSTOMER or ECS (an ECS Express service). */
  readonly resourceManagement: string;
  /** The cluster's tags, and over them the service's own. */
  readonly tags: Readonly<Record<string, string>>;
  readonly rival?: Rival;
}

/** The services of one account in one Region, as they were found. */
export interface DiscoveredRegion {
  readonly region: string;
  readonly at: Instant;
  /** False: the look was cut short, and there may be more. */
  readonly complete: boolean;
  /** False: Application Auto Scaling could not be asked, so that a service without `rival` may have one. */
  readonly rivalsKnown: boolean;
  readonly services: readonly DiscoveredService[];
}

export type FindingCode =
  | 'TrustTooOpen' // the role can be assumed without the account's external ID
  | 'RoleMissing' // it cannot be assumed with it
  | 'PermissionMissing'
  | 'PermissionTooWide'
  | 'TemplateOutdated';

/** Something that is not as it should be with an account's role. */
export interface Finding {
  readonly code: FindingCode;
  /** What is wrong and how to mend it. */
  readonly why: string;
  /** Since when. */
  readonly at: Instant;
  /** As IAM writes it: "ecs:ListServices". */
  readonly action?: string;
  /** `perhaps`: the customer may have wanted it so, as with a write policy for a whole cluster. */
  readonly meant?: 'perhaps';
  /** Where it was seen; absent: everywhere, or no matter of Regions. */
  readonly regions?: readonly string[];
}

export interface RegionHealth {
  readonly region: string;
  /** When it was last looked at to the end; absent: never. */
  readonly seenAt?: Instant;
  readonly services: number;
  /** Why the last look failed. */
  readonly problem?: { readonly code: string; readonly why: string };
}

/** What is known of a connected account as a whole. */
export interface AccountHealth {
  readonly customer: string;
  readonly accountId: string;
  /** The account's alias, as a friendly name. */
  readonly alias?: string;
  /** When discovery last looked. */
  readonly at: Instant;
  /** When the role was last proved to the end, whatever came out. */
  readonly provedAt?: Instant;
  /** Whether the account itself named its Regions, or those that every account has were taken. */
  readonly regionsFrom: 'account' | 'fall-back';
  readonly regions: readonly RegionHealth[];
  readonly findings: readonly Finding[];
}
