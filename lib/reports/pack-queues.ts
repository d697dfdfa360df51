import type { Instant } from '../clock.ts';
import { type ByteReader, ByteWriter } from './bytes.ts';
import type { QueueReadings, QueueValue } from './digest.ts';

const METRICS = ['latency', 'depth', 'busy'] as const;
/** Set where the values of a queue are not all as old as the section says. */
const OWN_AGES = 8;
/** What stands before the queues takes this much at most. */
const HEADER_BYTES = 12;

/** Room below which it is not worth beginning a section. */
export const QUEUES_ROOM = HEADER_BYTES + 48;

export type NamedQueue = readonly [name: string, readings: QueueReadings];

/**
 * Writes queues from number `from` on, as many as fit into `room` bytes:
 *
 *   age (ms before `base`), number of queues, then for each: bytes its name shares with the one before, length and
 *   bytes of the rest, which metrics follow, their values, and their ages where one differs
 *
 * An adapter stamps all queues of a report alike, so the age stands once.
 * @returns the number of the first queue not written; `from` itself where not even one fits.
 */
export function packQueues(writer: ByteWriter, queues: readonly NamedQueue[], from: number, room: number, base: Instant): number {
  const sectionAge = ageOfFirst(queues[from]?.[1], base);
  const body: number[] = [];
  let next = from;
  let previous: Uint8Array = new Uint8Array();
  for (; next < queues.length; next++) {
    const queue = queues[next] as NamedQueue;
    const name = Buffer.from(queue[0]);
    const packed = packQueue(name, sharedPrefix(previous, name), queue[1], sectionAge, base);
    if (HEADER_BYTES + body.length + packed.length > room) break;
    for (const byte of packed) body.push(byte);
    previous = name;
  }
  if (next === from) return from;
  writer.varint(sectionAge);
  writer.varint(next - from);
  writer.append(body);
  return next;
}

function packQueue(name: Uint8Array, shared: number, readings: QueueReadings, sectionAge: number, base: Instant): readonly number[] {
  const values = METRICS.flatMap((metric, bit) => (readings[metric] ? [{ bit, ...readings[metric] }] : []));
  const ownAges = values.some(({ at }) => base - at !== sectionAge);
  const writer = new ByteWriter();
  writer.varint(shared);
  writer.varint(name.length - shared);
  writer.append(name.subarray(shared));
  writer.byte(values.reduce((flags, { bit }) => flags | (1 << bit), ownAges ? OWN_AGES : 0));
  for (const { value } of values) writer.varint(value);
  if (ownAges) for (const { at } of values) writer.varint(base - at);
  return writer.bytes;
}

/**
 * Reads one section into `queues`; false for bytes that are none. An evaluation reads those of thousands of
 * reports: plain loops, no closures.
 */
export function unpackQueues(reader: ByteReader, base: Instant, queues: Map<string, QueueReadings>): boolean {
  const sectionAge = reader.varint();
  const length = reader.varint();
  const values = [0, 0, 0];
  let previous: Uint8Array = new Uint8Array();
  for (let i = 0; i < length; i++) {
    const shared = reader.varint();
    if (shared > previous.length) return false;
    const rest = reader.take(reader.varint());
    const name = shared === 0 ? rest : Buffer.concat([previous.subarray(0, shared), rest]);
    const flags = reader.byte();
    if (flags >= OWN_AGES * 2) return false;
    for (let metric = 0; metric < METRICS.length; metric++) if (flags & (1 << metric)) values[metric] = reader.varint();
    const readings: { -readonly [metric in keyof QueueReadings]: QueueValue } = {};
    for (let metric = 0; metric < METRICS.length; metric++) {
      if (!(flags & (1 << metric))) continue;
      const age = flags & OWN_AGES ? reader.varint() : sectionAge;
      readings[METRICS[metric] as keyof QueueReadings] = { value: values[metric] as number, at: base - age };
    }
    if (reader.failed) return false;
    queues.set(utf8.decode(name), readings);
    previous = name;
  }
  return !reader.failed;
}

// A name may begin with what looks like a byte order mark: it is part of the name.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const ageOfFirst = (readings: QueueReadings | undefined, base: Instant) => {
  const value = readings?.latency ?? readings?.depth ?? readings?.busy;
  return value ? base - value.at : 0;
};

function sharedPrefix(a: Uint8Array, b: Uint8Array): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
