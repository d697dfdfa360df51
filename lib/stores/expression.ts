import type { Changes, Condition, Query, Value } from './table.ts';

/**
 * DynamoDB's expressions for what the `Table` port can say. Every attribute name goes through a placeholder, since
 * DynamoDB reserves several hundred words.
 */
export interface Placeholders {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, Value>>;
  name(attribute: string): string;
  value(value: Value): string;
}

/** One set of placeholders serves all the expressions of one request. */
export const placeholders = (): Placeholders => {
  const names: Record<string, string> = {};
  const values: Record<string, Value> = {};
  const known = new Map<string, string>();
  let count = 0;
  return {
    names,
    values,
    name: (attribute) => {
      let placeholder = known.get(attribute);
      if (placeholder === undefined) {
        placeholder = `#${known.size}`;
        known.set(attribute, placeholder);
        names[placeholder] = attribute;
      }
      return placeholder;
    },
    value: (value) => {
      const placeholder = `:${count++}`;
      values[placeholder] = value;
      return placeholder;
    },
  };
};

/** An expression and the number of operators and functions in it, of which DynamoDB allows 300. */
export interface Expression {
  readonly text: string;
  readonly operators: number;
}

export const conditionExpression = (condition: Condition, use: Placeholders): Expression => {
  switch (condition.kind) {
    case 'absent':
      return { text: `attribute_not_exists(${use.name('pk')})`, operators: 1 };
    case 'exists':
      return { text: `attribute_exists(${use.name('pk')})`, operators: 1 };
    case 'equals':
      return { text: `${use.name(condition.attribute)} = ${use.value(condition.value)}`, operators: 1 };
    case 'less-than':
      return { text: `${use.name(condition.attribute)} < ${use.value(condition.value)}`, operators: 1 };
    case 'any': {
      if (condition.of.length === 0) throw new RangeError('a condition of kind "any" needs at least one condition to choose from');
      const parts = condition.of.map((each) => conditionExpression(each, use));
      return {
        text: parts.map((part) => (parts.length > 1 ? `(${part.text})` : part.text)).join(' OR '),
        operators: parts.reduce((sum, part) => sum + part.operators, parts.length - 1),
      };
    }
  }
};

/** Undefined where nothing changes: DynamoDB refuses an empty expression, and takes none. */
export const updateExpression = (changes: Changes, use: Placeholders): Expression | undefined => {
  const set = Object.entries(changes.set ?? {}).map(([name, value]) => `${use.name(name)} = ${use.value(value)}`);
  const remove = (changes.remove ?? []).map((name) => use.name(name));
  const add = Object.entries(changes.add ?? {}).map(([name, value]) => `${use.name(name)} ${use.value(value)}`);
  const clauses = [
    ...(set.length > 0 ? [`SET ${set.join(', ')}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${remove.join(', ')}`] : []),
    ...(add.length > 0 ? [`ADD ${add.join(', ')}`] : []),
  ];
  // What counts as an operator here is arithmetic, of which there is none: the clauses themselves do not.
  return clauses.length === 0 ? undefined : { text: clauses.join(' '), operators: 0 };
};

export const keyExpression = (query: Pick<Query, 'pk' | 'from' | 'to'>, use: Placeholders): string => {
  const partition = `${use.name('pk')} = ${use.value(query.pk)}`;
  if (query.from !== undefined && query.to !== undefined) {
    return `${partition} AND ${use.name('sk')} BETWEEN ${use.value(query.from)} AND ${use.value(query.to)}`;
  }
  if (query.from !== undefined) return `${partition} AND ${use.name('sk')} >= ${use.value(query.from)}`;
  if (query.to !== undefined) return `${partition} AND ${use.name('sk')} <= ${use.value(query.to)}`;
  return partition;
};
