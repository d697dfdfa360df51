import { keys } from './keys.ts';
import type { ClaimStore } from './ports.ts';
import { itemSchema } from './read-fields.ts';
import type { Table } from './table.ts';

/** A decision is too old to be acted upon after a minute; its claim is of no use to anybody soon after. */
const forgottenAfterMs = 600_000;

/** One item per decision that is acted upon, which expires by itself. */
export const createClaimStore = (table: Table): ClaimStore => ({
  async take({ customer, group, service }, { id, at }, by) {
    const result = await table.put(
      { ...keys.claim(customer, group, service, id), schema: itemSchema, by, expires: Math.ceil((at + forgottenAfterMs) / 1_000) },
      { kind: 'any', of: [{ kind: 'absent' }, { kind: 'equals', attribute: 'by', value: by }] },
    );
    return result === 'written';
  },
});
