import { indexEntry } from './memory-items.ts';
import type { Changes, Condition, Item } from './table.ts';
import { refused } from './table-rules.ts';

/** Whether a condition holds for the item that is there, or for none. What is not there equals nothing and is less than nothing. */
export const holds = (condition: Condition, item: Item | undefined): boolean => {
  switch (condition.kind) {
    case 'absent':
      return item === undefined;
    case 'exists':
      return item !== undefined;
    case 'equals':
      return item?.[condition.attribute] === condition.value;
    case 'less-than': {
      const value = item?.[condition.attribute];
      return typeof value === 'number' && value < condition.value;
    }
    case 'any':
      return condition.of.some((each) => holds(each, item));
  }
};

/** The item that an update leaves; throws `AwsFailure` where it adds to what is not a number. */
export const changed = (before: Item, changes: Changes): Item => {
  const after: { pk: string; sk: string; [attribute: string]: Item[string] } = { ...before, ...changes.set };
  for (const name of changes.remove ?? []) delete after[name];
  for (const [name, amount] of Object.entries(changes.add ?? {})) {
    const value = before[name] ?? 0;
    if (typeof value !== 'number') throw refused('UpdateItem', `${name} is not a number: nothing can be added to it`);
    after[name] = value + amount;
  }
  return after;
};

/** Index partitions that a write touches: the old entry goes and the new one comes, unless they are the same. */
export const indexWrites = (before: Item | undefined, after: Item | undefined): string[] => {
  const from = before && indexEntry(before);
  const to = after && indexEntry(after);
  if (from && to && from.due_shard === to.due_shard && from.due_at === to.due_at) return [];
  return [...(from ? [from.due_shard] : []), ...(to ? [to.due_shard] : [])];
};
