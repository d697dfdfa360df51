import { expect, test } from 'vitest';
import { compareBytes } from '../../../lib/stores/byte-order.ts';
import fc from '../../builders/fast-check.ts';

test('strings are ordered by their UTF-8 bytes, as DynamoDB orders sort keys', () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom('a', 'b', '#', 'é', '\ud7ff', '\ue000', '\uffee', '💧', '\u{10ffff}'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 2_000 },
  );
});
