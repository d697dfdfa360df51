import type { Clock } from '../clock.ts';
import { keys } from './keys.ts';
import type { ChangeStore } from './ports.ts';
import { itemSchema, readFields } from './read-fields.ts';
import type { Change, Json } from './records.ts';
import type { Item, Table } from './table.ts';
import { type ListOptions, readable } from './unreadable-item.ts';

export interface ChangeStoreOptions extends ListOptions {
  readonly clock: Clock;
  /** How long changes are kept. */
  readonly days: number;
}

const dayMs = 86_400_000;

/** What people changed, under their customer's key. Before and after are JSON text: nothing but people and rollback reads them. */
export const createChangeStore = (table: Table, options: ChangeStoreOptions): ChangeStore => ({
  async put(changes) {
    const expires = Math.ceil((options.clock.now() + options.days * dayMs) / 1_000);
    const items = changes.map((change) => toItem(change, expires));
    const [only] = items;
    if (items.length === 1 && only) await table.put(only);
    else if (items.length > 0) await table.putMany(items);
  },

  async get(customer, id) {
    const item = await table.get(keys.change(customer, id), { consistent: true });
    return item && parseChange(item);
  },

  // An id begins with its time: what is newer sorts later.
  of: async (customer, { since = 0, limit }) => {
    const items = await table.query({ pk: keys.changes(customer), reverse: true, consistent: true, limit });
    return readable(items, parseChange, options).filter((change) => change.at >= since);
  },

  async remove(changes) {
    if (changes.length > 0) await table.deleteMany(changes.map(({ customer, id }) => keys.change(customer, id)));
  },

  async removeSome(customer, limit) {
    const items = await table.query({ pk: keys.changes(customer), consistent: true, limit });
    await table.deleteMany(items.map(({ pk, sk }) => ({ pk, sk })));
    return items.length < limit ? 'all' : 'more';
  },
});

const toItem = ({ id, at, who, customer, service, what, summary, before, after, takesBack }: Change, expires: number): Item => ({
  ...keys.change(customer, id),
  schema: itemSchema,
  a: at,
  who,
  what,
  w: summary,
  ...(service === undefined ? {} : { s: service }),
  b: JSON.stringify(before),
  n: JSON.stringify(after),
  ...(takesBack === undefined ? {} : { tb: takesBack }),
  expires,
});

const parseChange = (item: Item): Change => {
  const fields = readFields(item);
  const [, customer] = /^([^#~][^#]*)#c$/.exec(item.pk) ?? [];
  if (customer === undefined && item.pk !== keys.changes(null)) return fields.fail('pk', 'is not that of changes');
  const json = (name: string): Json => {
    try {
      // What was written is JSON, and every JSON value is one of `Json`.
      const value: Json = JSON.parse(fields.text(name));
      return value;
    } catch {
      return fields.fail(name, 'is no JSON');
    }
  };
  return {
    id: item.sk,
    at: fields.number('a'),
    who: fields.text('who'),
    customer: customer ?? null,
    ...(fields.has('s') ? { service: fields.text('s') } : {}),
    what: fields.text('what'),
    summary: fields.text('w'),
    before: json('b'),
    after: json('n'),
    ...(fields.has('tb') ? { takesBack: fields.text('tb') } : {}),
  };
};
