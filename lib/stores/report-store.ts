import type { Clock } from '../clock.ts';
import { packBatch, unpackBatch } from '../reports/pack-batch.ts';
import { contentHash } from '../reports/report-identity.ts';
import { keys, reportSlot } from './keys.ts';
import type { ReportStore } from './ports.ts';
import { itemSchema, readFields } from './read-fields.ts';
import type { StoredReport } from './records.ts';
import type { Item, Table } from './table.ts';
import type { ListOptions } from './unreadable-item.ts';
import { readable } from './unreadable-item.ts';

/** Evaluations look back five minutes at most; DynamoDB removes what is older when it gets round to it. */
const reportLifetimeMs = 15 * 60_000;

/** Stands in the place of a service's name where an item holds reports of several processes. No service can be called so. */
const BATCH = '@batch';
/** 1 KB, a write unit, less the sort key of a batch, the time to live and the attributes' names; the partition key is to be taken off. */
const BATCH_BYTES = 1_024 - 80;

export interface ReportStoreOptions extends ListOptions {
  readonly clock: Clock;
}

/** Reports of the last minutes, an item for each part of a report, or for several small ones of the same slot. */
export const createReportStore = (table: Table, options: ReportStoreOptions): ReportStore => ({
  async put(customer, group, shard, parts) {
    const expires = Math.ceil((options.clock.now() + reportLifetimeMs) / 1_000);
    await write(
      table,
      parts.map((report) => toItem(customer, group, shard, report, expires)),
    );
  },

  async putTogether(batches) {
    const expires = Math.ceil((options.clock.now() + reportLifetimeMs) / 1_000);
    const items: Item[] = [];
    for (const { customer, group, shard, reports } of batches) {
      const slotAt = reports.reduce((newest, report) => Math.max(newest, report.slotAt), 0);
      const room = BATCH_BYTES - Buffer.byteLength(keys.reports(customer, group, shard));
      for (let next = 0; next < reports.length; ) {
        const first = reports[next] as StoredReport;
        const { bytes: digest, next: after } = packBatch(reports, next, room, slotAt);
        const report = after === next + 1 ? first : { ...first, service: BATCH, hash: contentHash(digest), part: 0, slotAt, digest };
        items.push(toItem(customer, group, shard, report, expires));
        next = after;
      }
    }
    await write(table, items);
  },

  async since(customer, group, shards, from, { consistent = false, atMost } = {}) {
    const first = reportSlot(Math.max(0, Math.ceil(from / 1_000)));
    const found = await Promise.all(
      Array.from({ length: shards }, (_, shard) =>
        table.query({
          pk: keys.reports(customer, group, shard),
          from: first,
          consistent,
          ...(atMost === undefined ? {} : { reverse: true, limit: atMost }),
        }),
      ),
    );
    // A report that was delivered again after the group's shards grew may lie in two of them.
    const once = new Map<string, StoredReport>();
    for (const report of readable(found.flat(), parseReports, options).flat()) {
      const name = `${report.service}#${report.reporter}#${report.hash}#${report.part}`;
      const other = once.get(name);
      if (!other || other.slotAt < report.slotAt) once.set(name, report);
    }
    return [...once.values()];
  },

  async removeSome(customer, group, shards, limit) {
    const found = await Promise.all(
      Array.from({ length: shards }, (_, shard) => table.query({ pk: keys.reports(customer, group, shard), consistent: true, limit })),
    );
    await table.deleteMany(found.flat().map(({ pk, sk }) => ({ pk, sk })));
    return found.some((items) => items.length >= limit) ? 'more' : 'all';
  },
});

const write = async (table: Table, items: readonly Item[]): Promise<void> => {
  const [only] = items;
  if (items.length === 1 && only) await table.put(only);
  else if (items.length > 0) await table.putMany(items);
};

const toItem = (customer: string, group: string, shard: number, report: StoredReport, expires: number): Item => ({
  ...keys.report(customer, group, shard, report.slotAt / 1_000, report.service, report.reporter, report.hash, report.part),
  schema: itemSchema,
  d: report.digest,
  expires,
});

const sortKey = /^(\d{11})#([^#]+)#([^#]+)#([^#]+)#(\d+)$/;

const parseReports = (item: Item): StoredReport[] => {
  const fields = readFields(item);
  const digest = fields.bytes('d');
  const [, slot, service, reporter, hash, part] = sortKey.exec(item.sk) ?? [];
  if (slot === undefined || service === undefined || reporter === undefined || hash === undefined || part === undefined) {
    return fields.fail('sk', 'is not slot, service, reporter, hash and part');
  }
  const slotAt = Number(slot) * 1_000;
  if (service !== BATCH) return [{ service, reporter, hash, part: Number(part), slotAt, digest }];
  return unpackBatch(digest, slotAt) ?? fields.fail('d', 'is no batch of reports');
};
