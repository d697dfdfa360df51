import type { Override } from '../policy/policy.ts';
import type { Fields } from './read-fields.ts';
import type { Value } from './table.ts';

/** Overrides as an attribute of the service's config item: name, from, until, min or -1, max or -1. */
export const overridesValue = (overrides: readonly Override[]): Value =>
  overrides.map(({ name, from, until, min, max }) => [name, from, until, min ?? -1, max ?? -1]);

/** Throws `UnreadableItem`: to go on as if nobody had ordered anything would be to overrule a person. */
export const parseOverrides = (fields: Fields): Override[] =>
  fields.list('ov').map((value) => {
    const [name, from, until, min, max] = Array.isArray(value) ? value : [];
    if (typeof name !== 'string' || !isCount(from) || !isCount(until) || typeof min !== 'number' || typeof max !== 'number') {
      return fields.fail('ov', 'is not a list of name, from, until, min and max');
    }
    return { name, from, until, ...(min >= 0 && { min }), ...(max >= 0 && { max }) };
  });

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
