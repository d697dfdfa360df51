import type { ConnectedAccount } from '../../lib/accounts/account.ts';
import { serviceArn } from '../../lib/accounts/service-arn.ts';
import type { AwsFailureKind } from '../../lib/aws/aws-failure.ts';
import { AwsFailure } from '../../lib/aws/aws-failure.ts';
import type { AccountAws, OwnIdentity, Page, RegionExplorer, SeenService, SeenTarget } from '../../lib/discover/account-aws.ts';

export interface FakeAccountCall {
  readonly action: string;
  readonly accountId: string;
  readonly region: string;
  readonly at: number;
}

/** An account in memory, whose parts can be changed as a test goes on. */
export interface FakeAccount {
  alias?: string;
  regions: string[];
  /** By ARN. */
  readonly services: Map<string, SeenService>;
  readonly clusterTags: Map<string, Record<string, string>>;
  readonly targets: { region: string; target: SeenTarget; policies: number; schedules: number }[];
  /** Whether the role may update what is not listed: "REGION/CLUSTER", "REGION/*" or "*". */
  readonly mayUpdate: Set<string>;
  templateVersion: number;
  assumable: boolean;
}

export interface FakeAccountAws extends AccountAws {
  readonly calls: FakeAccountCall[];
  account(accountId: string): FakeAccount;
  /** Creates an active service at rest, or changes the fields given. */
  put(arn: string, fields?: Partial<SeenService>): void;
  /** The next `times` calls of an action, in one Region or in all, fail so. */
  fail(
    action: string,
    kind: AwsFailureKind,
    where?: { readonly region?: string; readonly accountId?: string; readonly times?: number },
  ): void;
  identityIs: OwnIdentity;
}

/** Customers' accounts as discovery sees them. `now`: the clock that the calls are dated by. */
export function fakeAccountAws(now: () => number = () => 0): FakeAccountAws {
  const accounts = new Map<string, FakeAccount>();
  const calls: FakeAccountCall[] = [];
  let faults: { action: string; kind: AwsFailureKind; region: string | undefined; accountId: string | undefined; left: number }[] = [];

  const account = (accountId: string): FakeAccount => {
    const known = accounts.get(accountId);
    if (known) return known;
    const made: FakeAccount = {
      regions: ['us-east-1'],
      services: new Map(),
      clusterTags: new Map(),
      targets: [],
      mayUpdate: new Set(),
      templateVersion: 1,
      assumable: true,
    };
    accounts.set(accountId, made);
    return made;
  };

  async function call<T>(action: string, accountId: string, region: string, answer: () => T): Promise<T> {
    calls.push({ action, accountId, region, at: now() });
    const fault = faults.find(
      (one) => one.action === action && (one.region ?? region) === region && (one.accountId ?? accountId) === accountId,
    );
    if (fault) {
      fault.left -= 1;
      faults = faults.filter(({ left }) => left > 0);
      throw new AwsFailure(fault.kind, action, `a fault of the test: ${fault.kind}`);
    }
    return answer();
  }

  const assume = (connected: ConnectedAccount) =>
    call('sts:AssumeRole', connected.accountId, 'us-east-1', () => {
      if (!account(connected.accountId).assumable) throw new AwsFailure('denied', 'sts:AssumeRole', 'AccessDenied: not authorized');
    });

  const fake: FakeAccountAws = {
    calls,
    account,
    identityIs: {
      accountId: '000000000000',
      arn: 'arn:aws:sts::000000000000:assumed-role/admin/sluice',
      credentials: 'the test',
      clockAheadMs: 0,
    },
    put(arn, fields = {}) {
      const { accountId, service } = serviceArn(arn);
      const { services } = account(accountId);
      services.set(arn, { ...(services.get(arn) ?? atRest(arn, service)), ...fields });
    },
    fail(action, kind, { region, accountId, times = 1 } = {}) {
      faults.push({ action, kind, region, accountId, left: times });
    },

    async explorer(connected) {
      await assume(connected);
      const { accountId } = connected;
      const one = account(accountId);
      return {
        alias: () => call('iam:ListAccountAliases', accountId, 'us-east-1', () => one.alias),
        regions: (after) => call('account:ListRegions', accountId, 'us-east-1', () => pageOf(one.regions, after, 50)),
        in: (region) => regionOf(region, accountId, one, call),
      };
    },
    async prober(connected, madeUpName) {
      await assume(connected);
      const { accountId } = connected;
      return {
        mayUpdate: (region, cluster) =>
          call('ecs:UpdateService', accountId, region, () => {
            if (!madeUpName.startsWith('sluice-probe-')) throw new Error(`${madeUpName} may be a service that exists`);
            return ['*', `${region}/*`, `${region}/${cluster}`].some((reach) => account(accountId).mayUpdate.has(reach));
          }),
      };
    },
    async carriesVersion(connected, version, { region }) {
      await assume(connected);
      return call('ecs:DescribeServices', connected.accountId, region, () => account(connected.accountId).templateVersion >= version);
    },
    identity: () => call('sts:GetCallerIdentity', 'our own', 'us-east-1', () => fake.identityIs),
  };
  return fake;
}

type Call = <T>(action: string, accountId: string, region: string, answer: () => T) => Promise<T>;

function regionOf(region: string, accountId: string, account: FakeAccount, call: Call): RegionExplorer {
  const here = () => [...account.services.values()].filter(({ arn }) => serviceArn(arn).region === region);
  const clusterOf = (arn: string) => `arn:aws:ecs:${region}:${accountId}:cluster/${serviceArn(arn).cluster}`;
  const clusters = () => [...new Set(here().map(({ arn }) => clusterOf(arn)))];
  const ask = <T>(action: string, answer: () => T) => call(action, accountId, region, answer);
  const targets = () => account.targets.filter((one) => one.region === region);
  const repeated = (pick: (one: FakeAccount['targets'][number]) => number) =>
    targets().flatMap((one) => Array.from({ length: pick(one) }, () => one.target.resource));
  return {
    clusters: (after) => ask('ecs:ListClusters', () => pageOf(clusters(), after, 100)),
    describeClusters: (arns) =>
      ask('ecs:DescribeClusters', () =>
        arns.map((arn) => ({ arn, name: arn.slice(arn.lastIndexOf('/') + 1), status: 'ACTIVE', capacityProviders: [] })),
      ),
    tags: (arn) => ask('ecs:ListTagsForResource', () => account.clusterTags.get(arn) ?? {}),
    services: (cluster, after) =>
      ask('ecs:ListServices', () =>
        pageOf(
          here()
            .map(({ arn }) => arn)
            .filter((arn) => clusterOf(arn) === cluster),
          after,
          100,
        ),
      ),
    describeServices: (_cluster, arns) =>
      ask('ecs:DescribeServices', () => {
        if (arns.length > 10) throw new Error('ECS describes ten services at most');
        return arns.flatMap((arn) => account.services.get(arn) ?? []);
      }),
    scalableTargets: (after) =>
      ask('application-autoscaling:DescribeScalableTargets', () =>
        pageOf(
          targets().map(({ target }) => target),
          after,
          50,
        ),
      ),
    scalingPolicies: (after) =>
      ask('application-autoscaling:DescribeScalingPolicies', () =>
        pageOf(
          repeated((one) => one.policies),
          after,
          50,
        ),
      ),
    scheduledActions: (after) =>
      ask('application-autoscaling:DescribeScheduledActions', () =>
        pageOf(
          repeated((one) => one.schedules),
          after,
          50,
        ),
      ),
  };
}

function pageOf<T>(items: readonly T[], after: string | undefined, size: number): Page<T> {
  const from = Number(after ?? 0);
  return { items: items.slice(from, from + size), ...(from + size < items.length ? { next: String(from + size) } : {}) };
}

const atRest = (arn: string, name: string): SeenService => ({
  arn,
  name,
  status: 'ACTIVE',
  desired: 2,
  running: 2,
  pending: 0,
  launchType: 'FARGATE',
  capacityProviders: [],
  deploymentController: 'ECS',
  schedulingStrategy: 'REPLICA',
  resourceManagement: 'CUSTOMER',
  tags: {},
});
