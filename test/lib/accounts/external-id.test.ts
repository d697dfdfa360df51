import { expect, test } from 'vitest';
import { isExternalId, makeExternalId } from '../../../lib/accounts/external-id.ts';
import { systemRandom } from '../../../lib/random.ts';
import fc from '../../builders/fast-check.ts';

test('an external ID is all of 128 random bits behind a fixed word', () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
  expect(makeExternalId({ bytes: () => bytes })).toBe('sluice-00112233445566778899aabbccddeeff');
});

test('any random bytes make an ID that STS takes and that is recognised', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const id = makeExternalId({ bytes: () => bytes });
      expect(id).toMatch(/^[\w+=,.@:/-]{2,1224}$/);
      expect(isExternalId(id)).toBe(true);
    }),
  );
});

test('no two are alike', () => {
  const ids = Array.from({ length: 200 }, () => makeExternalId(systemRandom));
  expect(new Set(ids).size).toBe(ids.length);
});

test('a source that gives fewer bytes than asked for is refused, not stretched', () => {
  expect(() => makeExternalId({ bytes: () => new Uint8Array(8) })).toThrow('16 random bytes, got 8');
});

test.each([
  '',
  'sluice-',
  'sluice-0123',
  `SLUICE-${'0'.repeat(32)}`,
  `sluice-${'A'.repeat(32)}`,
  `sluice-${'0'.repeat(33)}`,
  `x sluice-${'0'.repeat(32)}`,
])('%j is not one of ours', (text) => expect(isExternalId(text)).toBe(false));
