import type { Item, Table } from '../stores/table.ts';

/**
 * The table, with every decision that this process wrote told to `onDecision` once the conditional write was taken: what the
 * table's stream does for the functions. What the process leaves undone when it crashes is decided anew by the next evaluation,
 * once the decision is too old to be acted upon.
 */
export const handingOver = (table: Table, onDecision: (control: Item) => void): Table => ({
  ...table,
  async put(item, condition) {
    const result = await table.put(item, condition);
    // As the filter of the stream in serverless.yml: control items with a decision that has not been acted upon.
    if (result === 'written' && typeof item['act'] === 'string') onDecision(item);
    return result;
  },
});
