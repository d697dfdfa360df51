import type { RequestContext } from '../../iam/context.ts';
import type { PolicyDocument } from '../../iam/policy-document.ts';
import type { Accounts } from './accounts.ts';
import type { Identities, Session } from './identities.ts';
import type { Measures } from './measures.ts';
import type { Services } from './services.ts';

export type Parameters = Readonly<Record<string, unknown>>;

/** One permission that a call needs. A call that touches several resources needs one for each. */
export interface Need {
  /** As IAM writes it: "ecs:UpdateService". */
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
  /** Of the role, where the call is about assuming one. */
  readonly trust?: PolicyDocument;
}

/** Who calls, where and when, and the state that is acted upon. */
export interface Scene {
  readonly session: Session;
  readonly region: string;
  readonly partition: string;
  readonly now: number;
  readonly services: Services;
  readonly accounts: Accounts;
  readonly measures: Measures;
  readonly identities: Identities;
}

/** One action of one AWS service. Both functions throw `AwsError` for what AWS would refuse. */
export interface Operation {
  readonly needs: (parameters: Parameters, scene: Scene) => readonly Need[];
  readonly perform: (parameters: Parameters, scene: Scene) => unknown;
}
