import type { Item, Key } from './table.ts';

/** A stored item that is not what its store wrote: which item, which attribute, what is wrong with it. */
export class UnreadableItem extends Error {
  override readonly name = 'UnreadableItem';
  readonly key: Key;
  readonly attribute: string;
  readonly why: string;
  constructor(key: Key, attribute: string, why: string) {
    super(`the stored item ${key.pk} ${key.sk} cannot be read: ${attribute} ${why}`);
    this.key = { pk: key.pk, sk: key.sk };
    this.attribute = attribute;
    this.why = why;
  }
}

export interface ListOptions {
  /** Told of each item that a list leaves out because it cannot be read, so that one bad item harms only itself. */
  readonly onUnreadable?: (key: Key, why: string) => void;
}

/** The items that can be read; the others are reported and left out. Failures of another kind are thrown. */
export const readable = <T>(items: readonly Item[], parse: (item: Item) => T, { onUnreadable }: ListOptions): T[] =>
  items.flatMap((item) => {
    try {
      return [parse(item)];
    } catch (error) {
      if (!(error instanceof UnreadableItem)) throw error;
      onUnreadable?.(error.key, `${error.attribute} ${error.why}`);
      return [];
    }
  });
