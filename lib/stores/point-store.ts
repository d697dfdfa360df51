import type { Clock } from '../clock.ts';
import { isList } from './item-size.ts';
import { historyTime, keys } from './keys.ts';
import type { PointStore } from './ports.ts';
import { type Fields, itemSchema, readFields } from './read-fields.ts';
import type { Point } from './records.ts';
import type { Item, Table, Value } from './table.ts';
import { type ListOptions, readable } from './unreadable-item.ts';

export interface PointStoreOptions extends ListOptions {
  readonly clock: Clock;
  /** How long points are kept. */
  readonly days: number;
}

const dayMs = 86_400_000;
/** Each service is an attribute of its own: evaluations of a group that know different services of it do not meet. */
const prefix = 's#';
/** Items that are looked through for the newest points: clusters of one group are looked at at different times. */
const newest = 10;

/** A group's points at one moment are one item, so that fifty services cost three write units a minute and not fifty. */
export const createPointStore = (table: Table, options: PointStoreOptions): PointStore => ({
  async put(customer, group, at, part, points) {
    if (points.length === 0) return;
    const expires = Math.ceil((options.clock.now() + options.days * dayMs) / 1_000);
    const values = Object.fromEntries(points.map(({ service, point }) => [prefix + service, pointValue(point)]));
    await table.update(keys.point(customer, group, at, part), { set: { schema: itemSchema, expires, ...values } });
  },

  async of(customer, group, service, since) {
    const items = await table.query({ pk: keys.points(customer, group), from: historyTime(Math.max(0, since)) });
    return readable(items, (item) => pointOf(item, service), options).filter((point) => point !== undefined);
  },

  async latest(customer, group) {
    const items = await table.query({ pk: keys.points(customer, group), reverse: true, limit: newest });
    const points = new Map<string, Point>();
    readable(
      items.toReversed(),
      (item) => {
        for (const name of Object.keys(item)) {
          const service = name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
          const point = service === undefined ? undefined : pointOf(item, service);
          if (service !== undefined && point !== undefined) points.set(service, point);
        }
      },
      options,
    );
    return points;
  },

  async removeSome(customer, group, limit) {
    const items = await table.query({ pk: keys.points(customer, group), consistent: true, limit });
    await table.deleteMany(items.map(({ pk, sk }) => ({ pk, sk })));
    return items.length < limit ? 'all' : 'more';
  },
});

const pointValue = ({ desired, running, floor, cap, values }: Omit<Point, 'at'>): Value => [desired, running, floor, cap, ...values];

function pointOf(item: Item, service: string): Point | undefined {
  const fields = readFields(item);
  const name = prefix + service;
  if (!fields.has(name)) return undefined;
  const [, at] = /^(\d{14})#\d+$/.exec(item.sk) ?? [];
  if (at === undefined) return fields.fail('sk', 'is not time and part');
  const [desired = null, running = null, floor, cap, ...values] = fields.list(name).map((value) => numberOrNull(fields, name, value));
  if (typeof floor !== 'number' || typeof cap !== 'number') return fields.fail(name, 'has no floor or no cap');
  return { at: Number(at), desired, running, floor, cap, values };
}

const numberOrNull = (fields: Fields, name: string, value: Value): number | null =>
  value === null || (typeof value === 'number' && !isList(value)) ? value : fields.fail(name, 'should be a list of numbers');
