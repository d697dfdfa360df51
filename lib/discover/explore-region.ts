import { AwsFailure } from '../aws/aws-failure.ts';
import type { Instant } from '../clock.ts';
import type { Page, RegionExplorer, SeenCluster, SeenService, SeenTarget } from './account-aws.ts';
import type { DiscoveredRegion, DiscoveredService, Rival } from './discovered.ts';
import { OutOfTime, type Pace } from './pace.ts';

/** ECS's own most of services in a cluster; beyond it a list of names helps nobody. */
export const MOST_SERVICES = 5_000;
const SERVICES_PER_CALL = 10;
const CLUSTERS_PER_CALL = 100;

export interface ExploredRegion {
  /** Absent: nothing could be learned. */
  readonly found?: DiscoveredRegion;
  readonly problem?: { readonly code: string; readonly why: string };
  /** Actions that AWS refused and that it allowed here. */
  readonly denied: readonly string[];
  readonly allowed: readonly string[];
}

/**
 * All services of an account in one Region. What is not essential (tags, clusters' state, rivals) may be refused and only leaves a
 * gap; where services themselves cannot be listed, what was known before stands, and the problem says why.
 */
export async function exploreRegion(region: string, aws: RegionExplorer, pace: Pace, now: Instant): Promise<ExploredRegion> {
  const denied = new Set<string>();
  const allowed = new Set<string>();
  /** A call whose refusal is noted. */
  const ask = async <T>(action: string, make: () => Promise<T>): Promise<T> => {
    try {
      const answer = await pace(make);
      allowed.add(action);
      return answer;
    } catch (error) {
      if (error instanceof AwsFailure && error.kind === 'denied') denied.add(error.action);
      throw error;
    }
  };
  /** The same for what may be missing. */
  const askAside = async <T>(action: string, make: () => Promise<T>): Promise<T | undefined> => {
    // One refusal is enough: the rest would be refused alike.
    if (denied.has(action)) return undefined;
    return await ask(action, make).catch((error: unknown) => {
      if (error instanceof AwsFailure && error.kind === 'denied') return undefined;
      throw error;
    });
  };

  const services: DiscoveredService[] = [];
  const answer = (more: Pick<ExploredRegion, 'found' | 'problem'>): ExploredRegion => ({
    ...more,
    denied: [...denied],
    allowed: [...allowed],
  });
  let rivals: ReadonlyMap<string, Rival> | undefined;
  const found = (complete: boolean): DiscoveredRegion => ({ region, at: now, complete, rivalsKnown: rivals !== undefined, services });
  try {
    const clusters = await everyPage((after) => ask('ecs:ListClusters', () => aws.clusters(after)));
    if (clusters.length === 0) return answer({ found: { ...found(true), rivalsKnown: true } });
    const described = new Map<string, SeenCluster>();
    for (const some of inParts(clusters, CLUSTERS_PER_CALL)) {
      for (const cluster of (await askAside('ecs:DescribeClusters', () => aws.describeClusters(some))) ?? [])
        described.set(cluster.arn, cluster);
    }
    rivals = await findRivals(aws, askAside);
    for (const cluster of clusters) {
      if (described.get(cluster)?.status === 'INACTIVE') continue;
      const arns = await everyPage((after) => ask('ecs:ListServices', () => aws.services(cluster, after)));
      if (arns.length === 0) continue;
      const clusterTags = (await askAside('ecs:ListTagsForResource', () => aws.tags(cluster))) ?? {};
      for (const some of inParts(arns, SERVICES_PER_CALL)) {
        if (services.length + some.length > MOST_SERVICES) return answer({ found: found(false), problem: tooMany });
        for (const service of await ask('ecs:DescribeServices', () => aws.describeServices(cluster, some))) {
          services.push(discovered(service, cluster, clusterTags, rivals));
        }
      }
    }
    return answer({ found: found(true) });
  } catch (error) {
    if (error instanceof OutOfTime) {
      const why =
        'There was not the time to look at all services of this Region at the rate that AWS leaves; those that were seen are listed.';
      return answer({ ...(services.length > 0 ? { found: found(false) } : {}), problem: { code: 'NotFinished', why } });
    }
    if (!(error instanceof AwsFailure)) throw error;
    return answer({ problem: problemOf(error) });
  }
}

const tooMany = {
  code: 'TooManyServices',
  why: `There are more than ${MOST_SERVICES} services in this Region; the first ${MOST_SERVICES} are listed. Any of them can be scaled all the same.`,
};

/** What a failure means to whoever reads a list of Regions. */
export function problemOf(error: AwsFailure): { readonly code: string; readonly why: string } {
  const code = error.kind === 'denied' ? 'AccessDenied' : error.kind === 'throttled' ? 'Throttled' : 'Unavailable';
  return { code, why: `${error.action}: ${error.message}`.slice(0, 400) };
}

type AskAside = <T>(action: string, make: () => Promise<T>) => Promise<T | undefined>;

/** What Application Auto Scaling holds, by "service/CLUSTER/NAME"; undefined where it may not be asked for its targets. */
async function findRivals(aws: RegionExplorer, ask: AskAside): Promise<ReadonlyMap<string, Rival> | undefined> {
  const every = async <T>(action: string, list: (after?: string) => Promise<Page<T>>): Promise<T[] | undefined> => {
    const all: T[] = [];
    for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
      const page: Page<T> | undefined = await ask(action, () => list(after));
      if (page === undefined) return undefined;
      all.push(...page.items);
      after = page.next;
    }
    return all;
  };
  const targets = await every<SeenTarget>('application-autoscaling:DescribeScalableTargets', (after) => aws.scalableTargets(after));
  if (targets === undefined) return undefined;
  if (targets.length === 0) return new Map();
  const policies = (await every('application-autoscaling:DescribeScalingPolicies', (after) => aws.scalingPolicies(after))) ?? [];
  const schedules = (await every('application-autoscaling:DescribeScheduledActions', (after) => aws.scheduledActions(after))) ?? [];
  const count = (list: readonly string[], resource: string) => list.filter((one) => one === resource).length;
  return new Map(
    targets.map(({ resource, min, max, suspended }) => [
      resource,
      { min, max, suspended, policies: count(policies, resource), schedules: count(schedules, resource) },
    ]),
  );
}

function discovered(
  service: SeenService,
  clusterArn: string,
  clusterTags: Readonly<Record<string, string>>,
  rivals: ReadonlyMap<string, Rival> | undefined,
): DiscoveredService {
  const cluster = clusterArn.slice(clusterArn.lastIndexOf('/') + 1);
  const { name } = service;
  const rival = rivals?.get(`service/${cluster}/${name}`);
  return {
    ...service,
    // Services from before 2018 have an ARN without the cluster; with it is how policies and files name them.
    arn: `${service.arn.split(':').slice(0, 5).join(':')}:service/${cluster}/${name}`,
    cluster,
    tags: { ...clusterTags, ...service.tags },
    ...(rival === undefined ? {} : { rival }),
  };
}

async function everyPage<T>(list: (after?: string) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
    const page: Page<T> = await list(after);
    all.push(...page.items);
    after = page.next;
  }
  return all;
}

function inParts<T>(values: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let i = 0; i < values.length; i += size) parts.push(values.slice(i, i + size));
  return parts;
}
