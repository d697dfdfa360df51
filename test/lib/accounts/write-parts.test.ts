import { expect, test } from 'vitest';
import { writeParts } from '../../../lib/accounts/write-parts.ts';
import fc from '../../builders/fast-check.ts';

const arn = (cluster: string, name: string) => `arn:aws-us-gov:ecs:us-gov-west-1:111122223333:service/${cluster}/${name}`;

test('a handful of services are one list, each once, in order', () => {
  expect(writeParts([arn('shop', 'web'), arn('shop', 'api'), arn('shop', 'web')])).toEqual([[arn('shop', 'api'), arn('shop', 'web')]]);
});

test('without services there is one list, and it is empty', () => {
  expect(writeParts([])).toEqual([[]]);
});

test('no list is longer than a parameter or a managed policy may be, and nothing is lost', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,255}$/);
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, name), { maxLength: 120 }), (names) => {
      const arns = names.map(([cluster, service]) => arn(cluster, service));
      const parts = writeParts(arns);
      expect(parts.flat().toSorted()).toEqual([...new Set(arns)].toSorted());
      for (const part of parts) {
        expect(part.join(',').length).toBeLessThanOrEqual(4_096);
        // The list in quotes, with commas, and the rest of the statement with all conditions of the hardened form.
        expect(JSON.stringify(part).length + 900).toBeLessThanOrEqual(6_144);
      }
    }),
    { numRuns: 40 },
  );
});

test('the same services give the same lists, in whatever order they come', () => {
  const arns = Array.from({ length: 90 }, (_, i) => arn('shop', `service-${i}`));
  expect(writeParts(arns.toReversed())).toEqual(writeParts(arns));
  expect(writeParts(arns).length).toBeGreaterThan(1);
});
