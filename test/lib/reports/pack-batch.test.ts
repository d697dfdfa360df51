import { describe, expect, it } from 'vitest';
import { type BatchedReport, packBatch, unpackBatch } from '../../../lib/reports/pack-batch.ts';
import fc from '../../builders/fast-check.ts';
import { T0 } from '../../builders/times.ts';

const hash = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('base64url'));
const report: fc.Arbitrary<BatchedReport> = fc.record({
  service: fc.constantFrom('web', 'worker', 'a-service-with-a-long-name'),
  reporter: hash,
  hash,
  part: fc.nat(3),
  slotAt: fc.nat(3).map((before) => T0 - before * 10_000),
  digest: fc.uint8Array({ maxLength: 200 }),
});

const packAll = (reports: readonly BatchedReport[], room: number): Uint8Array[] => {
  const batches: Uint8Array[] = [];
  for (let next = 0; next < reports.length; ) {
    const packed = packBatch(reports, next, room, T0);
    batches.push(packed.bytes);
    next = packed.next;
  }
  return batches;
};

describe('reports stored together', () => {
  it('come back as they were, in as many batches as it takes', () => {
    fc.assert(
      fc.property(fc.array(report, { maxLength: 30 }), fc.integer({ min: 100, max: 900 }), (reports, room) => {
        expect(packAll(reports, room).flatMap((batch) => unpackBatch(batch, T0) ?? [])).toEqual(reports);
      }),
    );
  });

  it('fill no batch beyond its room, but for a report that is larger itself', () => {
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 30 }), fc.integer({ min: 100, max: 900 }), (reports, room) => {
        for (const batch of packAll(reports, room)) expect(batch.length <= room || unpackBatch(batch, T0)?.length === 1).toBe(true);
      }),
    );
  });

  it('take about 20 bytes each beside their digests', () => {
    const digest = new Uint8Array(60);
    const one = { service: 'web', reporter: 'AAAAAAAAAAA', hash: 'BBBBBBBBBBA', part: 0, slotAt: T0, digest };
    const { bytes } = packBatch(
      Array.from({ length: 10 }, () => one),
      0,
      1_000,
      T0,
    );
    expect(bytes.length).toBeLessThan(10 * (60 + 21));
  });

  it('are not made of bytes that are none, and never throw', () => {
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 5 }), fc.uint8Array({ maxLength: 300 }), fc.nat(), (reports, noise, cut) => {
        const { bytes } = packBatch(reports, 0, 900, T0);
        for (const wrong of [noise, Uint8Array.from([1, ...noise]), bytes.subarray(0, cut % bytes.length)]) {
          for (const { service, reporter } of unpackBatch(wrong, T0) ?? []) expect([service === '', reporter.length]).toEqual([false, 11]);
        }
      }),
    );
    expect(unpackBatch(new Uint8Array(), T0)).toBeUndefined();
    expect(unpackBatch(Uint8Array.of(2), T0)).toBeUndefined();
  });
});
