import type { Instant } from '../clock.ts';

/** One connected AWS account of a customer. */
export interface Account {
  readonly customer: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Made by Sluice before anybody names a role; never changed, never taken from whoever supplies the role ARN. */
  readonly externalId: string;
  /** Absent until trust is proved. */
  readonly roleArn?: string;
  readonly provedAt?: Instant;
  /** Why the account cannot be used now; absent when it can. */
  readonly problem?: { readonly code: string; readonly why: string; readonly at: Instant };
}

/** An account whose trust was proved: only these are ever assumed for work. */
export type ConnectedAccount = Account & { readonly roleArn: string };
