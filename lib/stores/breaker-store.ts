import { keys } from './keys.ts';
import type { BreakerStore } from './ports.ts';
import { itemSchema, readFields } from './read-fields.ts';
import type { Condition, Item, Table } from './table.ts';

const slotMs = 300_000;
const keptMs = 3_600_000;
const slotOf = (now: number) => Math.floor(now / slotMs);

/** Counters of the whole fleet: a handful of small items, touched by decisions to scale in and by nothing else. */
export const createBreakerStore = (table: Table): BreakerStore => ({
  async read(now) {
    const slot = slotOf(now);
    const items = await table.getMany([keys.fleet(), keys.breakerOpen(), keys.breakerSlot(slot), keys.breakerSlot(slot - 1)]);
    const bySk = new Map(items.map((item) => [item.sk, item]));
    const number = (sk: string, name: string) => numberOf(bySk.get(sk), name);
    return {
      services: number(keys.fleet().sk, 'n'),
      began: number(keys.breakerSlot(slot).sk, 'n') + number(keys.breakerSlot(slot - 1).sk, 'n'),
      openUntil: number(keys.breakerOpen().sk, 'until'),
    };
  },
  async count(now) {
    await table.update(keys.breakerSlot(slotOf(now)), {
      add: { n: 1 },
      set: { schema: itemSchema, expires: Math.ceil((now + keptMs) / 1_000) },
    });
  },
  async open(now, until) {
    const item = { ...keys.breakerOpen(), schema: itemSchema, until, expires: Math.ceil((until + keptMs) / 1_000) };
    const closed: Condition = { kind: 'any', of: [{ kind: 'absent' }, { kind: 'less-than', attribute: 'until', value: now }] };
    return (await table.put(item, closed)) === 'written';
  },
});

const numberOf = (item: Item | undefined, name: string): number => (item === undefined ? 0 : readFields(item).number(name));
