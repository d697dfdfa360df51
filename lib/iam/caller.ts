import type { RequestContext } from './context.ts';

/** Who makes a request, as far as IAM tells them apart. */
export type Caller =
  | {
      readonly kind: 'role-session';
      readonly partition: string;
      readonly accountId: string;
      /** The role's own ARN, path included: what aws:PrincipalArn is. */
      readonly roleArn: string;
      readonly roleId: string;
      readonly sessionName: string;
    }
  | { readonly kind: 'federated'; readonly provider: string }
  | { readonly kind: 'service'; readonly service: string };

/** The caller as AWS names it in messages and GetCallerIdentity: for a session without the role's path. */
export function callerArn(caller: Caller): string {
  if (caller.kind === 'federated') return caller.provider;
  if (caller.kind === 'service') return caller.service;
  const roleName = caller.roleArn.slice(caller.roleArn.lastIndexOf('/') + 1);
  return `arn:${caller.partition}:sts::${caller.accountId}:assumed-role/${roleName}/${caller.sessionName}`;
}

/** The condition keys that every request of this caller carries. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
export function callerContext(caller: Caller): RequestContext {
  if (caller.kind === 'service') return { 'aws:PrincipalIsAWSService': true, 'aws:PrincipalServiceName': caller.service };
  if (caller.kind === 'federated') return { 'aws:FederatedProvider': caller.provider };
  return {
    'aws:PrincipalArn': caller.roleArn,
    'aws:PrincipalAccount': caller.accountId,
    'aws:PrincipalType': 'AssumedRole',
    'aws:PrincipalIsAWSService': false,
    'aws:userid': `${caller.roleId}:${caller.sessionName}`,
  };
}
