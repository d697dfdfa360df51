import type { Item } from './table.ts';

/** The form that stores write today; every item carries it, so that a later form can be told from this one. */
export const itemSchema = 1;

/** Turns an item of one form into the next one's. */
export type Migration = (item: Item) => Item;

/**
 * How items of older forms are read: under the number of a form, what makes the next one of it. An upgrade rewrites nothing
 * beforehand, however large the table: an item is migrated each time it is read, and stored in today's form when it is next
 * written whole. A write that changes single attributes leaves the item's form as it is, so that it must mean the same in both.
 *
 * To change the form of any item: raise `itemSchema` by one, add the migration here with items of the old form in
 * test/lib/stores/migrate-item.test.ts, and keep it until no such item can be left (docs/deploy.md, "Upgrade").
 *
 * 0 was never released. It is the form of 1 under another number, so that the way is walked by every store's tests.
 */
export const MIGRATIONS: Readonly<Record<number, Migration>> = {
  0: (item) => item,
};

export type Migrated = { readonly ok: true; readonly item: Item } | { readonly ok: false; readonly why: string };

/** The item in today's form, or why it cannot be had. Migrates through as many forms as lie between. */
export function migrateItem(
  item: Item,
  migrations: Readonly<Record<number, Migration>> = MIGRATIONS,
  today: number = itemSchema,
): Migrated {
  const { schema } = item;
  if (typeof schema !== 'number' || !Number.isSafeInteger(schema)) return { ok: false, why: 'is not a number' };
  if (schema > today) return { ok: false, why: `is ${schema}, of a newer Sluice; this version reads up to ${today}` };
  let migrated = item;
  for (let form = schema; form < today; form++) {
    const migrate = migrations[form];
    if (migrate === undefined)
      return { ok: false, why: `is ${schema}, too old for this version; it reads ${oldest(migrations, today)} to ${today}` };
    migrated = { ...migrate(migrated), pk: item.pk, sk: item.sk, schema: form + 1 };
  }
  return { ok: true, item: migrated };
}

/** The oldest form from which migrations lead to today's without a gap. */
function oldest(migrations: Readonly<Record<number, Migration>>, today: number): number {
  let form = today;
  while (migrations[form - 1] !== undefined) form--;
  return form;
}
