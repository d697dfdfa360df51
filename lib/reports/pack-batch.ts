import type { Instant } from '../clock.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { SLOT_MS } from './slot.ts';

const VERSION = 1;
/** Hashes of reporters and bodies are 64 bits. */
const HASH_BYTES = 8;

/** A report among others that were stored together. */
export interface BatchedReport {
  readonly service: string;
  readonly reporter: string;
  readonly hash: string;
  readonly part: number;
  readonly slotAt: Instant;
  readonly digest: Uint8Array;
}

/**
 * Packs as many of the reports, from number `from` on, as fit into `room` bytes, the first one in any case; none is newer than the slot `newest`:
 *
 *   version, then for each: length and bytes of the service's name (0: as before), reporter, hash, part, how many slots
 *   it lies before `newest`, length and bytes of the digest
 *
 * Nothing is merged, so that a report that comes a second time, in another batch or alone, is still the same report.
 * @returns the number of the first report not written.
 */
export function packBatch(
  reports: readonly BatchedReport[],
  from: number,
  room: number,
  newest: Instant,
): { readonly bytes: Uint8Array; readonly next: number } {
  const writer = new ByteWriter();
  writer.byte(VERSION);
  let next = from;
  for (let service = ''; next < reports.length; next++) {
    const report = reports[next] as BatchedReport;
    const entry = new ByteWriter();
    const name = Buffer.from(report.service === service ? '' : report.service);
    entry.varint(name.length);
    entry.append(name);
    for (const hash of [report.reporter, report.hash]) entry.append(Buffer.from(hash, 'base64url'));
    entry.varint(report.part);
    entry.varint((newest - report.slotAt) / SLOT_MS);
    entry.varint(report.digest.length);
    entry.append(report.digest);
    if (next > from && writer.bytes.length + entry.bytes.length > room) break;
    writer.append(entry.bytes);
    service = report.service;
  }
  return { bytes: Uint8Array.from(writer.bytes), next };
}

/** Reads a batch; undefined for anything that `packBatch` did not write. Never throws. */
export function unpackBatch(bytes: Uint8Array, newest: Instant): BatchedReport[] | undefined {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== VERSION) return undefined;
  const reports: BatchedReport[] = [];
  const text = (length: number, encoding: 'utf8' | 'base64url') => Buffer.from(reader.take(length)).toString(encoding);
  for (let service = ''; !reader.done; ) {
    service = text(reader.varint(), 'utf8') || service;
    const reporter = text(HASH_BYTES, 'base64url');
    const hash = text(HASH_BYTES, 'base64url');
    const part = reader.varint();
    const slotAt = newest - reader.varint() * SLOT_MS;
    const digest = reader.take(reader.varint());
    if (reader.failed || service === '') return undefined;
    reports.push({ service, reporter, hash, part, slotAt, digest });
  }
  return reports;
}
