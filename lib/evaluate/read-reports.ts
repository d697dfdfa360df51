import type { Instant } from '../clock.ts';
import type { Digest } from '../reports/digest.ts';
import { unpackDigest } from '../reports/pack-digest.ts';
import type { ReportStore } from '../stores/ports.ts';

export interface ReadReport {
  readonly service: string;
  readonly reporter: string;
  readonly slotAt: Instant;
  readonly digest: Digest;
}

const RECENT_MS = 60_000;
/** Trends, and windows that widen where samples are few, look this far back. */
const WIDE_MS = 300_000;
/** A minute with more report items than this has samples enough: the wider window is not read. */
const ENOUGH_ITEMS = 300;

/**
 * The reports that an evaluation looks at: the last minute, and of a small group the last five, so that
 * what an evaluation reads does not grow without bound with the number of reporters.
 */
export async function readReports(
  store: Pick<ReportStore, 'since'>,
  customer: string,
  group: string,
  shards: number,
  now: Instant,
): Promise<ReadReport[]> {
  const recent = await store.since(customer, group, shards, now - RECENT_MS);
  const stored = recent.length > ENOUGH_ITEMS ? recent : await store.since(customer, group, shards, now - WIDE_MS);
  return stored.flatMap(({ service, reporter, slotAt, digest: packed }) => {
    const digest = unpackDigest(packed);
    return digest ? [{ service, reporter, slotAt, digest }] : [];
  });
}
