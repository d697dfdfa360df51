import { serviceArn } from '../../accounts/service-arn.ts';
import { writeParts } from '../../accounts/write-parts.ts';
import type { Credentials } from './identities.ts';
import type { StandIn } from './stand-in.ts';
import type { Templates } from './templates.ts';

/** The operator's account of a local run: no customer's can be it. */
export const OPERATOR_ACCOUNT = '000000000000';
/** Its stage: part of the path of the functions' roles, which the roles of customers trust. */
export const LOCAL_STAGE = 'local';

export interface Operator {
  readonly accountId?: string;
  readonly stage: string;
  readonly region: string;
}

/** Installs the roles of Sluice's functions in the operator's account, as a deployment does. */
export function deployOperator(standIn: StandIn, templates: Templates, { accountId = OPERATOR_ACCOUNT, stage, region }: Operator): void {
  standIn.identities.install(templates.operatorRoles, { stackName: `sluice-${stage}`, accountId, region, outside: { Stage: stage } });
}

/**
 * Keys with which a function signs, as Lambda gives them to it: a session of the function's role,
 * named after the function. `roleId` is the role's name in infra/roles.yml ("ScaleRole").
 */
export function functionCredentials(
  standIn: StandIn,
  fn: { readonly roleId: string; readonly functionName: string; readonly now: number; readonly accountId?: string },
): Credentials {
  const roles = standIn.identities.rolesOf(fn.accountId ?? OPERATOR_ACCOUNT);
  const role = roles.find(({ logicalId }) => logicalId === fn.roleId);
  if (role === undefined)
    throw new Error(`infra/roles.yml has no role ${fn.roleId}; it has ${roles.map(({ logicalId }) => logicalId).join(', ')}`);
  const [, partition = 'aws', , , accountId = ''] = role.arn.split(':');
  const caller = {
    kind: 'role-session',
    partition,
    accountId,
    roleArn: role.arn,
    roleId: role.roleId,
    sessionName: fn.functionName,
  } as const;
  return standIn.identities.issue({ caller, externalId: false, tags: role.tags, issuedAt: fn.now });
}

export interface Customer {
  readonly accountId: string;
  readonly externalId: string;
  readonly operatorAccount?: string;
  readonly stage: string;
  /** Two customers can have services in one account, each with stacks of its own; default "sluice". */
  readonly stackName?: string;
  /** Those that may be scaled; all of this account. */
  readonly serviceArns: readonly string[];
  /** Queues that may be read, and with them the account's metrics; absent: neither. */
  readonly queueArns?: readonly string[];
}

const HOME_REGION = 'us-east-1';

/**
 * Does what a customer does to connect an account: creates the read stack, then as many write stacks
 * as it takes to list the services, and what allows to read queues and metrics where it is asked for. Done again it updates them, and deletes write stacks that are not
 * needed any more. Returns the ARN of the role.
 */
export function connectCustomer(standIn: StandIn, templates: Templates, customer: Customer): string {
  const { accountId, externalId, operatorAccount = OPERATOR_ACCOUNT, stage, stackName = 'sluice', serviceArns, queueArns } = customer;
  const foreign = serviceArns.find((arn) => serviceArn(arn).accountId !== accountId);
  if (foreign !== undefined) throw new Error(`${foreign} is not a service of account ${accountId}`);
  const region = serviceArns[0] === undefined ? HOME_REGION : serviceArn(serviceArns[0]).region;
  const read = standIn.identities.install(templates.customerRead, {
    stackName,
    accountId,
    region,
    parameters: { OperatorAccountId: operatorAccount, OperatorStage: stage, ExternalId: externalId },
  });
  const parts = serviceArns.length === 0 ? [] : writeParts(serviceArns);
  parts.forEach((part, i) => {
    const parameters = { RoleName: String(read.outputs.RoleName), Services: part.join(',') };
    standIn.identities.install(templates.customerWrite, { stackName: writeStack(stackName, i), accountId, region, parameters });
  });
  for (let i = parts.length; standIn.identities.remove(accountId, writeStack(stackName, i)); i++);
  const queues = queueArns === undefined ? [] : writeParts(queueArns.length > 0 ? queueArns : [noQueue(accountId)]);
  queues.forEach((part, i) => {
    const parameters = { RoleName: String(read.outputs.RoleName), Queues: part.join(',') };
    standIn.identities.install(templates.customerQueues, { stackName: queuesStack(stackName, i), accountId, region, parameters });
  });
  for (let i = queues.length; standIn.identities.remove(accountId, queuesStack(stackName, i)); i++);
  return String(read.outputs.RoleArn);
}

const writeStack = (stackName: string, i: number) => (i === 0 ? `${stackName}-write` : `${stackName}-write-${i + 1}`);
const queuesStack = (stackName: string, i: number) => (i === 0 ? `${stackName}-queues` : `${stackName}-queues-${i + 1}`);
/** The template wants one queue at least, also of those who read metrics alone: one that nobody has. */
const noQueue = (accountId: string) => `arn:aws:sqs:${HOME_REGION}:${accountId}:sluice-reads-no-queue`;
