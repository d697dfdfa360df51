import { expect, test } from 'vitest';
import { keys } from '../../../lib/stores/keys.ts';
import fc from '../../builders/fast-check.ts';

const ways: readonly ((a: string, b: string, c: string) => string | { pk: string; sk: string })[] = [
  (a, b) => keys.group(a, b),
  keys.groupItem,
  keys.config,
  keys.control,
  keys.lease,
  (a, b) => keys.reports(a, b, 0),
  (a, b, c) => keys.report(a, b, 0, 1, c, 'r', 'h', 0),
  (a, b, c) => keys.token(a, b, c),
  keys.directory,
  keys.account,
  (a, b, c) => keys.watch(a, b, c, 'shop'),
  (a, b, c) => keys.history(a, b, 0, c),
  keys.customerPause,
  keys.servicePause,
];

test('whatever the names, every key begins with its customer, or is not made at all', () => {
  const name = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('acme', 'acme#g', 'acme#g#shop', '~operator', '~role', '', '#', 'shop'),
  );
  fc.assert(
    fc.property(fc.constantFrom(...ways), name, name, name, (way, customer, b, c) => {
      try {
        const key = way(customer, b, c);
        const pk = typeof key === 'string' ? key : key.pk;
        expect(pk.slice(0, pk.indexOf('#'))).toBe(customer);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('no name reaches into the operator’s partitions', () => {
  for (const customer of ['~operator', '~role', '~']) {
    for (const way of ways) expect(() => way(customer, 'shop', 'web')).toThrow('keys are made of names without');
  }
});

test('reports and history sort by time', () => {
  const slots = [5, 10, 1_700_000_000, 99_999_999_999].map((slot) => keys.report('acme', 'shop', 0, slot, 'web', 'r', 'h', 0).sk);
  expect([...slots].sort()).toEqual(slots);
  const times = [5, 1_700_000_000_000, 99_999_999_999_999].map((at) => keys.history('acme', 'web', at, 'd').sk);
  expect([...times].sort()).toEqual(times);
});
