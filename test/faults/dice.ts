import { randomStream } from '../../lib/simulate/random-stream.ts';

/** Seeded chance. Each part of a simulation draws from a stream of its own, so that a change of one does not move the others. */
export interface Dice {
  /** Uniform in (0, 1). */
  roll(): number;
  chance(p: number): boolean;
  /** A whole number, both ends included. */
  int(from: number, to: number): number;
  between(from: number, to: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** Some of the list, each with this chance, in their order. */
  some<T>(list: readonly T[], p: number): T[];
  bytes(count: number): Uint8Array;
}

export function dice(seed: number, name: string): Dice {
  const { uniform } = randomStream(seed, name);
  const int = (from: number, to: number) => from + Math.floor(uniform() * (to - from + 1));
  return {
    roll: uniform,
    chance: (p) => p > 0 && uniform() < p,
    int,
    between: (from, to) => from + uniform() * (to - from),
    pick: (list) => list[int(0, list.length - 1)] ?? list[0],
    some: (list, p) => list.filter(() => uniform() < p),
    bytes: (count) => Uint8Array.from({ length: count }, () => int(0, 255)),
  };
}
