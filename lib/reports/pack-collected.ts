import type { Instant } from '../clock.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import { type CollectedReading, MISS_CODES } from './collected.ts';

/** Bytes of a source's key (`metricKey`), which is as many again in hexadecimal digits. */
const KEY_BYTES = 8;
/** An entry at its longest: tag, key, kind, value, and two numbers of up to 8 bytes. */
export const COLLECTED_ROOM = 1 + KEY_BYTES + 1 + 8 + 16;

const KIND = { missing: 0, known: 1, knownWithBusy: 2 } as const;
const keyPattern = /^[0-9a-f]{16}$/;

/** key, kind, then for a known one: value (float64, big endian), age against the base (ms), [busy]; for a missing one: why */
export function packCollected(writer: ByteWriter, key: string, reading: CollectedReading, base: Instant): void {
  if (!keyPattern.test(key)) throw new RangeError(`the key of a collected number is 16 hexadecimal digits, not ${JSON.stringify(key)}`);
  writer.append(Buffer.from(key, 'hex'));
  if (reading.kind === 'missing') {
    writer.byte(KIND.missing);
    writer.byte(MISS_CODES.indexOf(reading.code));
    return;
  }
  const { value, at, busy } = reading;
  writer.byte(busy === undefined ? KIND.known : KIND.knownWithBusy);
  const float = new DataView(new ArrayBuffer(8));
  float.setFloat64(0, value);
  writer.append(new Uint8Array(float.buffer));
  writer.varint(Math.max(0, Math.round(base - at)));
  if (busy !== undefined) writer.varint(busy);
}

/** Reads one entry into `into`; false for what `packCollected` did not write. */
export function unpackCollected(reader: ByteReader, base: Instant, into: Map<string, CollectedReading>): boolean {
  const key = Buffer.from(reader.take(KEY_BYTES)).toString('hex');
  const kind = reader.byte();
  if (kind === KIND.missing) {
    const code = MISS_CODES[reader.byte()];
    if (reader.failed) return false;
    // One that a newer Sluice has a word for: still no reading.
    into.set(key, { kind: 'missing', code: code ?? 'unavailable' });
    return true;
  }
  if (kind !== KIND.known && kind !== KIND.knownWithBusy) return false;
  const bytes = reader.take(8);
  if (bytes.length < 8) return false;
  const value = new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0);
  const at = base - reader.varint();
  const busy = kind === KIND.knownWithBusy ? reader.varint() : undefined;
  if (reader.failed || !Number.isFinite(value)) return false;
  into.set(key, { kind: 'known', value, at, ...(busy === undefined ? {} : { busy }) });
  return true;
}
