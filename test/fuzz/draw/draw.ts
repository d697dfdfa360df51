/** Seeded choices: the same seed draws the same case on every machine. */
export interface Draw {
  /** A whole number from 0 to 2^32-1. */
  word(): number;
  /** A whole number from 0 to `below - 1`. */
  below(below: number): number;
  /** True once in `n` times. */
  oneIn(n: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(count: number): Uint8Array;
}

/** xorshift128 over a seed spread by splitmix32: fast, and long enough for any run. Not for secrets. */
export function createDraw(...seeds: readonly number[]): Draw {
  let spread = 0x9e3779b9;
  for (const seed of seeds) spread = mixed(spread ^ (seed >>> 0));
  const state = Uint32Array.from({ length: 4 }, () => {
    spread = (spread + 0x9e3779b9) >>> 0;
    return mixed(spread) || 1;
  });
  const word = () => {
    let t = state[3] ?? 0;
    const s = state[0] ?? 0;
    state[3] = state[2] ?? 0;
    state[2] = state[1] ?? 0;
    state[1] = s;
    t ^= t << 11;
    t ^= t >>> 8;
    state[0] = t ^ s ^ (s >>> 19);
    return state[0] ?? 0;
  };
  const below = (n: number) => word() % Math.max(1, n);
  return {
    word,
    below,
    oneIn: (n) => below(n) === 0,
    pick: <T>(from: readonly T[]): T => {
      if (from.length === 0) throw new RangeError('nothing to pick from');
      return from[below(from.length)] as T;
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => word() & 0xff),
  };
}

function mixed(value: number): number {
  let z = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
