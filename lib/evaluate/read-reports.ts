import type { Instant } from '../clock.ts';
import type { Digest } from '../reports/digest.ts';
import { unpackDigest } from '../reports/pack-digest.ts';
import type { ReportStore } from '../stores/ports.ts';
import type { StoredReport } from '../stores/records.ts';

export interface ReadReport {
  readonly service: string;
  readonly reporter: string;
  readonly slotAt: Instant;
  readonly digest: Digest;
}

const RECENT_MS = 60_000;
/** Trends, and windows that widen where samples are few, look this far back. */
const WIDE_MS = 300_000;
/** Of each shard so many of the newest parts are read at first: five minutes of about twenty processes. */
const AT_FIRST = 600;

/**
 * The reports that an evaluation looks at: the last five minutes, or, of a group with many reporters, at least
 * the last one, so that what an evaluation reads does not grow without bound. One query per shard; a second one
 * only where the first did not reach a minute back. `own` is the report that was stored just now, which an
 * eventually consistent read may not show yet.
 */
export async function readReports(
  store: Pick<ReportStore, 'since'>,
  customer: string,
  group: string,
  shards: number,
  now: Instant,
  own: readonly StoredReport[] = [],
): Promise<ReadReport[]> {
  const newest = await store.since(customer, group, shards, now - WIDE_MS, { atMost: AT_FIRST });
  const reached = newest.reduce((oldest, { slotAt }) => Math.min(oldest, slotAt), now);
  const cut = newest.length >= AT_FIRST && reached > now - RECENT_MS;
  const stored = cut ? await store.since(customer, group, shards, now - RECENT_MS) : newest;
  const nameOf = ({ service, reporter, hash, part }: StoredReport) => `${service}#${reporter}#${hash}#${part}`;
  const shown = new Set(stored.map(nameOf));
  return [...stored, ...own.filter((report) => !shown.has(nameOf(report)))].flatMap(({ service, reporter, slotAt, digest: packed }) => {
    const digest = unpackDigest(packed);
    return digest ? [{ service, reporter, slotAt, digest }] : [];
  });
}
