import type { Caller } from '../iam/caller.ts';
import { type Evaluation, evaluate } from '../iam/evaluate.ts';
import { type PolicyDocument, parsePolicy } from '../iam/policy-document.ts';
import { permissionsDocument, trustDocument } from './policy-document.ts';
import type { Call, Grant, Purpose } from './purpose.ts';
import type { Scope } from './scope.ts';

/** What a grant comes to, read back as IAM reads it. */
export interface Granted {
  readonly permissions: PolicyDocument;
  readonly trust?: PolicyDocument;
}

export interface Verdict {
  readonly call: Call;
  readonly expected: 'allowed' | 'refused';
  readonly evaluation: Evaluation;
  /** Whether it came as expected. */
  readonly right: boolean;
}

/** The grants, by name, read by the very parser that the stand-in reads policies with. */
export const grantedBy = (grants: readonly Grant[]): Readonly<Record<string, Granted>> =>
  Object.fromEntries(
    grants.map((grant) => [
      grant.name,
      {
        permissions: parsed(permissionsDocument(grant), 'identity'),
        ...(grant.role === undefined ? {} : { trust: parsed(trustDocument(grant.role.trust), 'trust') }),
      },
    ]),
  );

function parsed(document: unknown, kind: 'identity' | 'trust'): PolicyDocument {
  const read = parsePolicy(document, kind);
  if (!read.ok) throw new Error(`a policy that was built here is none: ${read.problems.join('; ')}`);
  return read.policy;
}

/** Puts every call of a purpose to its policies, by the evaluator that the local run enforces them with. */
export function judge(purpose: Purpose, scope: Scope, granted: Readonly<Record<string, Granted>>): readonly Verdict[] {
  const verdict = (call: Call, expected: Verdict['expected']): Verdict => {
    const evaluation = decide(call, scope, granted[call.of]);
    return { call, expected, evaluation, right: evaluation.allowed === (expected === 'allowed') };
  };
  return [
    ...purpose.allows(scope).map((call) => verdict(call, 'allowed')),
    ...purpose.refuses(scope).map((call) => verdict(call, 'refused')),
  ];
}

function decide({ of, action, resource, context = {}, caller }: Call, scope: Scope, granted: Granted | undefined): Evaluation {
  if (granted === undefined) throw new Error(`there is no grant ${of} to judge`);
  if (caller !== undefined) {
    if (granted.trust === undefined) throw new Error(`${of} has no role to take up`);
    return evaluate({ caller, action, resource, context }, { identity: [], trust: granted.trust });
  }
  const self: Caller = {
    kind: 'role-session',
    partition: scope.partition,
    accountId: scope.account,
    roleArn: `arn:${scope.partition}:iam::${scope.account}:role/${of}`,
    roleId: 'AROAEXAMPLEEXAMPLE123',
    sessionName: 'check',
  };
  return evaluate({ caller: self, action, resource, context }, { identity: [granted.permissions] });
}
