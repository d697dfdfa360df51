import { keys } from './keys.ts';
import type { LeaseStore } from './ports.ts';
import { itemSchema } from './read-fields.ts';
import type { Table } from './table.ts';

/** A lease that ended is of no use to anybody; groups that fell silent should not leave one behind for ever. */
const forgottenAfterMs = 86_400_000;

/** A group's lease: who has it may evaluate the group until it ends. Nobody gives it back. */
export const createLeaseStore = (table: Table): LeaseStore => ({
  async take(customer, group, now, until) {
    const result = await table.put(
      {
        ...keys.lease(customer, group),
        schema: itemSchema,
        until: Math.ceil(until),
        expires: Math.ceil((until + forgottenAfterMs) / 1_000),
      },
      // It is free from `until` on: with whole milliseconds, "at most now" is "less than now + 1".
      { kind: 'any', of: [{ kind: 'absent' }, { kind: 'less-than', attribute: 'until', value: Math.floor(now) + 1 }] },
    );
    return result === 'written';
  },
  async takenUntil(customer, group) {
    const item = await table.get(keys.lease(customer, group));
    return typeof item?.until === 'number' ? item.until : 0;
  },
});
