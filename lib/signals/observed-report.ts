import type { Instant } from '../clock.ts';
import type { Digest } from '../reports/digest.ts';

/** One stored part of one report of one process of a service. */
export interface ObservedReport {
  readonly service: string;
  readonly reporter: string;
  readonly slotAt: Instant;
  readonly digest: Digest;
}

/** When the report was, with a clock that runs ahead of ours held back: nothing was measured in the future. */
export const reportedAt = (digest: Digest, now: Instant): Instant => Math.min(digest.base, now);

/** Time of the newest report; undefined without any. */
export function newestReport(reports: readonly ObservedReport[], now: Instant): Instant | undefined {
  let newest: Instant | undefined;
  for (const { digest } of reports) {
    const at = reportedAt(digest, now);
    if (newest === undefined || at > newest) newest = at;
  }
  return newest;
}
