import { describe, expect, test } from 'vitest';
import { fromAttributeValues, toAttributes, toEventImage } from '../../../lib/stores/attribute-value.ts';
import type { Item, Value } from '../../../lib/stores/table.ts';
import fc from '../../builders/fast-check.ts';

const storable: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }),
    fc
      .oneof(fc.integer(), fc.maxSafeInteger(), fc.double({ min: -1e125, max: 1e125, noNaN: true }))
      .filter((n) => n === 0 || Math.abs(n) >= 1e-130)
      .map((n) => n + 0),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value'), { maxKeys: 4 }),
  ),
})).value;
const items = fc
  .dictionary(fc.oneof(fc.string({ minLength: 1 }), fc.constant('__proto__')), storable, { noNullPrototype: true })
  .map((map): Item => ({ ...map, pk: 'p', sk: 's' }));

describe('DynamoDB’s wire form', () => {
  test('gives back what was put into it', () => {
    fc.assert(
      fc.property(items, (item) => void expect(fromAttributeValues(toAttributes('dynamodb:PutItem', item))).toEqual(item)),
      { numRuns: 1_000 },
    );
  });

  test('of stream events survives JSON', () => {
    fc.assert(
      fc.property(items, (item) => void expect(fromAttributeValues(JSON.parse(JSON.stringify(toEventImage(item))))).toEqual(item)),
      { numRuns: 500 },
    );
  });

  test('that is none is refused by a TypeError that says where', () => {
    const wire = (attribute: unknown) => ({ pk: { S: 'p' }, sk: { S: 's' }, x: attribute });
    for (const bad of [
      undefined,
      null,
      'text',
      [],
      {},
      { S: 1 },
      { N: 'NaN' },
      { N: '' },
      { N: 1 },
      { NULL: false },
      { SS: ['a'] },
      { L: [{}] },
      { M: [] },
      { M: { deep: 1 } },
    ]) {
      expect(() => fromAttributeValues(wire(bad))).toThrow(/^item\.x/);
    }
    expect(() => fromAttributeValues({ pk: { S: 'p' } })).toThrow('pk and sk must be strings');
    for (const bad of [undefined, null, 'text', []]) expect(() => fromAttributeValues(bad)).toThrow(TypeError);
  });

  test('any garbage is an item or a TypeError', () => {
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        try {
          fromAttributeValues({ pk: { S: 'p' }, sk: { S: 's' }, x: anything });
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
