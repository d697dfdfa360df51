import { expect, test } from 'vitest';
import fc from './builders/fast-check.ts';
import { seedOfRun, seedOfTree } from './seed-of-run.ts';

test('the same tree draws the same, another tree something else', () => {
  const tree = 'ffffffff2b4c4d05c7358d5b1660e806fd3a7340';
  expect(seedOfTree(tree)).toBe(seedOfTree(tree));
  expect(seedOfTree(tree)).not.toBe(seedOfTree(`0${tree.slice(1)}`));
});

test('a seed is from 1 on, where there is no tree or its name begins with zeros, too', () => {
  expect(seedOfTree(undefined)).toBe(1);
  expect(seedOfTree('00000000')).toBe(1);
  for (const tree of ['7ffffffe', '7fffffff', '80000000', 'ffffffff']) expect(seedOfRun(String(seedOfTree(tree)))).toBe(seedOfTree(tree));
});

test('a seed that is given is taken, "random" draws one, anything else is refused with what would be right', () => {
  expect(seedOfRun('42')).toBe(42);
  expect(new Set([seedOfRun('random'), seedOfRun('random'), seedOfRun('random')]).size).toBeGreaterThan(1);
  for (const given of ['', '0', '1.5', 'x', '2147483648']) expect(() => seedOfRun(given)).toThrow(/from 1 to 2147483647 or "random"/);
});

test('properties draw with the seed of the run', () => {
  expect(fc.readConfigureGlobal()?.seed).toBe(seedOfRun());
  const drawn = (): number[] => {
    const numbers: number[] = [];
    fc.assert(fc.property(fc.integer(), (number) => numbers.push(number) > 0));
    return numbers;
  };
  expect(drawn()).toEqual(drawn());
});
