import type { Parsed } from './parsed.ts';
import { quote, refuse } from './parsed.ts';

/** An IAM role, taken apart. `path` begins and ends with a slash. */
export interface RoleArn {
  readonly arn: string;
  readonly partition: string;
  readonly accountId: string;
  readonly path: string;
  readonly name: string;
}

const LONGEST_ARN = 2048;
const LONGEST_PATH = 512;
const EXAMPLE = 'arn:aws:iam::111122223333:role/sluice/NAME';
const ACCOUNT_ID = /^[0-9]{12}$/;
/** aws, aws-cn, aws-us-gov, and those to come. */
export const PARTITION = /^aws(-[a-z0-9]+)*$/;
const ROLE_NAME = /^[A-Za-z0-9_+=,.@-]{1,64}$/;
const PATH = /^\/([A-Za-z0-9_+=,.@-]+\/)*$/;

/** An AWS account id: twelve digits, as text (a number would lose leading zeros). */
export function parseAccountId(text: string): Parsed<string> {
  if (ACCOUNT_ID.test(text)) return { ok: true, value: text };
  return { ok: false, problems: [`an AWS account id is twelve digits, without spaces or hyphens; got ${quote(text)}`] };
}

/** Reads the ARN of an IAM role; every rule that is broken is named. */
export function parseRoleArn(text: string): Parsed<RoleArn> {
  if (text !== text.trim()) return refuse([`a role ARN has no white space around it; got ${quote(text)}`]);
  if (text.length > LONGEST_ARN) return refuse([`a role ARN has at most ${LONGEST_ARN} characters; this one has ${text.length}`]);
  const [prefix, partition, service, region, accountId, ...rest] = text.split(':');
  const resource = rest.join(':');
  if (
    prefix !== 'arn' ||
    partition === undefined ||
    service === undefined ||
    region === undefined ||
    accountId === undefined ||
    resource === ''
  ) {
    return refuse([`a role ARN looks like ${EXAMPLE}; got ${quote(text)}`]);
  }
  if (service === 'sts' && resource.startsWith('assumed-role/')) {
    return refuse([`this is the ARN of a session; give that of the role itself, like ${EXAMPLE}`]);
  }
  const problems: string[] = [];
  if (!PARTITION.test(partition)) problems.push(`the partition is aws, aws-cn, aws-us-gov or the like; got ${quote(partition)}`);
  if (service !== 'iam') problems.push(`a role ARN is of the service iam; got ${quote(service)}`);
  if (region !== '') problems.push(`a role ARN has no Region; got ${quote(region)}`);
  const account = parseAccountId(accountId);
  if (!account.ok) problems.push(...account.problems);
  const role = parseRole(resource);
  if (!role.ok) problems.push(...role.problems);
  if (problems.length > 0 || !role.ok) return refuse(problems);
  return { ok: true, value: { arn: text, partition, accountId, ...role.value } };
}

function parseRole(resource: string): Parsed<{ readonly path: string; readonly name: string }> {
  if (!resource.startsWith('role/')) return refuse([`the ARN must name a role (role/NAME), not ${quote(resource)}`]);
  const nameAt = resource.lastIndexOf('/') + 1;
  const path = resource.slice('role'.length, nameAt);
  const name = resource.slice(nameAt);
  const problems: string[] = [];
  if (!ROLE_NAME.test(name)) problems.push(`a role's name has 1 to 64 letters, digits and _+=,.@- ; got ${quote(name)}`);
  if (!PATH.test(path) || path.length > LONGEST_PATH) {
    problems.push(
      `a role's path has up to ${LONGEST_PATH} characters, parts of letters, digits and _+=,.@- between single slashes; got ${quote(path)}`,
    );
  }
  if (path.startsWith('/aws-service-role/')) problems.push('a service-linked role belongs to an AWS service; nobody else can assume it');
  return problems.length > 0 ? refuse(problems) : { ok: true, value: { path, name } };
}
