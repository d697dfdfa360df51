import { explainFailure } from '../credentials/explain-failure.ts';
import type { Journal } from '../journal.ts';
import { keys } from '../stores/keys.ts';
import type { Table } from '../stores/table.ts';
import type { ServeSettings } from './settings.ts';

/** Credentials and table, before anybody is told that this is ready. A container that ends is started again. */
export async function mayBegin(
  { source, files, config }: ServeSettings,
  {
    credentials,
    table,
    warn,
  }: { readonly credentials: () => Promise<unknown>; readonly table: Pick<Table, 'get'>; readonly warn: Journal['warn'] },
): Promise<boolean> {
  try {
    await credentials();
  } catch (error) {
    const { check, what, mend } = explainFailure(error, source, files);
    warn(what, { check, mend });
    return false;
  }
  try {
    await table.get(keys.fleet());
    return true;
  } catch (error) {
    const mend = `The table is ${config.tableName} in ${config.region}; the role needs what infra/serve/role.yml allows on it.`;
    warn('The table cannot be read', { error: error instanceof Error ? error.message : String(error), mend });
    return false;
  }
}
