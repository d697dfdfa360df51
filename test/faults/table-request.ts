import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { fromAttributeValues } from '../../lib/stores/attribute-value.ts';
import type { Changes, Condition, Key, Value } from '../../lib/stores/table.ts';
import { type SdkCall, SdkError } from './gate.ts';

type Wire = Record<string, AttributeValue>;

export const keyOf = (key: Wire): Key => ({ pk: key['pk']?.S ?? '', sk: key['sk']?.S ?? '' });

/** Reads DynamoDB's expressions, as far as lib/stores/expression.ts writes them. */
export class Request {
  readonly input: SdkCall['input'];
  readonly consistent: boolean;
  readonly #names: Readonly<Record<string, string>>;
  readonly #values: Readonly<Record<string, AttributeValue>>;

  constructor(input: SdkCall['input']) {
    this.input = input;
    this.consistent = input['ConsistentRead'] === true;
    this.#names = (input['ExpressionAttributeNames'] ?? {}) as Record<string, string>;
    this.#values = (input['ExpressionAttributeValues'] ?? {}) as Wire;
  }

  key = (): Key => keyOf(this.input['Key'] as Wire);
  name = (placeholder: string): string => this.#names[placeholder] ?? placeholder;
  value(placeholder: string): Value {
    const value = this.#values[placeholder];
    if (value === undefined) throw new SdkError('ValidationException', `no value for ${placeholder}`);
    const { x } = fromAttributeValues({ pk: { S: '-' }, sk: { S: '-' }, x: value });
    return x ?? null;
  }

  condition(): Condition | undefined {
    const text = this.input['ConditionExpression'];
    return typeof text === 'string' ? this.#parse(text) : undefined;
  }

  #parse(text: string): Condition {
    const parts = text.split(' OR ');
    if (parts.length > 1) return { kind: 'any', of: parts.map((part) => this.#parse(part.slice(1, -1))) };
    if (/^attribute_exists\(#\d+\)$/.test(text)) return { kind: 'exists' };
    if (/^attribute_not_exists\(#\d+\)$/.test(text)) return { kind: 'absent' };
    const [, left = '', sign, right = ''] = /^(#\d+) (=|<) (:\d+)$/.exec(text) ?? [];
    const against = this.value(right);
    if (sign === '=' && (typeof against === 'string' || typeof against === 'number'))
      return { kind: 'equals', attribute: this.name(left), value: against };
    if (sign === '<' && typeof against === 'number') return { kind: 'less-than', attribute: this.name(left), value: against };
    throw new SdkError('ValidationException', `an expression that the simulated table does not know: ${text}`);
  }

  changes(): Changes {
    const text = this.input['UpdateExpression'];
    if (typeof text !== 'string') return {};
    const clauses = new Map(
      [...text.matchAll(/(SET|REMOVE|ADD) (.*?)(?= (?:SET|REMOVE|ADD) |$)/g)].map(([, verb = '', rest = '']) => [verb, rest.split(', ')]),
    );
    const pairs = (verb: string, between: string) =>
      Object.fromEntries(
        (clauses.get(verb) ?? []).map((pair) => pair.split(between)).map(([name = '', value = '']) => [this.name(name), this.value(value)]),
      );
    return {
      set: pairs('SET', ' = '),
      remove: (clauses.get('REMOVE') ?? []).map(this.name),
      add: pairs('ADD', ' ') as Record<string, number>,
    };
  }

  range(): { pk: string; from: string | undefined; to: string | undefined } {
    const text = String(this.input['KeyConditionExpression']);
    const asText = (placeholder: string | undefined) => (placeholder === undefined ? undefined : String(this.value(placeholder)));
    const [, pk = ''] = /^#\d+ = (:\d+)/.exec(text) ?? [];
    const [, low, high] = /BETWEEN (:\d+) AND (:\d+)$/.exec(text) ?? [];
    const [, least] = />= (:\d+)$/.exec(text) ?? [];
    const [, most] = /<= (:\d+)$/.exec(text) ?? [];
    return { pk: asText(pk) ?? '', from: asText(low ?? least), to: asText(high ?? most) };
  }
}
