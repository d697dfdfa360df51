import type { Statement } from './statement.ts';
import { HARDENED } from './statements.ts';
import type { Json } from './template-text.ts';

export const ref = (name: string): Json => ({ Ref: name });

/** The text with its placeholders as CloudFormation names them. */
export function sub(text: string): Json {
  const named = text.replaceAll('${Partition}', '${AWS::Partition}').replaceAll('${AccountId}', '${AWS::AccountId}');
  const [, only] = /^\$\{(\w+)\}$/.exec(named) ?? [];
  if (only !== undefined) return ref(only);
  return named.includes('${') ? { 'Fn::Sub': named } : named;
}

/** One value is written without a list around it. */
const oneOrMore = (values: readonly Json[]): Json => (values.length === 1 && values[0] !== undefined ? values[0] : values);

export const conditionsOf = (conditions: Statement['conditions']): { readonly [operator: string]: Json } =>
  Object.fromEntries(
    Object.entries(conditions ?? {}).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, sub(value)])),
    ]),
  );

/** A statement as IAM reads it; `hardening` adds the choice of refusing what carries more than a count. */
export function policyStatement(statement: Statement, { hardening = false } = {}): Json {
  const { sid, actions, resources, conditions } = statement;
  const plain = conditionsOf(conditions);
  const stricter = { ...plain, ...conditionsOf(HARDENED) };
  const otherwise: Json = conditions === undefined ? ref('AWS::NoValue') : plain;
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: oneOrMore(actions),
    Resource: 'each' in resources ? ref(resources.each) : oneOrMore(resources.map(sub)),
    Condition: hardening ? { 'Fn::If': ['Hardened', stricter, otherwise] } : conditions === undefined ? undefined : plain,
  };
}
