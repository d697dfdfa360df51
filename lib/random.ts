import { randomBytes } from 'node:crypto';

/** Randomness as an argument. */
export interface Random {
  /** Cryptographically strong bytes in a deployed function; seeded in simulations. */
  bytes(count: number): Uint8Array;
}

export const systemRandom: Random = { bytes: (count) => randomBytes(count) };
