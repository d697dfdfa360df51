import type { ServiceConfig } from '../policy/policy.ts';
import { storeServiceConfig } from '../policy/store-policy.ts';
import { type Besides, type Entry, groupNamed, parseConfig, parseEntry, parseShards, tagsValue } from './config-item.ts';
import { parseControl } from './control-item.ts';
import { isKeyName } from './key-name.ts';
import { afterAll, keys } from './keys.ts';
import { overridesValue } from './override-fields.ts';
import { parsePause, pauseItem } from './pause-item.ts';
import type { ConfigStore, PauseScope } from './ports.ts';
import { itemSchema, readFields } from './read-fields.ts';
import type { Key, Table } from './table.ts';
import type { ListOptions } from './unreadable-item.ts';
import { readable } from './unreadable-item.ts';

/** Policies by group, the directory that finds a service by name, the list of customers, and pauses. */
export const createConfigStore = (table: Table, options: ListOptions = {}): ConfigStore => {
  const entryOf = async (customer: string, service: string): Promise<Entry | undefined> => {
    const item = await table.get(keys.directory(customer, service), { consistent: true });
    return item && parseEntry(item);
  };
  const groupOf = async (customer: string, service: string): Promise<string | undefined> => (await entryOf(customer, service))?.group;
  const service = async (customer: string, group: string, name: string): Promise<ServiceConfig | undefined> => {
    const item = await table.get(keys.config(customer, group, name), { consistent: true });
    return item && parseConfig(item);
  };

  const countFleet = (change: number) => table.update(keys.fleet(), { set: { schema: itemSchema }, add: { n: change } });
  /** What stands beside a service's policy and goes with it to another group; undefined where there is no policy. */
  const besides = async (customer: string, group: string, name: string): Promise<Besides | undefined> => {
    const config = await service(customer, group, name);
    return (
      config && {
        ...(config.overrides === undefined ? {} : { ov: overridesValue(config.overrides) }),
        ...(config.tags === undefined ? {} : { tg: tagsValue(config.tags.say) }),
        ...(config.rival === undefined ? {} : { rv: config.rival }),
      }
    );
  };

  return {
    async group(customer, group, { beside = false } = {}) {
      const items = await table.query({ pk: keys.group(customer, group), from: 'config', to: beside ? 'lease' : afterAll('config') });
      const of = (prefix: string) => items.filter(({ sk }) => sk.startsWith(prefix));
      const whole = items.find((item) => item.sk === 'config');
      const lease = items.find((item) => item.sk === 'lease')?.until;
      return {
        services: readable(of('config#'), parseConfig, options),
        shards: whole ? parseShards(whole) : 1,
        ...(beside && {
          beside: {
            controls: readable(of('control#'), parseControl, options).filter((control) => control !== undefined),
            leasedUntil: typeof lease === 'number' ? lease : 0,
          },
        }),
      };
    },

    service,

    async find(customer, name) {
      const group = await groupOf(customer, name);
      return group === undefined ? undefined : service(customer, group, name);
    },

    async ofCustomer(customer) {
      const directory = await table.query({ pk: keys.directory(customer, '').pk, consistent: true });
      const entries = readable(directory, (item) => keys.config(customer, groupNamed(item), item.sk), options);
      return readable(await table.getMany(entries, { consistent: true }), parseConfig, options);
    },

    customers: async () =>
      readable(
        await table.query({ pk: keys.customers(), consistent: true }),
        (item) => (isKeyName(item.sk) ? item.sk : readFields(item).fail('sk', 'is no name of a customer')),
        options,
      ),

    async put(config) {
      const { customer, group, name } = config;
      const entry = await entryOf(customer, name);
      // Where the policy may lie besides: in the group that it leaves, and in that of a move before that broke off.
      const elsewhere = [entry?.group, entry?.left?.group].flatMap((one) => (one === undefined || one === group ? [] : [one]));
      // Before anything of it is stored, so that nothing is that forgetting the customer would not find.
      if (entry?.group !== group) await table.put({ ...keys.name(customer, group, name), schema: itemSchema });
      let carried: Besides = {};
      if (elsewhere.length > 0) {
        const places = [group, ...elsewhere];
        const found = await Promise.all(places.map((place) => besides(customer, place, name)));
        const [first = entry?.left?.besides ?? {}] = found.filter((one) => one !== undefined);
        // What lies in this group already stays as it is.
        carried = found[0] === undefined ? first : {};
        // What is carried is written down first, so that a move that breaks off half-way loses nothing and can be completed.
        await table.put({ ...keys.directory(customer, name), schema: itemSchema, g: group, l: elsewhere[0] ?? '', b: carried });
        // Out of the old group before it is in the new: a service that two groups decide would be worse than one that none does for a moment.
        for (const place of elsewhere) await table.delete(keys.config(customer, place, name));
      }
      if (entry === undefined) {
        await table.put({ ...keys.directory(customer, name), schema: itemSchema, g: group });
        // One that was not counted is not listed either, or taking it away again would count one too few.
        await countFleet(1).catch(async (error: unknown) => {
          await table.delete(keys.directory(customer, name));
          throw error;
        });
      }
      await table.put({ ...keys.customer(customer), schema: itemSchema }, { kind: 'absent' });
      // Without it, what was written before means nothing to anybody.
      await table.update(keys.config(customer, group, name), {
        set: { schema: itemSchema, policy: storeServiceConfig(config), ...carried },
      });
      // What it carried has arrived. Left standing it does no harm, and the next move takes it away.
      if (elsewhere.length > 0) await table.put({ ...keys.directory(customer, name), schema: itemSchema, g: group }).catch(() => undefined);
    },

    replace: (config) =>
      table.update(
        keys.config(config.customer, config.group, config.name),
        { set: { schema: itemSchema, policy: storeServiceConfig(config) } },
        { kind: 'exists' },
      ),

    putRival: (customer, group, name, rival) =>
      table.update(keys.config(customer, group, name), rival === undefined ? { remove: ['rv'] } : { set: { rv: rival } }, {
        kind: 'exists',
      }),

    putOverrides: (customer, group, name, overrides) =>
      table.update(keys.config(customer, group, name), { set: { ov: overridesValue(overrides) } }, { kind: 'exists' }),

    putTags: (customer, group, name, say) =>
      table.update(keys.config(customer, group, name), say === undefined ? { remove: ['tg'] } : { set: { tg: tagsValue(say) } }, {
        kind: 'exists',
      }),

    async remove(customer, name, { storedIn } = {}) {
      const entry = await entryOf(customer, name);
      for (const group of new Set([entry?.group, entry?.left?.group, storedIn])) {
        if (group === undefined) continue;
        // One that was stored by a version before had no name yet, and its history is found by nothing else from now on.
        await table.put({ ...keys.name(customer, group, name), schema: itemSchema });
        await table.delete(keys.config(customer, group, name));
      }
      if ((await table.delete(keys.directory(customer, name), { kind: 'exists' })) === 'written') await countFleet(-1);
    },

    async forgetCustomer(customer) {
      const hasServices = async () => (await table.query({ pk: keys.directory(customer, '').pk, consistent: true, limit: 1 })).length > 0;
      if (await hasServices()) return;
      await table.delete(keys.customer(customer));
      // A service that was put meanwhile found its customer on the list and left it alone.
      if (await hasServices()) await table.put({ ...keys.customer(customer), schema: itemSchema }, { kind: 'absent' });
    },

    async pauses(customer, group, name, now) {
      const items = await table.getMany([keys.servicePause(customer, group, name), keys.customerPause(customer), keys.operatorPause()], {
        consistent: true,
      });
      // One that cannot be read is an error: to go on as if nobody had ordered a pause would be to overrule a person.
      return items.map(parsePause).filter((pause) => pause.until === undefined || pause.until > now);
    },

    async pauseOf(scope) {
      const item = await table.get(pauseKey(scope), { consistent: true });
      return item && parsePause(item);
    },

    async putPause(scope, pause) {
      const key = pauseKey(scope);
      if (pause) await table.put(pauseItem(key, pause));
      else await table.delete(key);
    },

    async growShards(customer, group, shards) {
      if (!Number.isSafeInteger(shards) || shards < 1) throw new RangeError(`a group has a whole number of shards from 1, not ${shards}`);
      await table.update(
        keys.groupItem(customer, group),
        { set: { schema: itemSchema, shards } },
        { kind: 'any', of: [{ kind: 'absent' }, { kind: 'less-than', attribute: 'shards', value: shards }] },
      );
    },
  };
};

const pauseKey = (scope: PauseScope): Key => {
  switch (scope.scope) {
    case 'all':
      return keys.operatorPause();
    case 'customer':
      return keys.customerPause(scope.customer);
    case 'service':
      return keys.servicePause(scope.customer, scope.group, scope.service);
  }
};
