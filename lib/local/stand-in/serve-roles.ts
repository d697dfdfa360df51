import type { Credentials } from './identities.ts';
import type { OidcIssuer } from './oidc-issuer.ts';
import { OPERATOR_ACCOUNT } from './stacks.ts';
import type { StandIn } from './stand-in.ts';
import type { Templates } from './templates.ts';

interface Where {
  readonly stage: string;
  readonly region: string;
}

/** What a service account of the made-up cluster is called in its tokens. */
export const SERVICE_ACCOUNT = 'system:serviceaccount:sluice:sluice';

/** An account of its own for the task of a profile: nobody's in the file. */
export const TASK_ACCOUNT = '000000000001';

/** Installs the role of a pod with web identity, and the cluster's issuer as a provider of the account. Returns the role's ARN. */
export function deployIrsa(standIn: StandIn, templates: Templates, issuer: OidcIssuer, { stage, region }: Where): string {
  standIn.providers.add(OPERATOR_ACCOUNT, { url: issuer.url, clientIds: ['sts.amazonaws.com'], publicKey: issuer.publicKey });
  const { outputs } = standIn.identities.install(templates.serveRole, {
    stackName: `sluice-${stage}-serve`,
    accountId: OPERATOR_ACCOUNT,
    region,
    parameters: { Stage: stage, Place: 'irsa', Issuer: issuer.url.replace('https://', '') },
  });
  return String(outputs.RoleArn);
}

/** Installs the role of a pod with Pod Identity, or of a task. Returns what gives the container its credentials, an hour at a time. */
export function deployContainer(
  standIn: StandIn,
  templates: Templates,
  place: 'pod-identity' | 'ecs',
  { stage, region }: Where,
): (now: number) => ContainerKeys {
  const { outputs } = standIn.identities.install(templates.serveRole, {
    stackName: `sluice-${stage}-serve`,
    accountId: OPERATOR_ACCOUNT,
    region,
    parameters: { Stage: stage, Place: place },
  });
  return keysOfRole(standIn, String(outputs.RoleArn));
}

/**
 * Installs the two roles of a task in another account: its own, which may assume one role only, and that role, with an external
 * ID. Returns the latter's ARN for the profile, and what gives the container its credentials.
 */
export function deployProfile(
  standIn: StandIn,
  templates: Templates,
  { stage, region, externalId }: Where & { readonly externalId: string },
): { readonly roleArn: string; readonly keys: (now: number) => ContainerKeys } {
  const task = (serveRoleArn: string) =>
    standIn.identities.install(templates.serveTaskRole, {
      stackName: 'sluice-task',
      accountId: TASK_ACCOUNT,
      region,
      parameters: { ServeRoleArn: serveRoleArn },
    });
  // Each is named by the other: the first of the two is made again once the second is there, as one does at AWS.
  const taskRoleArn = String(task(`arn:aws:iam::${OPERATOR_ACCOUNT}:role/sluice/${stage}/not-yet`).outputs.RoleArn);
  const { outputs } = standIn.identities.install(templates.serveRole, {
    stackName: `sluice-${stage}-serve`,
    accountId: OPERATOR_ACCOUNT,
    region,
    parameters: { Stage: stage, Place: 'profile', TaskRoleArn: taskRoleArn, ExternalId: externalId },
  });
  const roleArn = String(outputs.RoleArn);
  task(roleArn);
  return { roleArn, keys: keysOfRole(standIn, taskRoleArn) };
}

export interface ContainerKeys extends Credentials {
  readonly expiresAt: number;
}

const HOUR_MS = 3_600_000;

/** As the agent of ECS or EKS has them from AWS, which is no call that anybody could make. */
function keysOfRole(standIn: StandIn, roleArn: string): (now: number) => ContainerKeys {
  const role = standIn.identities.role(roleArn);
  if (role === undefined) throw new Error(`there is no role ${roleArn}`);
  const [, partition = 'aws', , , accountId = ''] = roleArn.split(':');
  return (now) => {
    const expiresAt = now + HOUR_MS;
    const caller = { kind: 'role-session', partition, accountId, roleArn, roleId: role.roleId, sessionName: 'task' } as const;
    return { ...standIn.identities.issue({ caller, externalId: false, tags: role.tags, issuedAt: now, expiresAt }), expiresAt };
  };
}
