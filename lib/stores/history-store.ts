import type { Clock } from '../clock.ts';
import { decisionValue, outcomeValue, parseDecision, parseOutcome, parseTrail, trailValue } from './decision-fields.ts';
import { historyTime, keys } from './keys.ts';
import type { HistoryStore } from './ports.ts';
import { itemSchema, readFields } from './read-fields.ts';
import type { HistoryEntry } from './records.ts';
import type { Item, Key, Table } from './table.ts';
import type { ListOptions } from './unreadable-item.ts';
import { readable } from './unreadable-item.ts';

export interface HistoryStoreOptions extends ListOptions {
  readonly clock: Clock;
  /** How long entries are kept, from the time that they were last written. */
  readonly days: number;
}

const dayMs = 86_400_000;

/** Decisions with their trail and outcome. */
export const createHistoryStore = (table: Table, options: HistoryStoreOptions): HistoryStore => ({
  async put(entries) {
    const expires = Math.ceil((options.clock.now() + options.days * dayMs) / 1_000);
    await Promise.all(entries.map((entry) => keep(table, entry, expires)));
  },

  // In the form of call that every function may make: deleting single items is for people alone.
  drop: (entry) => table.deleteMany([keyOf(entry)]),

  async of(customer, service, { since = 0, limit }) {
    const { pk } = keys.history(customer, service, 0, '');
    return readable(await table.query({ pk, from: historyTime(since), reverse: true, limit }), parseEntry, options);
  },

  async removeSome(customer, service, limit) {
    const { pk } = keys.history(customer, service, 0, '');
    const items = await table.query({ pk, reverse: true, consistent: true, limit });
    await table.deleteMany(items.map((item) => ({ pk: item.pk, sk: item.sk })));
    return items.length < limit ? 'all' : 'more';
  },
});

/** One write each, and none that takes away what another one brought: writers of one decision overtake each other. */
async function keep(table: Table, entry: HistoryEntry, expires: number): Promise<void> {
  const { decision, outcome } = entry;
  if (outcome !== undefined) await table.put(toItem(entry, expires));
  else if (decision.trail.length > 0) await table.put(toItem(entry, expires), { kind: 'absent' });
  else await table.update(keyOf(entry), { set: { dec: decisionValue(decision), expires } }, { kind: 'exists' });
}

const keyOf = ({ customer, service, decision }: HistoryEntry): Key => keys.history(customer, service, decision.at, decision.id);

const toItem = ({ customer, service, decision, outcome }: HistoryEntry, expires: number): Item => ({
  ...keys.history(customer, service, decision.at, decision.id),
  schema: itemSchema,
  dec: decisionValue(decision),
  tr: trailValue(decision.trail),
  ...(outcome && { lo: outcomeValue(outcome) }),
  expires,
});

const parseEntry = (item: Item): HistoryEntry => {
  const fields = readFields(item);
  const [, customer, service] = /^([^#]+)#h#([^#]+)$/.exec(item.pk) ?? [];
  if (customer === undefined || service === undefined) return fields.fail('pk', 'is not that of a history');
  return {
    customer,
    service,
    decision: parseDecision(fields.fields('dec'), parseTrail(fields, 'tr')),
    ...(fields.has('lo') && { outcome: parseOutcome(fields.fields('lo')) }),
  };
};
