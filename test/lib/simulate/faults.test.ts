import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../../lib/policy/duration.ts';
import { begins, isOn, parseFaults } from '../../../lib/simulate/faults.ts';

describe('faults', () => {
  test('are read with their start and length, in seconds', () => {
    expect(parseFaults('metric-outage@2h+5m, reset@90s,deployment@0', parseDuration)).toEqual({
      faults: [
        { kind: 'metric-outage', from: 7_200, to: 7_500 },
        { kind: 'reset', from: 90, to: 90 },
        { kind: 'deployment', from: 0, to: 600 },
      ],
      problems: [],
    });
  });

  test.each([
    ['flood@1h', 'there is no fault "flood"'],
    ['reset', 'write kind@start'],
    ['reset@soon', 'not "soon"'],
    ['throttle@1h+long', 'not "long"'],
    ['reset@1h+10m', 'has no length'],
  ])('%s is refused with what would be right', (text, part) => {
    const { faults, problems } = parseFaults(text, parseDuration);
    expect(faults).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(part);
  });

  test('are on from their start until their end', () => {
    const faults = [{ kind: 'throttle', from: 10, to: 20 }] as const;
    expect([9, 10, 19, 20].map((t) => isOn(faults, 'throttle', t))).toEqual([false, true, true, false]);
    expect(isOn(faults, 'deployment', 15)).toBe(false);
    expect([9, 10, 11].map((t) => begins(faults, 'throttle', t))).toEqual([false, true, false]);
  });
});
