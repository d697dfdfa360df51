import type { Parsed } from './parsed.ts';
import { quote, refuse } from './parsed.ts';
import { PARTITION, parseAccountId } from './role-arn.ts';

/** An ECS service, taken apart. */
export interface ServiceArn {
  readonly arn: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly cluster: string;
  readonly service: string;
}

const EXAMPLE = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';
const REGION = /^[a-z]{2,}(-[a-z0-9]+)+-[0-9]+$/;
const NAME = /^[A-Za-z0-9_-]{1,255}$/;

/**
 * Reads the ARN of an ECS service; every rule that is broken is named. Services made before 2018's
 * long ARNs have one without the cluster: they are given with it all the same, as AWS accepts them.
 */
export function parseServiceArn(text: string): Parsed<ServiceArn> {
  const [prefix, partition, ecs, region, accountId, ...rest] = text.split(':');
  const resource = rest.join(':');
  if (
    prefix !== 'arn' ||
    partition === undefined ||
    ecs === undefined ||
    region === undefined ||
    accountId === undefined ||
    resource === ''
  ) {
    return refuse([`the ARN of an ECS service looks like ${EXAMPLE}; got ${quote(text)}`]);
  }
  const problems: string[] = [];
  if (!PARTITION.test(partition)) problems.push(`the partition is aws, aws-cn, aws-us-gov or the like; got ${quote(partition)}`);
  if (ecs !== 'ecs') problems.push(`the ARN must be of the service ecs; got ${quote(ecs)}`);
  if (!REGION.test(region)) problems.push(`the Region is one like us-east-1; got ${quote(region)}`);
  const account = parseAccountId(accountId);
  if (!account.ok) problems.push(...account.problems);
  const names = parseResource(resource);
  if (!names.ok) problems.push(...names.problems);
  if (problems.length > 0 || !names.ok) return refuse(problems);
  return { ok: true, value: { arn: text, partition, region, accountId, ...names.value } };
}

/** The same for an ARN that was checked before it was stored: a bad one is a fault of ours and throws. */
export function serviceArn(text: string): ServiceArn {
  const parsed = parseServiceArn(text);
  if (!parsed.ok) throw new Error(`not the ARN of an ECS service: ${parsed.problems.join('; ')}`);
  return parsed.value;
}

function parseResource(resource: string): Parsed<{ readonly cluster: string; readonly service: string }> {
  const [kind, first, second, ...more] = resource.split('/');
  if (kind !== 'service') return refuse([`the ARN must name a service (service/CLUSTER/NAME), not ${quote(resource)}`]);
  if (second === undefined) return refuse([`the ARN lacks the cluster; write it as service/CLUSTER/${first || 'NAME'}`]);
  if (more.length > 0) return refuse([`after service/ come the cluster and the name, no more; got ${quote(resource)}`]);
  const cluster = first ?? '';
  const problems: string[] = [];
  for (const [what, name] of [
    ['cluster', cluster],
    ['service', second],
  ] as const) {
    if (!NAME.test(name)) problems.push(`the name of a ${what} has 1 to 255 letters, digits, hyphens and underscores; got ${quote(name)}`);
  }
  return problems.length > 0 ? refuse(problems) : { ok: true, value: { cluster, service: second } };
}
