import { type ByteReader, ByteWriter } from './bytes.ts';
import { BUCKETS, fromUnits, type Sketch, toUnits } from './sketch.ts';

/** What stands before the buckets takes this much at most. */
const HEADER_BYTES = 30;

/** Room below which it is not worth beginning a sketch. */
export const SKETCH_ROOM = HEADER_BYTES + 20;

/**
 * Writes the buckets of a sketch from number `from` on, as many as fit into `room` bytes. The first piece
 * carries what belongs to the whole; a reader adds the pieces up as it adds up any sketches.
 *
 *   zero, sum, max (in 10 µs), number of buckets, then for each: 2·count, +1 where buckets before it are empty, and then how many
 *
 * so that a bucket takes one byte where its neighbour is taken too, and two where not.
 * @returns the number of the first bucket not written.
 */
export function packSketch(writer: ByteWriter, sketch: Sketch, from: number, room: number): number {
  const { indexes, counts } = sketch;
  const first = from === 0;
  const body = new ByteWriter();
  let next = from;
  let previous = -1;
  while (next < indexes.length && body.bytes.length < room - HEADER_BYTES) {
    const index = indexes[next] as number;
    const gap = index - previous - 1;
    body.varint((counts[next] as number) * 2 + (gap > 0 ? 1 : 0));
    if (gap > 0) body.varint(gap);
    previous = index;
    next++;
  }
  writer.varint(first ? sketch.zero : 0);
  writer.varint(first ? toUnits(sketch.sum) : 0);
  writer.varint(toUnits(sketch.max));
  writer.varint(next - from);
  writer.append(body.bytes);
  return next;
}

/** Reads one piece; undefined for bytes that are no sketch. */
export function unpackSketch(reader: ByteReader): Sketch | undefined {
  const zero = reader.varint();
  const sum = fromUnits(reader.varint());
  const max = fromUnits(reader.varint());
  const length = reader.varint();
  if (reader.failed || length > BUCKETS) return undefined;
  const indexes: number[] = [];
  const counts: number[] = [];
  let count = zero;
  let index = -1;
  for (let i = 0; i < length; i++) {
    const head = reader.varint();
    index += 1 + (head % 2 === 1 ? reader.varint() : 0);
    const inBucket = Math.floor(head / 2);
    if (reader.failed || inBucket === 0 || index >= BUCKETS) return undefined;
    indexes.push(index);
    counts.push(inBucket);
    count += inBucket;
  }
  return count === 0 ? undefined : { count, zero, sum, max, indexes, counts };
}
