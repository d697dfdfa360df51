import { describe, expect, it } from 'vitest';
import { emptyMemory, type Memory, packMemory, parseMemory } from '../../../lib/decide/memory.ts';
import { hours, minutes, seconds, T0 } from '../../builders/times.ts';

const full: Memory = {
  schema: 1,
  count: 12,
  deployment: T0 - hours(30),
  changes: [{ at: T0 - minutes(10), from: 6, to: 12 }],
  sent: { at: T0, from: 12, to: 14 },
  foreign: [T0 - minutes(50)],
  manual: { at: T0 - minutes(50), count: 6 },
  restore: { at: T0 - minutes(2), count: 20 },
  short: { since: T0 - seconds(30), running: 11 },
  raise: { at: T0 - seconds(30), to: 12, seen: T0 - seconds(10) },
  upAt: T0 - minutes(9),
  startUps: [21, 23, 40],
  low: {
    since: T0 - minutes(4),
    seen: T0 - seconds(20),
    extremes: [
      { at: T0 - minutes(3), count: 9 },
      { at: T0 - seconds(20), count: 7 },
    ],
  },
  high: { since: T0 - seconds(20), seen: T0, extremes: [{ at: T0, count: 14 }] },
  panicUntil: T0 + seconds(50),
  burstSince: T0 - seconds(20),
  coldUntil: T0 + seconds(40),
  silentSince: T0 - seconds(70),
  watched: T0 - minutes(40),
  learned: [
    { value: 6.5, before: 6.2, at: T0 - minutes(1), proven: true, headroom: { factor: 1.25, at: T0 - minutes(2) } },
    null,
    { value: 2, before: 0, at: T0, proven: true, load: { rate: 4.5, at: T0 } },
  ],
};

describe('memory', () => {
  it('comes back as it was packed', () => {
    expect(parseMemory(packMemory(full))).toEqual(full);
    expect(parseMemory(packMemory(emptyMemory))).toEqual(emptyMemory);
  });

  it('also comes back from a value that a store has parsed already', () => {
    expect(parseMemory(JSON.parse(packMemory(full)))).toEqual(full);
  });

  it('takes under 470 bytes where everything that can be remembered is', () => {
    expect(Buffer.byteLength(packMemory(full))).toBeLessThan(470);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['garbage', '{"v":1,"b":'],
    ['another schema', { v: 2, b: 0 }],
    ['a list', []],
    ['a number that is none', { v: 1, b: 'x' }],
    ['a list cut short', { v: 1, b: 0, c: [1, 2] }],
    ['a change of words', { v: 1, b: 0, c: ['a', 'b', 'c'] }],
    ['a streak of nothing', { v: 1, b: 0, l: 5 }],
  ])('%s is a cold start', (_, value) => {
    expect(parseMemory(value)).toBe(emptyMemory);
  });
});
