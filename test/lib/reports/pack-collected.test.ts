import { describe, expect, it } from 'vitest';
import { type CollectedReading, MISS_CODES } from '../../../lib/reports/collected.ts';
import type { Digest } from '../../../lib/reports/digest.ts';
import { PART_BYTES, packDigest, unpackDigest } from '../../../lib/reports/pack-digest.ts';
import fc from '../../builders/fast-check.ts';
import { T0 } from '../../builders/times.ts';

const key = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const reading: fc.Arbitrary<CollectedReading> = fc.oneof(
  fc.record({ kind: fc.constant('missing' as const), code: fc.constantFrom(...MISS_CODES) }),
  fc.record(
    {
      kind: fc.constant('known' as const),
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      at: fc.integer({ min: 0, max: 10_800_000 }).map((age) => T0 - age),
      busy: fc.nat(),
    },
    { requiredKeys: ['kind', 'value', 'at'] },
  ),
);
const digestOf = (collected: ReadonlyMap<string, CollectedReading>): Digest => ({
  base: T0,
  continued: false,
  web: [],
  queues: new Map(),
  collected,
});

describe('numbers that were collected', () => {
  it('come back as they were packed, exactly, in parts that fit one write unit each', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, reading), { minLength: 1, maxLength: 120 }), (entries) => {
        const collected = new Map(entries);
        const parts = packDigest(digestOf(collected));
        const read = parts.map((part) => unpackDigest(part));
        expect(parts.every((part) => part.length <= PART_BYTES)).toBe(true);
        expect(read.map((digest) => digest?.continued)).toEqual(parts.map((_, i) => i > 0));
        expect(new Map(read.flatMap((digest) => [...(digest?.collected ?? [])]))).toEqual(collected);
      }),
    );
  });

  it('of thirty targets are one part', () => {
    const entries = Array.from({ length: 30 }, (_, i): [string, CollectedReading] => [
      i.toString(16).padStart(16, '0'),
      { kind: 'known', value: i, at: T0 - 90_000 },
    ]);
    expect(packDigest(digestOf(new Map(entries)))).toHaveLength(1);
  });

  it('are left out where bytes are missing, and never become a number', () => {
    const [part] = packDigest(digestOf(new Map([['00112233445566ff', { kind: 'known', value: 5, at: T0 - 9, busy: 3 }]])));
    for (let length = 0; length < (part?.length ?? 0); length++) {
      const read = unpackDigest((part ?? new Uint8Array()).slice(0, length));
      expect(read?.collected).toBeUndefined();
    }
  });

  it('with a reason that this version has no word for are missing all the same', () => {
    const [part] = packDigest(digestOf(new Map([['00112233445566ff', { kind: 'missing', code: 'denied' }]])));
    const newer = Uint8Array.from(part ?? []);
    newer[newer.length - 1] = 200;
    expect(unpackDigest(newer)?.collected?.get('00112233445566ff')).toEqual({ kind: 'missing', code: 'unavailable' });
  });

  it('are refused under a key that could not be read back', () => {
    expect(() => packDigest(digestOf(new Map([['short', { kind: 'missing', code: 'denied' }]])))).toThrow(/16 hexadecimal digits/);
  });
});
