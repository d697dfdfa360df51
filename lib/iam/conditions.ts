import { COMPARISONS, type Comparison } from './comparisons.ts';
import type { Lookup } from './context.ts';

const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
};

/** A condition operator, taken apart. */
export interface Operator {
  /** As the policy writes it. */
  readonly name: string;
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | 'one';
  readonly ifExists: boolean;
  readonly negated: boolean;
  /** `Null` compares nothing: it asks whether the request has the key. */
  readonly comparison: Comparison | 'Null';
}

/** One line of a Condition element: the values are alternatives. */
export interface Condition {
  readonly operator: Operator;
  readonly key: string;
  readonly values: readonly string[];
}

/** Reads an operator such as "ForAllValues:StringLikeIfExists"; undefined for one that IAM does not have. Letter case does not matter to IAM. */
export function readOperator(name: string): Operator | undefined {
  const [, prefix, middle = '', suffix] = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/i.exec(name) ?? [];
  const find = (names: Readonly<Record<string, unknown>>) => Object.keys(names).find((one) => one.toLowerCase() === middle.toLowerCase());
  if (middle.toLowerCase() === 'null') {
    const plain = prefix === undefined && suffix === undefined;
    return plain ? { name, quantifier: 'one', ifExists: false, negated: false, comparison: 'Null' } : undefined;
  }
  const negated = find(NEGATED);
  const comparison = COMPARISONS[(negated === undefined ? find(COMPARISONS) : NEGATED[negated]) ?? ''];
  if (comparison === undefined) return undefined;
  const quantifier = prefix === undefined ? 'one' : prefix.toLowerCase() === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue';
  return { name, quantifier, ifExists: suffix !== undefined, negated: negated !== undefined, comparison };
}

/** Why a policy may not write this value beside this operator; undefined where it may. */
export function objectionTo(operator: Operator, written: string): string | undefined {
  if (operator.comparison === 'Null') return /^(true|false)$/i.test(written) ? undefined : 'must be true or false';
  const { rule } = operator.comparison;
  return rule === undefined || rule.holds(written) ? undefined : rule.says;
}

/**
 * Whether a condition holds. Values of the policy are alternatives; a Not-form asks that none agrees.
 * A key that the request lacks: false; but true for Not-forms, with IfExists, and under ForAllValues.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 * A key with several values under an operator for one value, which AWS leaves open, is read like
 * ForAnyValue, and in Not-forms as "none of them".
 */
export function holds(condition: Condition, lookup: Lookup, variables: Lookup | undefined): boolean {
  const { comparison, negated, quantifier, ifExists } = condition.operator;
  const requested = lookup(condition.key) ?? [];
  if (comparison === 'Null') {
    const absent = requested.length === 0;
    return condition.values.some((value) => (value.toLowerCase() === 'true') === absent);
  }
  if (requested.length === 0) return ifExists || quantifier === 'ForAllValues' || (negated && quantifier === 'one');
  const fits = (value: string) => condition.values.some((written) => comparison.agrees(value, written, variables)) !== negated;
  const all = quantifier === 'ForAllValues' || (quantifier === 'one' && negated);
  return all ? requested.every(fits) : requested.some(fits);
}
