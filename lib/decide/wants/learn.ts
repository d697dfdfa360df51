import type { Facts } from '../facts.ts';
import type { Learned, Memory } from '../memory.ts';

export function learn(facts: Facts): Memory['learned'] {
  return facts.memory.learned;
}

export function learnedFor(facts: Facts, target: number): Learned | null {
  return facts.memory.learned[target] ?? null;
}
