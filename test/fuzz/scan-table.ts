import { unpackDigest } from '../../lib/reports/pack-digest.ts';
import { createAccountStore } from '../../lib/stores/account-store.ts';
import { createBreakerStore } from '../../lib/stores/breaker-store.ts';
import { createChangeStore } from '../../lib/stores/change-store.ts';
import { createConfigStore } from '../../lib/stores/config-store.ts';
import { createControlStore } from '../../lib/stores/control-store.ts';
import { createDiscoveryStore } from '../../lib/stores/discovery-store.ts';
import { createHistoryStore } from '../../lib/stores/history-store.ts';
import { parsePause } from '../../lib/stores/pause-item.ts';
import { createPointStore } from '../../lib/stores/point-store.ts';
import { createPrincipalStore } from '../../lib/stores/principal-store.ts';
import { readFields } from '../../lib/stores/read-fields.ts';
import { createReportStore } from '../../lib/stores/report-store.ts';
import type { Item, Value } from '../../lib/stores/table.ts';
import { createTokenStore } from '../../lib/stores/token-store.ts';
import { createWatchStore } from '../../lib/stores/watch-store.ts';
import { HOSTILE_KEYS } from './draw/hostile.ts';
import type { FuzzSystem } from './system.ts';

export interface Expected {
  /** Whose keys there may be. */
  readonly customers: readonly string[];
  /** What may stand in no item, as text or as bytes. */
  readonly secrets: readonly string[];
}

/** Reads one item by the store that owns its key; throws, or answers false, where it is none of it. */
type Reader = (item: Item, parts: RegExpExecArray, system: FuzzSystem) => Promise<boolean> | boolean;

const some = (list: readonly unknown[]) => list.length > 0;

const READERS: readonly (readonly [pk: RegExp, sk: RegExp, read: Reader])[] = [
  [/^([^#~]+)#g#([^#]+)$/, /^config$/, (item) => readFields(item).count('shards') > 0],
  [
    /^([^#~]+)#g#([^#]+)$/,
    /^config#/,
    async (item, [, c = '', g = ''], { table }) => (await createConfigStore(table).service(c, g, item.sk.slice(7))) !== undefined,
  ],
  [
    /^([^#~]+)#g#([^#]+)$/,
    /^control#/,
    async (item, [, c = '', g = ''], { table }) => (await createControlStore(table).get(c, g, item.sk.slice(8))) !== undefined,
  ],
  [/^([^#~]+)#g#([^#]+)$/, /^pause#/, (item) => parsePause(item) !== undefined],
  [/^([^#~]+)#g#([^#]+)$/, /^claim#[^#]+#[^#]+$/, (item) => readFields(item).text('by') !== ''],
  [/^([^#~]+)#g#([^#]+)$/, /^lease$/, (item) => readFields(item).count('until') > 0],
  [/^([^#~]+)#p$/, /^pause$/, (item) => parsePause(item) !== undefined],
  [
    /^([^#~]+)#r#([^#]+)#(\d+)$/,
    /^\d{11}#[^#]+#[^#]+#[^#]+#\d+$/,
    async (item, [, c = '', g = ''], { table, clock }) => {
      const unreadable = new Set<string>();
      const store = createReportStore(table, { clock, onUnreadable: (key) => void unreadable.add(key.sk) });
      const slot = Number(item.sk.slice(0, 11)) * 1_000;
      const reports = await store.since(c, g, Number(item.pk.split('#')[3]) + 1, slot);
      return !unreadable.has(item.sk) && some(reports) && reports.every(({ digest }) => unpackDigest(digest) !== undefined);
    },
  ],
  [
    /^([^#~]+)#t$/,
    /^[^#]+#[^#]+$/,
    async (item, [, c = ''], { table }) => {
      const [service = '', keyId = ''] = item.sk.split('#');
      const token = await createTokenStore(table).get(c, service, keyId);
      return token !== undefined && /^[0-9a-f]{64}$/.test(token.secretHash);
    },
  ],
  [/^([^#~]+)#dir$/, /^[^#]+$/, async (item, [, c = ''], { table }) => (await createConfigStore(table).find(c, item.sk)) !== undefined],
  [/^([^#~]+)#a$/, /^\d{12}$/, async (item, [, c = ''], { table }) => (await createAccountStore(table).get(c, item.sk)) !== undefined],
  [
    /^([^#~]+)#w$/,
    /^[^#]+#[^#]+#[^#]+$/,
    async (item, [, c = ''], { table }) => {
      const [accountId = '', region = '', cluster = ''] = item.sk.split('#');
      return (await createWatchStore(table).get(c, accountId, region, cluster)) !== undefined;
    },
  ],
  [
    /^([^#~]+)#d$/,
    /^health#/,
    async (item, [, c = ''], { table, clock }) => (await createDiscoveryStore(table, { clock }).health(c, item.sk.slice(7))) !== undefined,
  ],
  [
    /^([^#~]+)#d$/,
    /^region#/,
    async (item, [, c = ''], { table, clock }) =>
      some(await createDiscoveryStore(table, { clock }).regions(c, item.sk.split('#')[1] ?? '')),
  ],
  [/^([^#~]+)#n$/, /^[^#]+#[^#]+$/, (item) => readFields(item).has('schema')],
  [/^([^#~]+)#m$/, /^[^#]+$/, (item) => readFields(item).has('schema')],
  [/^(~operator)$/, /^round#[^#]+$/, (item) => readFields(item).has('schema')],
  [
    /^([^#~]+)#m#([^#]+)$/,
    /^\d{14}#\d{4}$/,
    async (item, [, c = '', g = ''], { table, clock }) => {
      const services = Object.keys(item).flatMap((name) => (name.startsWith('s#') ? [name.slice(2)] : []));
      const lists = await Promise.all(services.map((service) => createPointStore(table, { clock, days: 30 }).of(c, g, service, 0)));
      return some(lists) && lists.every(some);
    },
  ],
  [
    /^([^#~]+)#h#([^#]+)$/,
    /^\d{14}#[^#]+$/,
    async (_, [, c = '', s = ''], { table, clock }) =>
      some(await createHistoryStore(table, { clock, days: 30 }).of(c, s, { limit: 1_000 })),
  ],
  [
    /^([^#~]+)#c$/,
    /^[0-9a-z]{18}$/,
    async (item, [, c = ''], { table, clock }) => (await createChangeStore(table, { clock, days: 30 }).get(c, item.sk)) !== undefined,
  ],
  [
    /^(~operator)#changes$/,
    /^[0-9a-z]{18}$/,
    async (item, _, { table, clock }) => (await createChangeStore(table, { clock, days: 30 }).get(null, item.sk)) !== undefined,
  ],
  [/^(~operator)$/, /^pause$/, (item) => parsePause(item) !== undefined],
  [
    /^(~operator)$/,
    /^(fleet|breaker(#\d{11})?)$/,
    async (_, __, { table, clock }) => (await createBreakerStore(table).read(clock.now())).services >= 0,
  ],
  [/^(~operator)$/, /^token-key$/, (item) => readFields(item).bytes('k').length === 32],
  [/^(~operator)#customers$/, /^[a-z][a-z0-9-]{0,62}$/, (item) => readFields(item).has('schema')],
  [
    /^(~operator)#principals$/,
    /^arn:/,
    async (item, _, { table }) => (await createPrincipalStore(table).customerOf(item.sk)) !== undefined,
  ],
  [
    /^(~role)$/,
    /^arn:/,
    async (item, _, { table }) => (await createAccountStore(table).connected()).some(({ customer }) => customer === item.customer),
  ],
];

/**
 * Everything that is stored and should not be: a key that is nobody's, an item that its own store cannot read, a secret in clear,
 * a property that reaches a prototype. Empty where all is well. `items`: what to look at; absent, the whole table.
 */
export async function scanTable(system: FuzzSystem, expected: Expected, items: readonly Item[] = system.table.items()): Promise<string[]> {
  const complaints: string[] = [];
  for (const item of items) {
    const name = `${item.pk} ${item.sk}`;
    const fits = READERS.flatMap(([pk, sk, read]) => {
      const parts = pk.exec(item.pk);
      return parts && sk.test(item.sk) ? [{ parts, read }] : [];
    });
    const [only] = fits;
    if (only === undefined || fits.length > 1) complaints.push(`${name}: ${fits.length} kinds of item have such a key`);
    else {
      const owner = only.parts[1] ?? '';
      if (!owner.startsWith('~') && !expected.customers.includes(owner)) complaints.push(`${name}: belongs to nobody that is known`);
      try {
        if (!(await only.read(item, only.parts, system))) complaints.push(`${name}: its store does not find it`);
      } catch (error) {
        complaints.push(`${name}: ${String(error)}`);
      }
    }
    complaints.push(...wrongWithin(item, expected.secrets).map((what) => `${name}: ${what}`));
  }
  return [...complaints, ...prototypeChanges()];
}

const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(HOSTILE_KEYS.slice(0, 3));

function wrongWithin(value: Value, secrets: readonly string[]): string[] {
  if (typeof value === 'string') return secrets.some((secret) => value.includes(secret)) ? ['holds a secret in clear'] : [];
  if (value instanceof Uint8Array) return wrongWithin(Buffer.from(value).toString('latin1'), secrets);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [
    ...(PROTOTYPE_KEYS.has(key) ? [`has a property ${key}`] : []),
    ...wrongWithin(each, secrets),
  ]);
}

const BEFORE = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype].map((prototype) => ({
  prototype,
  names: Reflect.ownKeys(prototype).length,
}));

/** Prototypes of the language that have gained or lost a property since this module was loaded. */
export const prototypeChanges = (): string[] =>
  BEFORE.flatMap(({ prototype, names }) =>
    Reflect.ownKeys(prototype).length === names ? [] : [`a prototype was polluted: ${Reflect.ownKeys(prototype).map(String).join(', ')}`],
  );

/** The keys of everything that a customer's partitions hold. */
export const partitionsOf = (customer: string, items: readonly Item[]): readonly Item[] =>
  items.filter(({ pk }) => pk.startsWith(`${customer}#`));
