import { type Caller, callerContext } from './caller.ts';
import { type Condition, holds } from './conditions.ts';
import { type Lookup, lookupIn, type RequestContext } from './context.ts';
import { matches, matchesArn, readPattern } from './pattern.ts';
import type { PolicyDocument, Statement } from './policy-document.ts';
import { namingOf } from './principals.ts';

export interface AccessRequest {
  readonly caller: Caller;
  /** As IAM writes it: "ecs:UpdateService". */
  readonly action: string;
  /** The ARN acted upon, or "*" for actions that have none. */
  readonly resource: string;
  /** Condition keys beside those that come with the caller. */
  readonly context: RequestContext;
}

/** The policies that bear on a request. */
export interface Policies {
  /** Of the caller's role. */
  readonly identity: readonly PolicyDocument[];
  /** Given when the caller's session was made: what they do not allow too, it cannot do. Absent: the session has none. */
  readonly session?: readonly PolicyDocument[];
  /** Of the role acted upon, where that is what the request is about. */
  readonly trust?: PolicyDocument;
}

export interface Evaluation {
  readonly allowed: boolean;
  /** Fit to follow "… is not authorized to perform … on resource: …"; for what is allowed, which statements allow it. Values of condition keys never occur in it. */
  readonly why: string;
  /** For what no statement allows: the statement that came nearest, and what it asks for. More than AWS says. */
  readonly nearest?: string;
  readonly matchedSid?: string;
}

interface Layer {
  readonly name: string;
  readonly policies: readonly PolicyDocument[];
}

/** How a statement meets a request: `rank` counts the elements that agreed, action first. */
type Fit =
  | { readonly fits: true; readonly naming?: 'itself' | 'its account' }
  | { readonly fits: false; readonly rank: number; readonly says: string };

/**
 * Decides a request as AWS documents it:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 * A Deny anywhere ends it. Otherwise the identity policies must allow it, the session policies (if any)
 * too, and a trust policy (if it is about one) too; only within one account does a trust policy that
 * names the very role or session do without the identity policy. Callers from outside of AWS have no
 * identity policies: trust alone decides. Boundaries and policies of organisations are not part of this.
 */
export function evaluate(request: AccessRequest, policies: Policies): Evaluation {
  const lookup = lookupIn({ ...callerContext(request.caller), ...request.context });
  const identity: Layer = { name: 'identity-based policy', policies: policies.identity };
  const session: Layer = { name: 'session policy', policies: policies.session ?? [] };
  const trust: Layer = { name: 'resource-based policy', policies: policies.trust === undefined ? [] : [policies.trust] };

  for (const layer of [identity, session, trust]) {
    const denying = find(layer, 'Deny', request, lookup);
    if (denying.statement !== undefined) {
      return { allowed: false, why: `with an explicit deny in ${article(layer)}`, ...matched(denying.statement) };
    }
  }

  const needed: Layer[] = [];
  if (request.caller.kind === 'role-session') {
    needed.push(identity);
    if (policies.session !== undefined) needed.push(session);
  }
  if (policies.trust !== undefined) needed.push(trust);

  const allowing: { layer: Layer; statement: Statement }[] = [];
  const grantedByName = policies.trust !== undefined && sameAccount(request) && find(trust, 'Allow', request, lookup).naming === 'itself';
  for (const layer of needed) {
    if (layer === identity && grantedByName) continue;
    const { statement, nearest } = find(layer, 'Allow', request, lookup);
    if (statement === undefined) {
      const hint = nearest === undefined ? {} : { nearest };
      return { allowed: false, why: `because no ${layer.name} allows the ${request.action} action`, ...hint };
    }
    allowing.push({ layer, statement });
  }
  const last = allowing.at(-1);
  if (last === undefined) return { allowed: false, why: `because no identity-based policy allows the ${request.action} action` };
  return {
    allowed: true,
    why: allowing.map(({ layer, statement }) => `${title(statement)} of ${article(layer)} allows it`).join(', '),
    ...matched(last.statement),
  };
}

function find(
  layer: Layer,
  effect: Statement['effect'],
  request: AccessRequest,
  lookup: Lookup,
): { statement?: Statement; naming?: string | undefined; nearest?: string } {
  let best: { statement: Statement; naming: string | undefined } | undefined;
  let nearest: { rank: number; says: string } | undefined;
  for (const policy of layer.policies) {
    for (const statement of policy.statements) {
      if (statement.effect !== effect) continue;
      const fit = fitOf(statement, request, lookup, policy.version === '2012-10-17' ? lookup : undefined);
      if (fit.fits) {
        if (best === undefined || fit.naming === 'itself') best = { statement, naming: fit.naming };
      } else if (fit.rank > (nearest?.rank ?? 0)) {
        nearest = { rank: fit.rank, says: `${title(statement)} ${fit.says}` };
      }
    }
  }
  return best ?? (nearest === undefined ? {} : { nearest: nearest.says });
}

function fitOf(statement: Statement, request: AccessRequest, lookup: Lookup, variables: Lookup | undefined): Fit {
  const { actions, resources, principals } = statement;
  if (actions.patterns.some((pattern) => coversAction(pattern, request.action)) === actions.negated)
    return { fits: false, rank: 0, says: 'is about other actions' };
  const naming = principals === undefined ? undefined : namingOf(principals, request.caller);
  if (principals !== undefined && naming === undefined) return { fits: false, rank: 1, says: 'names other principals' };
  if (
    resources !== undefined &&
    resources.patterns.some((pattern) => coversResource(pattern, request.resource, variables)) === resources.negated
  ) {
    return { fits: false, rank: 2, says: 'is about other resources' };
  }
  const failing = statement.conditions.find((condition) => !holds(condition, lookup, variables));
  if (failing !== undefined) return { fits: false, rank: 3, says: sayFailing(failing, lookup) };
  return { fits: true, ...(naming === undefined ? {} : { naming }) };
}

/** Actions are matched without regard to letter case, and take no policy variables. */
function coversAction(pattern: string, action: string): boolean {
  return matches(readPattern(pattern.toLowerCase()) ?? [], action.toLowerCase());
}

function coversResource(written: string, resource: string, variables: Lookup | undefined): boolean {
  const pattern = readPattern(written, variables);
  return pattern !== undefined && matchesArn(pattern, resource, { complete: true });
}

function sayFailing({ operator, key }: Condition, lookup: Lookup): string {
  const present = (lookup(key)?.length ?? 0) > 0;
  return `asks for ${operator.name} of ${key}, ${present ? 'and the value sent does not meet it' : 'which the request does not carry'}`;
}

function sameAccount({ caller, resource }: AccessRequest): boolean {
  return caller.kind === 'role-session' && resource.split(':')[4] === caller.accountId;
}

const title = (statement: Statement) => (statement.sid === undefined ? 'a statement without Sid' : `statement ${statement.sid}`);
const article = (layer: Layer) => (layer.name.startsWith('i') ? `an ${layer.name}` : `a ${layer.name}`);
const matched = (statement: Statement) => (statement.sid === undefined ? {} : { matchedSid: statement.sid });
