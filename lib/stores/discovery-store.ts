import type { Clock } from '../clock.ts';
import { discoveredServiceValue, parseDiscoveredService } from './discovered-service.ts';
import { healthItem, parseHealth } from './health-item.ts';
import { valueSize } from './item-size.ts';
import { afterAll, keys } from './keys.ts';
import type { DiscoveryStore } from './ports.ts';
import { itemSchema, readFields } from './read-fields.ts';
import type { Item, Table, Value } from './table.ts';
import type { ListOptions } from './unreadable-item.ts';
import { readable } from './unreadable-item.ts';

export interface DiscoveryStoreOptions extends ListOptions {
  readonly clock: Clock;
}

/** What was not seen for so long is no longer offered. */
const REGION_LIFETIME_MS = 7 * 86_400_000;
const HEALTH_LIFETIME_MS = 31 * 86_400_000;
/** Of the 400 KB that an item may have; smaller parts are cheaper to write where only one grows. */
const PART_BYTES = 200_000;
/** A Region has a few thousand services; each part holds hundreds. */
const MOST_PARTS = 1_000;

/** What discovery found in connected accounts, under their customer's key. */
export const createDiscoveryStore = (table: Table, options: DiscoveryStoreOptions): DiscoveryStore => {
  const expires = (ms: number) => Math.ceil((options.clock.now() + ms) / 1_000);
  /** Parts that an item speaks of; of one that cannot be read none: it is written anew, and what it left behind expires. */
  const partsOf = (item: Item | undefined): number =>
    readable(item === undefined ? [] : [item], (one) => readFields(one).count('parts', MOST_PARTS), options)[0] ?? 0;

  return {
    async putRegion({ customer, accountId }, found) {
      const key = (part: number) => keys.discovered(customer, accountId, found.region, part);
      const before = await table.get(key(0), { consistent: true });
      const parts = inParts(found.services.map(discoveredServiceValue));
      const [first, ...rest] = parts.map(
        (services, part): Item => ({
          ...key(part),
          schema: itemSchema,
          at: found.at,
          ...(part === 0 ? { parts: parts.length, complete: found.complete, rivals: found.rivalsKnown } : {}),
          services,
          expires: expires(REGION_LIFETIME_MS),
        }),
      );
      if (rest.length > 0) await table.putMany(rest);
      // The first part says how many there are: written last, it never speaks of one that is not there.
      if (first) await table.put(first);
      const left = Array.from({ length: Math.max(0, partsOf(before) - parts.length) }, (_, i) => key(parts.length + i));
      if (left.length > 0) await table.deleteMany(left);
    },

    async regions(customer, accountId) {
      const from = `region#${accountId}#`;
      const items = await table.query({ pk: keys.discoveries(customer), from, to: afterAll(`region#${accountId}`) });
      const firsts = items.filter(({ sk }) => placeOf(sk)?.part === 0);
      return readable(
        firsts,
        (first) => {
          const fields = readFields(first);
          const region = placeOf(first.sk)?.region ?? fields.fail('sk', 'names no Region');
          const parts = items.filter(({ sk }) => {
            const place = placeOf(sk);
            return place?.region === region && place.part < fields.count('parts', MOST_PARTS);
          });
          return {
            region,
            at: fields.number('at'),
            complete: fields.flag('complete'),
            rivalsKnown: fields.flag('rivals'),
            services: parts.flatMap((part) => {
              const list = readFields(part).list('services');
              return list.map((value, i) => parseDiscoveredService(part, value, i, { accountId, region }));
            }),
          };
        },
        options,
      );
    },

    async putHealth(health) {
      await table.put({ ...healthItem(health), expires: expires(HEALTH_LIFETIME_MS) });
    },

    async health(customer, accountId) {
      const item = await table.get(keys.health(customer, accountId), { consistent: true });
      const [health] = readable(item ? [item] : [], parseHealth, options);
      return health;
    },

    healthOf: async (customer) =>
      readable(await table.query({ pk: keys.discoveries(customer), from: 'health#', to: afterAll('health') }), parseHealth, options),

    async remove(customer, accountId) {
      const pk = keys.discoveries(customer);
      const regions = await table.query({ pk, from: `region#${accountId}#`, to: afterAll(`region#${accountId}`), consistent: true });
      await table.deleteMany([keys.health(customer, accountId), ...regions.map(({ sk }) => ({ pk, sk }))]);
    },
  };
};

const placeOf = (sk: string) => {
  const [, region, part] = /^region#[^#]+#([^#]+)#(\d+)$/.exec(sk) ?? [];
  return region === undefined || part === undefined ? undefined : { region, part: Number(part) };
};

/** In parts that fit into items; no services are one empty part. */
function inParts(services: readonly Value[]): Value[][] {
  const parts: Value[][] = [[]];
  let size = 0;
  for (const service of services) {
    const more = valueSize(service) + 1;
    if (size > 0 && size + more > PART_BYTES) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(service);
    size += more;
  }
  return parts;
}
