import { domainOf, type Partition } from './partition.ts';
import type { ScopeName } from './scope.ts';

/** Where a name or an ARN has to be from; what is not known, having been told wrong, is held against nothing. */
export interface Place {
  readonly partition: Partition | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
}

interface NameRule {
  /** The service in its ARN, and whether that has a Region and an account. */
  readonly arn?: { readonly service: string; readonly prefix: string; readonly regional: boolean; readonly owned: boolean };
  readonly name: RegExp;
  readonly says: string;
}

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const ecs = (prefix: string) => ({ service: 'ecs', prefix, regional: true, owned: true });

/** What may be given for each option: a bare name or, where there is one, its ARN. */
export const NAME_RULES: Readonly<Record<ScopeName, NameRule>> = {
  cluster: { arn: ecs('cluster/'), name: /^[A-Za-z0-9_-]{1,255}$/, says: 'the name of a cluster, or its ARN' },
  service: {
    arn: ecs('service/'),
    name: /^([A-Za-z0-9_-]{1,255}\/)?[A-Za-z0-9_-]{1,255}$/,
    says: 'a service like shop/web (or web, with --cluster shop), or its ARN with its cluster in it',
  },
  taskDefinition: { name: /^[A-Za-z0-9_-]{1,255}$/, says: 'the family of a task definition, without a revision' },
  repository: {
    arn: { service: 'ecr', prefix: 'repository/', regional: true, owned: true },
    name: /^(?=.{2,256}$)[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/,
    says: 'the name of an ECR repository like shop/web, or its ARN',
  },
  bucket: {
    arn: { service: 's3', prefix: '', regional: false, owned: false },
    name: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    says: 'the name of a bucket, or its ARN, without a path',
  },
  key: {
    name: /^(?![/])[A-Za-z0-9!_.'():/-]{1,1024}(?<![/])$/,
    says: 'the path of a state file in the bucket, like prod/network/terraform.tfstate, without a slash before or after it',
  },
  table: {
    arn: { service: 'dynamodb', prefix: 'table/', regional: true, owned: true },
    name: /^[A-Za-z0-9_.-]{3,255}$/,
    says: 'the name of a DynamoDB table, or its ARN',
  },
  queue: {
    arn: { service: 'sqs', prefix: '', regional: true, owned: true },
    name: /^[A-Za-z0-9_-]{1,80}(\.fifo)?$/,
    says: 'the name of an SQS queue, or its ARN',
  },
  role: {
    arn: { service: 'iam', prefix: 'role/', regional: false, owned: true },
    name: /^([A-Za-z0-9_+=,.@-]+\/)*[A-Za-z0-9_+=,.@-]{1,64}$/,
    says: 'the name of a role (its path before it, if it has one), or its ARN',
  },
  customerRole: {
    name: /^arn:(aws|aws-cn|aws-us-gov):iam::[0-9]{12}:role\/sluice\/([A-Za-z0-9_+=,.@-]+\/)*[A-Za-z0-9_+=,.@-]{1,64}$/,
    says: 'the ARN of a role that a customer made for Sluice, which lies under /sluice/',
  },
  oidcProvider: {
    arn: { service: 'iam', prefix: 'oidc-provider/', regional: false, owned: true },
    name: /^oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/id\/[A-Z0-9]{32}$/,
    says: "the issuer of an EKS cluster (aws eks describe-cluster --query cluster.identity.oidc.issuer), or its provider's ARN",
  },
  namespace: { name: new RegExp(`^${label}$`), says: 'the name of a Kubernetes namespace' },
  serviceAccount: { name: new RegExp(`^(?=.{1,253}$)${label}(\\.${label})*$`), says: 'the name of a Kubernetes service account' },
  githubRepository: { name: /^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/, says: 'owner and name of a repository on GitHub, like acme/sluice' },
  githubEnvironment: { name: /^[A-Za-z0-9_-]{1,255}$/, says: 'the name of an environment of the GitHub repository' },
  stage: { name: /^[a-z][a-z0-9-]{0,19}$/, says: '1 to 20 lower-case letters, digits and hyphens, a letter first' },
  reportsDomain: { name: new RegExp(`^(?=.{1,253}$)${label}(\\.${label})+$`), says: 'a host name like reports.example.com' },
  hostedZone: { name: /^Z[A-Z0-9]{1,31}$/, says: 'the id of a Route 53 zone, like Z0123456789ABCDEFGHIJ' },
};

/** The bare name; or what is wrong, all of it. */
export function readName(
  option: ScopeName,
  given: string,
  place: Place,
): { readonly name: string } | { readonly problems: readonly string[] } {
  const rule = NAME_RULES[option];
  const shown = JSON.stringify(given);
  if (/[*?]|\$\{/.test(given))
    return { problems: [`got ${shown}: wildcards are refused, since a policy is for what is named. Name each, giving the option again`] };
  if (option === 'customerRole') {
    const { partition } = place;
    if (!rule.name.test(given)) return { problems: [`must be ${rule.says}; got ${shown}`] };
    return partition === undefined || given.startsWith(`arn:${partition}:`)
      ? { name: given }
      : { problems: [wrongPartition(given, place)] };
  }
  if (!given.startsWith('arn:')) return named(rule, option === 'oidcProvider' ? given.replace(/^https:\/\//, '') : given, shown, place);
  if (rule.arn === undefined) return { problems: [`must be ${rule.says}; got ${shown}`] };
  const [, partition, service, region, account, ...rest] = given.split(':');
  const resource = rest.join(':');
  if (service !== rule.arn.service || !resource.startsWith(rule.arn.prefix) || resource.includes(':'))
    return { problems: [`must be ${rule.says}; got ${shown}`] };
  const problems: string[] = [];
  if (place.partition !== undefined && partition !== place.partition) problems.push(wrongPartition(given, place));
  const { arn } = rule;
  if (!arn.regional ? region !== '' : place.region !== undefined && region !== place.region)
    problems.push(`${shown} is of another Region: ${arn.regional ? `--region says ${place.region}` : 'such ARNs have none'}`);
  if (!arn.owned ? account !== '' : place.account !== undefined && account !== place.account)
    problems.push(`${shown} is of another account: ${arn.owned ? `--account says ${place.account}` : 'such ARNs have none'}`);
  const bare = named(rule, resource.slice(rule.arn.prefix.length), shown, place);
  if ('problems' in bare) problems.push(...bare.problems);
  if (option === 'service' && 'name' in bare && !bare.name.includes('/')) problems.push(`must be ${rule.says}; got ${shown}`);
  return problems.length > 0 ? { problems } : bare;
}

const wrongPartition = (arn: string, { partition, region }: Place) =>
  `${JSON.stringify(arn)} is of another partition: Region ${region} is in ${partition}`;

function named(rule: NameRule, name: string, shown: string, { partition }: Place): { name: string } | { problems: string[] } {
  if (!rule.name.test(name)) return { problems: [`must be ${rule.says}; got ${shown}`] };
  const [, host] = /^(oidc\.eks\.[^/]+)\//.exec(name) ?? [];
  if (
    host !== undefined &&
    partition !== undefined &&
    !new RegExp(`^oidc\\.eks\\.[a-z0-9-]+\\.${domainOf(partition).replaceAll('.', '\\.')}$`).test(host)
  )
    return { problems: [`${shown} is of another partition: issuers of ${partition} end in ${domainOf(partition)}`] };
  return { name };
}
