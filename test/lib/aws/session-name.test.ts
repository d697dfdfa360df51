import { expect, test } from 'vitest';
import { sessionName } from '../../../lib/aws/session-name.ts';
import fc from '../../builders/fast-check.ts';

test('a session says which deployment it is of, what it is for, and of which decision', () => {
  expect(sessionName('prod', 'read')).toBe('sluice.prod.read');
  expect(sessionName('prod', 'scale', '01JD9Z8M3QK7V5T2N4X6Y8W0AB')).toBe('sluice.prod.scale.01JD9Z8M3QK7V5T2N4X6Y8W0AB');
  expect(sessionName('prod', 'prove', '111122223333')).toBe('sluice.prod.prove.111122223333');
});

test('any subject gives a name that STS takes and that begins alike', () => {
  const deployment = fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/);
  fc.assert(
    fc.property(deployment, fc.string({ unit: 'binary', maxLength: 200 }), (name, subject) => {
      const session = sessionName(name, 'scale', subject);
      expect(session).toMatch(/^[\w+=,.@-]{2,64}$/);
      expect(session.startsWith(`sluice.${name}.scale.`)).toBe(true);
    }),
  );
});

test('two decisions never share a name, however long their ids and wherever they differ', () => {
  const long = 'x'.repeat(100);
  const names = [`${long}1`, `${long}2`, `1${long}`, 'a/b', 'a:b', 'a-b'].map((id) => sessionName('prod', 'scale', id));
  expect(new Set(names).size).toBe(names.length);
});

test.each(['', '-x', 'two words', 'a.b', 'x'.repeat(33)])('the deployment %j is refused', (deployment) => {
  expect(() => sessionName(deployment, 'read')).toThrow("a deployment's name has 1 to 32");
});
