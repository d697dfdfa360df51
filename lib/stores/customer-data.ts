import { keys } from './keys.ts';
import { readFields } from './read-fields.ts';
import type { Table } from './table.ts';

/** All that is stored of one customer, whatever it is: what forgetting deletes. */
export interface CustomerData {
  /** Whether anything is known of a customer's services, removed ones included. */
  hasNames(customer: string): Promise<boolean>;
  /**
   * Deletes up to about `limit` items of everything but accounts, whose claims to roles stand elsewhere; "more" where there may be
   * others. What names the partitions goes after what is in them, so that a deletion that was cut short goes on where it ended.
   */
  removeSome(customer: string, limit: number): Promise<'all' | 'more'>;
}

/** Names whose partitions are emptied in one round, side by side. */
const NAMES_AT_ONCE = 20;

export const createCustomerData = (table: Table): CustomerData => {
  /** Deletes from a partition until it is empty or `left` is used up; what is left of that. */
  const empty = async (pk: string, left: number): Promise<number> => {
    if (left <= 0) return 0;
    const items = await table.query({ pk, consistent: true, limit: left });
    await table.deleteMany(items.map((item) => ({ pk: item.pk, sk: item.sk })));
    return left - items.length;
  };
  const shardsOf = async (customer: string, group: string): Promise<number> => {
    const whole = await table.get(keys.groupItem(customer, group), { consistent: true });
    return whole ? Math.max(1, readFields(whole).count('shards')) : 1;
  };
  const partitionsOfGroup = async (customer: string, group: string): Promise<string[]> => [
    ...Array.from({ length: await shardsOf(customer, group) }, (_, shard) => keys.reports(customer, group, shard)),
    keys.points(customer, group),
    // Last, because it says over how many partitions reports are spread.
    keys.group(customer, group),
  ];

  return {
    hasNames: async (customer) => (await table.query({ pk: keys.names(customer), limit: 1 })).length > 0,

    async removeSome(customer, limit) {
      let left = limit;
      for (;;) {
        const names = await table.query({ pk: keys.names(customer), consistent: true, limit: NAMES_AT_ONCE });
        if (names.length === 0) break;
        const parts = names.map(({ sk }) => sk.split('#'));
        const groups = [...new Set(parts.map(([group = '']) => group))];
        const services = [...new Set(parts.map(([, service = '']) => service))];
        const partitions = [
          ...services.map((service) => keys.history(customer, service, 0, '').pk),
          ...(await Promise.all(groups.map((group) => partitionsOfGroup(customer, group)))).flat(),
        ];
        for (const pk of partitions) left = await empty(pk, left);
        if (left <= 0) return 'more';
        await table.deleteMany(names.map(({ pk, sk }) => ({ pk, sk })));
      }
      const others = [
        keys.token(customer, 'x', 'x').pk,
        keys.watch(customer, 'x', 'x', 'x').pk,
        keys.collect(customer, 'x').pk,
        keys.discoveries(customer),
        keys.customerPause(customer).pk,
        keys.directory(customer, '').pk,
        keys.changes(customer),
      ];
      for (const pk of others) left = await empty(pk, left);
      return left <= 0 ? 'more' : 'all';
    },
  };
};
