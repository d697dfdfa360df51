import { describe, expect, it } from 'vitest';
import { serversFor } from '../../../lib/decide/erlang.ts';

/** The probability of waiting longer than t by the closed form, worked out by sums of factorials. */
function waits(servers: number, load: number, serviceMs: number, waitMs: number): number {
  let sum = 0;
  let term = 1;
  for (let k = 0; k < servers; k++) {
    sum += term;
    term = (term * load) / (k + 1);
  }
  const tail = (term * servers) / (servers - load);
  return (tail / (sum + tail)) * Math.exp((-(servers - load) * waitMs) / serviceMs);
}

describe('serversFor', () => {
  it('a textbook case: 10 erlangs, nobody but 20 % may wait at all, takes 14 servers', () => {
    // C(14, 10) = 0.174, C(13, 10) = 0.285
    expect(serversFor(10, 180, 0, 0.2)).toBe(14);
  });

  it('is the least number for which the closed form holds', () => {
    for (const load of [0.1, 0.5, 1, 2.5, 10, 42]) {
      for (const [serviceMs, waitMs, share] of [
        [180, 50, 0.05],
        [20, 100, 0.01],
        [2_000, 50, 0.001],
      ] as const) {
        const servers = serversFor(load, serviceMs, waitMs, share);
        expect(servers).toBeGreaterThan(load);
        expect(waits(servers, load, serviceMs, waitMs)).toBeLessThanOrEqual(share + 1e-9);
        if (servers - 1 > load) expect(waits(servers - 1, load, serviceMs, waitMs)).toBeGreaterThan(share);
      }
    }
  });

  it('no load takes no server', () => {
    expect(serversFor(0, 180, 50, 0.05)).toBe(0);
    expect(serversFor(Number.NaN, 180, 50, 0.05)).toBe(0);
  });

  it('very large loads take square-root staffing, close to the formula where both can be worked out', () => {
    expect(serversFor(20_001, 180, 50, 0.05)).toBeGreaterThan(20_001);
    expect(serversFor(20_001, 180, 50, 0.05) - 20_001).toBeLessThan(300);
  });
});
