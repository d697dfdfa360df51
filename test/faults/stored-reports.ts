import { unpackBatch } from '../../lib/reports/pack-batch.ts';
import type { StoredReport } from '../../lib/stores/records.ts';
import type { Item } from '../../lib/stores/table.ts';

/** The reports that an item of a `#r#` partition holds; undefined: it cannot be read. */
export function storedReports({ sk, d: digest }: Item): readonly StoredReport[] | undefined {
  const [slot = '', service = '', reporter = '', hash = '', part = ''] = sk.split('#');
  if (!(digest instanceof Uint8Array)) return undefined;
  const slotAt = Number(slot) * 1_000;
  return service === '@batch' ? unpackBatch(digest, slotAt) : [{ service, reporter, hash, part: Number(part), slotAt, digest }];
}
