import { lastWriteValue, parseControl, problemValue, stateValue, toControlItem } from './control-item.ts';
import { outcomeValue } from './decision-fields.ts';
import { afterAll, keys } from './keys.ts';
import type { ControlStore } from './ports.ts';
import type { Control } from './records.ts';
import type { Item, Table, Value } from './table.ts';
import type { ListOptions } from './unreadable-item.ts';
import { readable } from './unreadable-item.ts';

/** One control item per service; whatever is decided or comes of it is one conditional write on it. */
export const createControlStore = (table: Table, options: ListOptions = {}): ControlStore => {
  const list = (items: readonly Item[]): Control[] => readable(items, parseControl, options).filter((control) => control !== undefined);
  return {
    ofGroup: async (customer, group, { consistent = false } = {}) =>
      list(await table.query({ pk: keys.group(customer, group), from: 'control#', to: afterAll('control'), consistent })),

    async get(customer, group, service) {
      const item = await table.get(keys.control(customer, group, service), { consistent: true });
      return item && parseControl(item);
    },

    getMany: async (services) =>
      list(
        await table.getMany(
          services.map(({ customer, group, service }) => keys.control(customer, group, service)),
          { consistent: true },
        ),
      ),

    commit: (control) =>
      table.put(
        toControlItem(control, control.version + 1),
        control.version === 0 ? { kind: 'absent' } : { kind: 'equals', attribute: 'version', value: control.version },
      ),

    settle({ customer, group, service }, outcome, { state, lastWrite, problem }) {
      const set: Record<string, Value> = {
        lo: outcomeValue(outcome),
        ...(state && { st: stateValue(state) }),
        ...(lastWrite && { lw: lastWriteValue(lastWrite) }),
        ...(problem && { pr: problemValue(problem) }),
      };
      return table.update(
        keys.control(customer, group, service),
        { set, remove: ['act', 'tr', 'ra', ...(problem === null ? ['pr'] : [])], add: { version: 1 } },
        { kind: 'equals', attribute: 'act', value: outcome.decision },
      );
    },

    async remove(customer, group, service) {
      await table.delete(keys.control(customer, group, service));
    },
  };
};
