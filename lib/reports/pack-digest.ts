import { ByteReader, ByteWriter } from './bytes.ts';
import type { CollectedReading } from './collected.ts';
import type { Digest, QueueReadings, QueueValue, WebStep } from './digest.ts';
import { COLLECTED_ROOM, packCollected, unpackCollected } from './pack-collected.ts';
import { packQueues, QUEUES_ROOM, unpackQueues } from './pack-queues.ts';
import { packSketch, SKETCH_ROOM, unpackSketch } from './pack-sketch.ts';
import { EMPTY_SKETCH, fromUnits, type Sketch, SketchSum, toUnits } from './sketch.ts';

const VERSION = 1;
/** 1 KB, a write unit, less the longest key (three names of 63), two hashes, the time to live and the attributes' names. */
export const PART_BYTES = 740;

const CONTINUED = 1;
const UTILIZATION = 2;
const SECTION = { queueTime: 1, appTime: 2, networkTime: 3, queues: 4, collected: 5 } as const;
/** Base and ages reach beyond any report that is accepted by far. */
const MAX_STEP = 1_000;
const MAX_INSTANT = 8.64e15;

/**
 * Packs a digest into parts of at most `PART_BYTES`, each of which unpacks to a digest of its own: what is
 * made of a report is what its parts add up to. A report of a usual web process, and one of 20 queues, is one part.
 *
 *   version, flags, base (ms), [utilisation in 1/200, its age (ms)], then sections: tag and content
 */
export function packDigest(digest: Digest): Uint8Array[] {
  const parts: ByteWriter[] = [];
  let part = begin(digest, parts);
  /** The current part, or a new one where less than `needed` bytes are left. */
  const withRoom = (needed: number) => {
    if (PART_BYTES - part.bytes.length < needed) part = begin(digest, parts);
    return part;
  };
  const putSketch = (tag: number, step: number, sketch: Sketch) => {
    let next = 0;
    do {
      const writer = withRoom(SKETCH_ROOM);
      writer.byte(tag);
      writer.varint(step);
      next = packSketch(writer, sketch, next, PART_BYTES - writer.bytes.length);
    } while (next < sketch.indexes.length);
  };
  for (const { step, queueTime, appTime, networkTime } of digest.web) {
    if (queueTime.count > 0) putSketch(SECTION.queueTime, step, queueTime);
    if (appTime.count > 0) putSketch(SECTION.appTime, step, appTime);
    if (networkTime.count > 0) {
      const writer = withRoom(30);
      writer.byte(SECTION.networkTime);
      for (const value of [step, networkTime.count, toUnits(networkTime.sum), toUnits(networkTime.max)]) writer.varint(value);
    }
  }
  const queues = [...digest.queues];
  let needed = QUEUES_ROOM;
  for (let next = 0; next < queues.length; ) {
    const writer = withRoom(needed);
    const before = writer.bytes.length;
    writer.byte(SECTION.queues);
    const after = packQueues(writer, queues, next, PART_BYTES - writer.bytes.length, digest.base);
    if (after === next) writer.bytes.length = before;
    // What did not fit is longer than the room that was left: it goes to a new part.
    needed = PART_BYTES / 2;
    next = after;
  }
  for (const [key, reading] of digest.collected ?? []) {
    const writer = withRoom(COLLECTED_ROOM);
    writer.byte(SECTION.collected);
    packCollected(writer, key, reading, digest.base);
  }
  return parts.map(({ bytes }) => Uint8Array.from(bytes));
}

function begin(digest: Digest, parts: ByteWriter[]): ByteWriter {
  const first = parts.length === 0;
  const writer = new ByteWriter();
  const utilization = first ? digest.utilization : undefined;
  writer.byte(VERSION);
  writer.byte((first && !digest.continued ? 0 : CONTINUED) | (utilization ? UTILIZATION : 0));
  writer.varint(digest.base);
  if (utilization) {
    writer.varint(Math.round(utilization.value * 200));
    writer.varint(digest.base - utilization.at);
  }
  parts.push(writer);
  return writer;
}

/** Reads one part; undefined for anything that `packDigest` did not write. Never throws. */
export function unpackDigest(bytes: Uint8Array): Digest | undefined {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== VERSION) return undefined;
  const flags = reader.byte();
  const base = reader.varint();
  if (reader.failed || flags > 3 || base > MAX_INSTANT) return undefined;
  const utilization = flags & UTILIZATION ? unpackUtilization(reader, base) : undefined;
  const steps = new Map<number, WebStep>();
  const queues = new Map<string, QueueReadings>();
  const collected = new Map<string, CollectedReading>();
  while (!reader.done) {
    const tag = reader.byte();
    let read: boolean;
    if (tag === SECTION.queues) read = unpackQueues(reader, base, queues);
    else read = tag === SECTION.collected ? unpackCollected(reader, base, collected) : unpackStep(tag, reader, steps);
    if (!read) return undefined;
  }
  if (reader.failed) return undefined;
  return {
    base,
    continued: (flags & CONTINUED) !== 0,
    ...(utilization ? { utilization } : {}),
    web: [...steps.values()],
    queues,
    ...(collected.size > 0 ? { collected } : {}),
  };
}

function unpackUtilization(reader: ByteReader, base: number): QueueValue {
  const value = reader.varint() / 200;
  const at = base - reader.varint();
  if (value > 1) reader.failed = true;
  return { value, at };
}

function unpackStep(tag: number, reader: ByteReader, steps: Map<number, WebStep>): boolean {
  const number = reader.varint();
  if (reader.failed || number > MAX_STEP) return false;
  const step = steps.get(number) ?? {
    step: number,
    queueTime: EMPTY_SKETCH,
    appTime: EMPTY_SKETCH,
    networkTime: { count: 0, sum: 0, max: 0 },
  };
  if (tag === SECTION.networkTime) {
    const [count, sum, max] = [reader.varint(), fromUnits(reader.varint()), fromUnits(reader.varint())];
    steps.set(number, { ...step, networkTime: { count, sum, max } });
    return !reader.failed;
  }
  const key = tag === SECTION.queueTime ? 'queueTime' : tag === SECTION.appTime ? 'appTime' : undefined;
  const sketch = key && unpackSketch(reader);
  if (!key || !sketch) return false;
  steps.set(number, { ...step, [key]: step[key].count > 0 ? added(step[key], sketch) : sketch });
  return true;
}

function added(a: Sketch, b: Sketch): Sketch {
  const sum = new SketchSum();
  sum.addSketch(a);
  sum.addSketch(b);
  return sum.toSketch();
}
