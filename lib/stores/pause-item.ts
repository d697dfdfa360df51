import { itemSchema, readFields } from './read-fields.ts';
import type { Pause } from './records.ts';
import type { Item, Key } from './table.ts';

/** A pause that ended is kept this much longer, for those who look why nothing happened. */
const keptAfterMs = 86_400_000;

export const pauseItem = (key: Key, pause: Pause): Item => ({
  ...key,
  schema: itemSchema,
  in: pause.in,
  out: pause.out,
  why: pause.why,
  at: pause.at,
  ...(pause.until !== undefined && { until: pause.until, expires: Math.ceil((pause.until + keptAfterMs) / 1_000) }),
});

/** Throws `UnreadableItem`. */
export const parsePause = (item: Item): Pause => {
  const fields = readFields(item);
  return {
    in: fields.flag('in'),
    out: fields.flag('out'),
    why: fields.text('why'),
    at: fields.number('at'),
    ...(fields.has('until') && { until: fields.number('until') }),
  };
};
