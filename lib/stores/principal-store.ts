import { keys } from './keys.ts';
import type { PrincipalStore } from './ports.ts';
import { itemSchema, readFields } from './read-fields.ts';
import type { Table } from './table.ts';

/** An item that cannot be read is an error, never left out: who is limited must not become free by it. */
export const createPrincipalStore = (table: Table): PrincipalStore => ({
  async customerOf(arn) {
    const item = await table.get(keys.principal(arn), { consistent: true });
    return item && readFields(item).text('customer');
  },
  all: async () =>
    (await table.query({ pk: keys.principals(), consistent: true })).map((item) => ({
      arn: item.sk,
      customer: readFields(item).text('customer'),
    })),
  async limit(arn, customer) {
    await table.put({ ...keys.principal(arn), schema: itemSchema, customer });
  },
  async free(arn) {
    await table.delete(keys.principal(arn));
  },
});
