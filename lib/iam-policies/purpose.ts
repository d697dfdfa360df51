import type { Caller } from '../iam/caller.ts';
import type { RequestContext } from '../iam/context.ts';
import type { Scope, ScopeName, SwitchName } from './scope.ts';

export const PURPOSE_NAMES = [
  'observe',
  'scale',
  'queues',
  'irsa',
  'deploy-sluice',
  'push-image',
  'deploy-service',
  'terraform-state',
  'terragrunt',
] as const;
export type PurposeName = (typeof PURPOSE_NAMES)[number];

/** Operator, then condition key, then the values that may be: as IAM writes them. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface PolicyStatement {
  readonly sid: string;
  /** Each action with the reason why it is there. */
  readonly actions: Readonly<Record<string, string>>;
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
  /** Where the resource is wider than one would like: why AWS leaves no other choice. Never absent where it is a star. */
  readonly wide?: string;
}

/** Who may take up a role: the one statement of its trust policy. */
export interface Trust {
  readonly sid: string;
  readonly principal: { readonly Federated: string } | { readonly Service: string };
  readonly action: 'sts:AssumeRole' | 'sts:AssumeRoleWithWebIdentity';
  readonly conditions: Conditions;
  readonly why: string;
}

/** What one identity is granted. */
export interface Grant {
  /** By which calls and documents refer to it: "deploy", "stack". */
  readonly name: string;
  /** Name of the role or policy that is made. */
  readonly called: string;
  readonly says: string;
  /** The role that is made for it; without, a managed policy is, for a role or user that there is already. */
  readonly role?: { readonly path: string; readonly trust: Trust };
  readonly statements: readonly PolicyStatement[];
}

/** A call by which a policy is judged. */
export interface Call {
  /** What it would be, in words. */
  readonly does: string;
  /** Name of the grant whose identity makes the call; with `caller`, of the grant whose role is to be taken up. */
  readonly of: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: RequestContext;
  /** Somebody from outside, who tries to take up the role. */
  readonly caller?: Caller;
}

/** A job that somebody has, with the least that it takes. */
export interface Purpose {
  readonly name: PurposeName;
  readonly says: string;
  /** Options without which it is refused; the account and the Region always are. */
  readonly needs: readonly ScopeName[];
  /** Further options that it takes. */
  readonly takes: readonly (ScopeName | SwitchName)[];
  readonly grants: (scope: Scope) => readonly Grant[];
  /** Calls that it is for: each must be allowed. */
  readonly allows: (scope: Scope) => readonly Call[];
  /** Calls that it must refuse, whatever it is asked to do. */
  readonly refuses: (scope: Scope) => readonly Call[];
}
