import { describe, expect, test } from 'vitest';
import { type Figures, judge } from '../../../../lib/simulate/compare/pairs.ts';
import fc from '../../../builders/fast-check.ts';

const clairvoyant = 1_000;
const figures = ([violationMinutes, lateShare, taskHours]: readonly [number, number, number]): Figures => ({
  violationMinutes,
  lateShare,
  taskHours,
});

describe('the verdict on a pair', () => {
  test.each([
    {
      rule: 'a',
      name: 'only Sluice meets the SLO, at 1.3 times the cost',
      sluice: [500, 0.01, 1_300],
      peer: [10, 0.0101, 900],
      verdict: 'won',
    },
    { rule: 'a', name: 'only the peer does', sluice: [10, 0.02, 900], peer: [500, 0.004, 1_200], verdict: 'lost' },
    {
      rule: 'a before b',
      name: 'the one that meets it has more of both',
      sluice: [50, 0.005, 1_200],
      peer: [10, 0.02, 1_000],
      verdict: 'won',
      dominated: true,
    },
    {
      rule: 'b',
      name: 'the one that meets it costs too much, and the other has less of one alone',
      sluice: [10, 0.005, 1_301],
      peer: [100, 0.02, 1_000],
      verdict: 'tied',
    },
    {
      rule: 'b',
      name: 'the one that meets it costs too much and has more of both',
      sluice: [100, 0.005, 1_400],
      peer: [10, 0.02, 1_000],
      verdict: 'lost',
      dominated: true,
    },
    { rule: 'b', name: 'fewer of both', sluice: [10, 0.05, 900], peer: [100, 0.06, 1_000], verdict: 'won' },
    { rule: 'b', name: 'more of both', sluice: [100, 0.05, 1_000], peer: [10, 0.06, 900], verdict: 'lost', dominated: true },
    { rule: 'b', name: 'equal minutes, fewer hours', sluice: [100, 0.05, 900], peer: [100.9, 0.06, 1_000], verdict: 'won' },
    {
      rule: 'b',
      name: 'equal minutes, more hours: not dominated',
      sluice: [101, 0.05, 1_000],
      peer: [100, 0.06, 900],
      verdict: 'lost',
      dominated: false,
    },
    { rule: 'b', name: 'fewer minutes, equal hours', sluice: [10, 0.05, 1_009], peer: [100, 0.06, 1_000], verdict: 'won' },
    { rule: 'b', name: 'more minutes, equal hours', sluice: [100, 0.05, 1_000], peer: [10, 0.06, 1_009], verdict: 'lost' },
    { rule: 'c', name: 'both meet it, fewer hours for more minutes', sluice: [10, 0.005, 1_200], peer: [2, 0.001, 1_500], verdict: 'won' },
    {
      rule: 'c',
      name: 'both meet it, the peer with fewer hours for more minutes',
      sluice: [2, 0.001, 1_500],
      peer: [10, 0.005, 1_200],
      verdict: 'lost',
    },
    { rule: 'else', name: 'none meets it, and each has less of one', sluice: [100, 0.05, 900], peer: [10, 0.02, 1_000], verdict: 'tied' },
    { rule: 'else', name: 'equal in both', sluice: [0, 0.001, 1_000], peer: [1, 0.002, 1_010], verdict: 'tied' },
    { rule: 'else', name: 'equal in both, far from the SLO', sluice: [1_000, 0.3, 1_000], peer: [1_010, 0.3, 991], verdict: 'tied' },
  ] as const)('$rule: $name: $verdict', ({ sluice, peer, verdict, ...rest }) => {
    const found = judge(figures(sluice), figures(peer), clairvoyant, 'peer');
    expect(found.verdict).toBe(verdict);
    if ('dominated' in rest) expect(found.dominated).toBe(rest.dominated);
    expect(found.why).not.toMatch(/NaN|undefined/);
  });

  const any = fc.record({
    violationMinutes: fc.double({ min: 0, max: 200, noNaN: true }),
    lateShare: fc.double({ min: 0, max: 0.03, noNaN: true }),
    taskHours: fc.double({ min: 800, max: 2_000, noNaN: true }),
  });

  test('is the opposite when the sides are changed', () => {
    const opposite = { won: 'lost', lost: 'won', tied: 'tied' } as const;
    fc.assert(
      fc.property(any, any, (one, other) => {
        expect(judge(one, other, clairvoyant, 'x').verdict).toBe(opposite[judge(other, one, clairvoyant, 'x').verdict]);
      }),
    );
  });

  test('is lost for whoever is dominated, but where meeting the SLO spoke first', () => {
    fc.assert(
      fc.property(any, any, (one, other) => {
        const found = judge(one, other, clairvoyant, 'x');
        if (found.dominated && one.lateShare > 0.01) expect(found.verdict).toBe('lost');
      }),
    );
  });
});
