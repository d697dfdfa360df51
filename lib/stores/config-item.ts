import type { ServiceConfig, TagLimits } from '../policy/policy.ts';
import { parseStoredServiceConfig } from '../policy/store-policy.ts';
import { withTags } from '../policy/tag-limits.ts';
import { isKeyName } from './key-name.ts';
import { keys } from './keys.ts';
import { parseOverrides } from './override-fields.ts';
import { type Fields, readFields } from './read-fields.ts';
import type { Item, Value } from './table.ts';

export type Besides = { readonly [attribute: string]: Value };

/** Where a service's policy is; while it moves also where from, and what goes with it. */
export interface Entry {
  readonly group: string;
  readonly left?: { readonly group: string; readonly besides: Besides };
}

export const parseEntry = (item: Item): Entry => {
  const fields = readFields(item);
  const carried = fields.has('l') ? fields.value('b') : undefined;
  return {
    group: nameOfGroup(fields, 'g'),
    ...(isBesides(carried) ? { left: { group: nameOfGroup(fields, 'l'), besides: carried } } : {}),
  };
};

const isBesides = (value: Value | undefined): value is Besides =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

const nameOfGroup = (fields: Fields, name: string): string => {
  const group = fields.text(name);
  return isKeyName(group) ? group : fields.fail(name, 'is no name of a group');
};

export const groupNamed = (item: Item): string => {
  const fields = readFields(item);
  return isKeyName(item.sk) ? nameOfGroup(fields, 'g') : fields.fail('sk', 'is no name of a service');
};

/** Each is read at every evaluation; so many take the reports of two million processes. */
const MOST_SHARDS = 1_000;

export const parseShards = (item: Item): number => {
  const fields = readFields(item);
  const shards = fields.count('shards', MOST_SHARDS);
  return shards >= 1 ? shards : fields.fail('shards', 'is 0; a group has one at least');
};

export const parseConfig = (item: Item): ServiceConfig => {
  const fields = readFields(item);
  const parsed = parseStoredServiceConfig(fields.value('policy'));
  if (!parsed.ok) return fields.fail('policy', parsed.why);
  const { customer, group, name } = parsed.config;
  if (![customer, group, name].every(isKeyName)) return fields.fail('policy', 'names a customer, group or service as no key may');
  const key = keys.config(customer, group, name);
  // What a customer's partition holds is that customer's, whatever is written in it.
  if (key.pk !== item.pk || key.sk !== item.sk) return fields.fail('policy', `is that of ${name} in group ${group} of ${customer}`);
  const overrides = fields.has('ov') ? parseOverrides(fields) : [];
  const config: ServiceConfig = {
    ...parsed.config,
    ...(overrides.length === 0 ? {} : { overrides }),
    ...(fields.has('rv') ? { rival: fields.text('rv') } : {}),
  };
  return fields.has('tg') ? withTags(config, parseTags(fields.fields('tg'))) : config;
};

export const tagsValue = ({ min, max, mode }: TagLimits): Value => ({
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
  ...(mode === undefined ? {} : { mode }),
});

const parseTags = (fields: Fields): TagLimits => ({
  ...(fields.has('min') ? { min: fields.count('min') } : {}),
  ...(fields.has('max') ? { max: fields.count('max') } : {}),
  ...(fields.has('mode') ? { mode: fields.oneOf('mode', ['off', 'observe', 'out-only', 'on']) } : {}),
});
