import { AwsError } from './aws-error.ts';
import type { Parameters, Scene } from './operation.ts';
import { clusterArn } from './service-state.ts';

/** A cluster as a call names it: by name or ARN, or not at all, which is the cluster "default". */
export function clusterOf(parameters: Parameters, scene: Scene): { readonly arn: string; readonly name: string } {
  const given = optionalText(parameters, 'cluster') ?? 'default';
  const place = ownPlace(scene);
  if (!given.startsWith('arn:')) return { arn: clusterArn({ ...place, cluster: given }), name: given };
  const [, , , , , resource = ''] = inPlace(given, scene).split(':');
  if (!resource.startsWith('cluster/')) throw new AwsError('InvalidParameterException', 'Invalid identifier: it is not that of a cluster.');
  return { arn: given, name: resource.slice('cluster/'.length) };
}

/** The ARN of a service that a call names, by name or ARN, in a cluster. An ARN of another cluster is kept: it is found missing there. */
export function serviceArnOf(given: string, cluster: string, scene: Scene): string {
  if (given.startsWith('arn:')) {
    const [, , , , , resource = ''] = inPlace(given, scene).split(':');
    const [kind, first, second] = resource.split('/');
    if (kind !== 'service' || first === undefined)
      throw new AwsError('InvalidParameterException', 'Invalid identifier: it is not that of a service.');
    // The short form from before 2018 lacks the cluster.
    return second === undefined ? serviceArnOf(first, cluster, scene) : given;
  }
  const { partition, region, accountId } = ownPlace(scene);
  return `arn:${partition}:ecs:${region}:${accountId}:service/${cluster}/${given}`;
}

/** The account and Region that a call is for: the session's, and that of the endpoint. */
export function ownPlace({ session, region, partition }: Scene) {
  return { partition, region, accountId: session.caller.accountId };
}

function inPlace(arn: string, scene: Scene): string {
  const [, , service, region, accountId] = arn.split(':');
  const own = ownPlace(scene);
  if (service !== 'ecs') throw new AwsError('InvalidParameterException', `Invalid identifier: ${arn}`);
  if (region !== own.region)
    throw new AwsError('InvalidParameterException', `Invalid identifier: Identifier is for ${region}. The request went to ${own.region}.`);
  if (accountId !== own.accountId)
    throw new AwsError(
      'InvalidParameterException',
      `Invalid identifier: Identifier is for ${accountId}. Your accountId is ${own.accountId}.`,
    );
  return arn;
}

export function text(parameters: Parameters, name: string): string {
  const value = optionalText(parameters, name);
  if (value === undefined || value === '') throw new AwsError('InvalidParameterException', `${name} cannot be blank.`);
  return value;
}

export function optionalText(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new AwsError('SerializationException', `${name} must be a string`);
}

export function optionalInteger(parameters: Parameters, name: string): number | undefined {
  const value = parameters[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) > 2 ** 31)
    throw new AwsError('SerializationException', `${name} must be an integer`);
  return value;
}

export function optionalTexts(parameters: Parameters, name: string): readonly string[] | undefined {
  const value = parameters[name] ?? undefined;
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new AwsError('SerializationException', `${name} must be a list of strings`);
}

/** One page of a list: tokens are the place to go on from. */
export function page<T>(
  parameters: Parameters,
  values: readonly T[],
  most: number,
  usual: number,
): { readonly values: readonly T[]; readonly nextToken?: string } {
  const size = optionalInteger(parameters, 'maxResults') ?? usual;
  if (size < 1 || size > most) throw new AwsError('InvalidParameterException', `maxResults must be between 1 and ${most}.`);
  const token = optionalText(parameters, 'nextToken');
  if (token !== undefined && !/^[0-9]{1,9}$/.test(token)) throw new AwsError('InvalidParameterException', 'Invalid token.');
  const from = Number(token ?? 0);
  const end = from + size;
  return { values: values.slice(from, end), ...(end < values.length ? { nextToken: String(end) } : {}) };
}
