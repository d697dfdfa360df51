import { partitionOf } from './partition.ts';
import type { Purpose } from './purpose.ts';
import type { EcsService, GivenScope, Scope, ScopeName, SwitchName } from './scope.ts';
import { NAME_RULES, type Place, readName } from './scoped-names.ts';

export type ReadScope = { readonly ok: true; readonly scope: Scope } | { readonly ok: false; readonly problems: readonly string[] };

/** Options of which a policy has one at most. */
const SINGLE: readonly ScopeName[] = [
  ...([
    'bucket',
    'table',
    'oidcProvider',
    'namespace',
    'serviceAccount',
    'githubRepository',
    'githubEnvironment',
    'stage',
    'reportsDomain',
    'hostedZone',
  ] as const),
];
const SWITCHES: readonly SwitchName[] = ['hardenRequests', 'lockFile'];
const ACCOUNT = /^[0-9]{12}$/;
const REGION = /^[a-z]{2,}(-[a-z0-9]+)+-[0-9]+$/;
const names = Object.keys(NAME_RULES).filter((name): name is ScopeName => name in NAME_RULES);

export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Holds everything that was given against its rule: what is missing, foreign, a wildcard or of no use here is refused, all of it at once. */
export function readScope(purpose: Purpose, given: GivenScope): ReadScope {
  const problems: string[] = [];
  const where = place(given, problems);
  const taken = new Set<string>([...purpose.needs, ...purpose.takes]);
  for (const name of [...names, ...SWITCHES])
    if (given[name] !== undefined && given[name] !== false && !taken.has(name))
      problems.push(
        `${flagOf(name)} narrows nothing of ${purpose.name}, which takes ${['account', 'region', ...taken].map(flagOf).join(', ')}`,
      );
  for (const name of purpose.needs)
    if ((given[name] ?? []).length === 0)
      problems.push(`${flagOf(name)} is missing: ${NAME_RULES[name].says}. Without it the policy would be for all there are`);

  const read = new Map<ScopeName, readonly string[]>();
  for (const name of names.filter((one) => taken.has(one))) {
    const values = [...new Set(given[name] ?? [])];
    if (SINGLE.includes(name) && values.length > 1) problems.push(`${flagOf(name)} is given once; got ${values.join(', ')}`);
    const bare = values.flatMap((value) => {
      const one = readName(name, value, where);
      if ('name' in one) return [one.name];
      problems.push(...one.problems.map((says) => `${flagOf(name)}: ${says}`));
      return [];
    });
    read.set(name, [...new Set(bare)]);
  }
  const list = (name: ScopeName) => read.get(name) ?? [];
  const single = (name: ScopeName) => list(name)[0] ?? '';
  const services = readServices(list('service'), list('cluster'), problems);
  problems.push(...unfit(purpose, given));
  const { partition, account, region } = where;
  if (problems.length > 0 || partition === undefined || account === undefined || region === undefined)
    return { ok: false, problems: [...new Set(problems)] };
  return {
    ok: true,
    scope: {
      partition,
      account,
      region,
      clusters: list('cluster'),
      services,
      repositories: list('repository'),
      bucket: single('bucket'),
      keys: list('key'),
      table: single('table'),
      queues: list('queue'),
      roles: list('role').map((name) => `arn:${partition}:iam::${account}:role/${name}`),
      taskDefinitions: list('taskDefinition').length > 0 ? list('taskDefinition') : [...new Set(services.map(({ name }) => name))],
      customerRoles: list('customerRole'),
      oidcProvider: single('oidcProvider'),
      namespace: single('namespace'),
      serviceAccount: single('serviceAccount'),
      githubRepository: single('githubRepository'),
      githubEnvironment: single('githubEnvironment'),
      stage: single('stage') || 'prod',
      reportsDomain: single('reportsDomain'),
      hostedZone: single('hostedZone'),
      hardenRequests: given.hardenRequests === true,
      lockFile: given.lockFile === true,
    },
  };
}

function place({ account, region }: GivenScope, problems: string[]): Place {
  const wild = (text: string) => (/[*?]/.test(text) ? ', wildcards are refused' : '');
  const partition = region !== undefined && REGION.test(region) ? partitionOf(region) : undefined;
  if (account === undefined) problems.push('--account is missing: twelve digits');
  else if (!ACCOUNT.test(account)) problems.push(`--account: must be twelve digits${wild(account)}; got ${JSON.stringify(account)}`);
  if (region === undefined) problems.push('--region is missing: a Region like us-east-1, which says the partition as well');
  else if (!REGION.test(region)) problems.push(`--region: must be a Region like us-east-1${wild(region)}; got ${JSON.stringify(region)}`);
  else if (partition === undefined)
    problems.push(`--region: ${region} is of a partition that Sluice does not know; it knows aws, aws-cn and aws-us-gov`);
  return {
    partition,
    account: account !== undefined && ACCOUNT.test(account) ? account : undefined,
    region: partition === undefined ? undefined : region,
  };
}

function readServices(given: readonly string[], clusters: readonly string[], problems: string[]): EcsService[] {
  return given.flatMap((text) => {
    const [name = '', cluster] = text.split('/').reverse();
    const [only, ...more] = clusters;
    if (cluster !== undefined) {
      if (only !== undefined && !clusters.includes(cluster))
        problems.push(`--service: ${text} is in cluster ${cluster}, which --cluster does not name`);
      return [{ cluster, name }];
    }
    if (only !== undefined && more.length === 0) return [{ cluster: only, name }];
    problems.push(`--service: ${text} needs its cluster: ${only ?? 'shop'}/${text}, or one --cluster`);
    return [];
  });
}

/** What only fits together. */
function unfit({ name, takes }: Purpose, given: GivenScope): string[] {
  const problems: string[] = [];
  if (takes.includes('githubEnvironment') && (given.githubRepository === undefined) !== (given.githubEnvironment === undefined))
    problems.push(
      '--github-repository and --github-environment go together: without the environment any job of the repository could take up the role',
    );
  if (takes.includes('lockFile') && given.lockFile !== true && given.table === undefined)
    problems.push(
      '--table is missing: the DynamoDB table that holds the lock; or say --lock-file for locks beside the state (use_lockfile)',
    );
  if (given.hostedZone !== undefined && given.reportsDomain === undefined)
    problems.push('--hosted-zone needs --reports-domain: the one name that may be entered there');
  if (name === 'irsa' && (given.cluster?.length ?? 0) > 1) problems.push('--cluster is given once: the policy is for one cluster');
  return problems;
}
