import { type Condition, objectionTo, readOperator } from './conditions.ts';
import { type PrincipalPattern, readPrincipals } from './principals.ts';

/** Where a policy stands: it says what an identity (or a session) may do, or who may assume a role. */
export type PolicyKind = 'identity' | 'trust';

/** What an Action or Resource element lists; `negated` for NotAction and NotResource. */
export interface Listed {
  readonly patterns: readonly string[];
  readonly negated: boolean;
}

export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Listed;
  /** Absent in trust policies, whose resource is the role itself. */
  readonly resources?: Listed;
  /** Present in trust policies only. */
  readonly principals?: readonly PrincipalPattern[];
  readonly conditions: readonly Condition[];
}

export interface PolicyDocument {
  /** Policy variables came with the version of 2012. */
  readonly version: '2008-10-17' | '2012-10-17';
  readonly statements: readonly Statement[];
}

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: PolicyDocument }
  | { readonly ok: false; readonly problems: readonly string[] };

type Fields = Readonly<Record<string, unknown>>;
type Complain = (says: string) => void;

/**
 * Reads an IAM policy, given as a value. Whatever IAM does not know, or this evaluator cannot judge,
 * is a problem and never passed over; all problems come at once, each with its place.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(value: unknown, kind: PolicyKind): ParsedPolicy {
  const problems: string[] = [];
  if (!isFields(value)) return { ok: false, problems: ['a policy is an object with Version and Statement'] };
  unknownKeys(value, ['Version', 'Id', 'Statement'], (says) => problems.push(says));
  const { Version: version = '2008-10-17' } = value;
  if (version !== '2012-10-17' && version !== '2008-10-17')
    problems.push(`Version must be "2012-10-17" or "2008-10-17"; got ${JSON.stringify(version)}`);
  const list = Array.isArray(value.Statement) ? value.Statement : [value.Statement];
  if (list.length === 0) problems.push('Statement is empty');
  const statements = list.map((one, i) => readStatement(one, kind, (says) => problems.push(`statement ${i + 1}: ${says}`)));
  const sids = statements.flatMap((statement) => statement?.sid ?? []);
  for (const sid of new Set(sids.filter((one, i) => sids.indexOf(one) !== i))) problems.push(`Sid ${sid} is used twice`);
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    policy: { version: version === '2012-10-17' ? version : '2008-10-17', statements: statements.filter((one) => one !== undefined) },
  };
}

function readStatement(value: unknown, kind: PolicyKind, complain: Complain): Statement | undefined {
  if (!isFields(value)) {
    complain('must be an object');
    return undefined;
  }
  if (value.NotPrincipal !== undefined)
    complain('NotPrincipal is not understood here; AWS advises against it. Use Principal with a condition on aws:PrincipalArn');
  unknownKeys(
    value,
    ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
    complain,
  );
  const { Sid: sid, Effect: effect } = value;
  if (sid !== undefined && (typeof sid !== 'string' || !/^[A-Za-z0-9]*$/.test(sid)))
    complain(`Sid takes letters and digits; got ${JSON.stringify(sid)}`);
  if (effect !== 'Allow' && effect !== 'Deny') complain(`Effect must be Allow or Deny; got ${JSON.stringify(effect)}`);
  const actions = readListed(value, 'Action', /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/, 'an action like ecs:UpdateService', complain);
  const resources = kind === 'trust' ? undefined : readListed(value, 'Resource', /^(\*$|arn:)/, 'an ARN or "*"', complain);
  if (kind === 'trust' && (value.Resource ?? value.NotResource) !== undefined)
    complain('a trust policy has no Resource: it is about its role');
  if (kind === 'identity' && value.Principal !== undefined) complain('Principal belongs into trust policies');
  const principals = kind === 'trust' ? readPrincipals(value.Principal, complain) : undefined;
  return {
    ...(typeof sid === 'string' && sid !== '' ? { sid } : {}),
    effect: effect === 'Deny' ? 'Deny' : 'Allow',
    actions: actions ?? { patterns: [], negated: false },
    ...(resources === undefined ? {} : { resources }),
    ...(principals === undefined ? {} : { principals }),
    conditions: value.Condition === undefined ? [] : readConditions(value.Condition, complain),
  };
}

function readListed(fields: Fields, name: 'Action' | 'Resource', form: RegExp, form_says: string, complain: Complain): Listed | undefined {
  const positive = fields[name];
  const negative = fields[`Not${name}`];
  if ((positive === undefined) === (negative === undefined)) {
    complain(`needs either ${name} or Not${name}`);
    return undefined;
  }
  const patterns: string[] = [];
  const value = positive ?? negative;
  for (const entry of Array.isArray(value) ? value : [value]) {
    if (typeof entry === 'string' && form.test(entry)) patterns.push(entry);
    else complain(`${name} takes ${form_says}; got ${JSON.stringify(entry)}`);
  }
  if (Array.isArray(value) && value.length === 0) complain(`${name} is empty`);
  return { patterns, negated: positive === undefined };
}

function readConditions(value: unknown, complain: Complain): Condition[] {
  if (!isFields(value)) {
    complain('Condition must be an object of operators');
    return [];
  }
  const found: Condition[] = [];
  for (const [name, block] of Object.entries(value)) {
    const operator = readOperator(name);
    if (operator === undefined) complain(`Condition: IAM has no operator ${name}`);
    if (!isFields(block) || Object.keys(block).length === 0) complain(`Condition ${name} must be an object of condition keys`);
    if (operator === undefined || !isFields(block)) continue;
    for (const [key, written] of Object.entries(block)) {
      const where = `Condition ${name} ${key}`;
      if (!/^[A-Za-z0-9.:/_${}@=+-]+$/.test(key) || !/[:/]/.test(key)) complain(`${where}: condition keys look like aws:PrincipalArn`);
      const values = (Array.isArray(written) ? written : [written]).map((one) =>
        typeof one === 'boolean' || typeof one === 'number' ? String(one) : one,
      );
      const texts = values.filter((one) => typeof one === 'string');
      if (texts.length < values.length) complain(`${where}: values are strings, numbers and booleans`);
      if (texts.length === 0) complain(`${where} lists no value, so it could never hold`);
      for (const text of texts) {
        const objection = objectionTo(operator, text);
        if (objection !== undefined) complain(`${where}: ${JSON.stringify(text)} ${objection}`);
      }
      found.push({ operator, key, values: texts });
    }
  }
  return found;
}

function unknownKeys(fields: Fields, known: readonly string[], complain: Complain): void {
  for (const key of Object.keys(fields))
    if (!known.includes(key)) complain(`IAM has no element ${key} here; there are ${known.join(', ')}`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
