import { describe, expect, it, vi } from 'vitest';
import { CODES } from '../../../lib/decide/codes.ts';
import { decide } from '../../../lib/decide/decide.ts';
import type { Decision } from '../../../lib/decide/decision.ts';
import { emptyMemory, type Memory, packMemory, parseMemory } from '../../../lib/decide/memory.ts';
import type { Observation } from '../../../lib/decide/observation.ts';
import type { Policy } from '../../../lib/policy/policy.ts';
import fc from '../../builders/fast-check.ts';
import { anyReading, history, known, policy, policyOf, RUNS, stale, TIMEOUT_MS, unknown, warm } from './arbitraries.ts';
import { seededHistory } from './seeded-history.ts';

vi.setConfig({ testTimeout: TIMEOUT_MS });

type Step = { now: number; observation: Observation };

/** Plays a history and gives every decision with what went in and came out. */
function play(policy: Policy, steps: readonly Step[]): { step: Step; before: Memory; memory: Memory; decision: Decision }[] {
  let memory = emptyMemory;
  return steps.map((step) => {
    const before = memory;
    const decided = decide(policy, step.observation, before, step.now, 'web');
    memory = decided.memory;
    return { step, before, ...decided };
  });
}

const anyHistory = policy.chain((p) => history(p, 6, anyReading).map((steps) => ({ policy: p, steps })));
const options = { numRuns: RUNS };

/** The bounds as invariant 1 has them, worked out apart: schedules and overrides in force, without their lead. */
function boundsOf(p: Policy, o: Observation, now: number) {
  const inForce = o.intervals.filter((i) => i.from <= now && now < i.to);
  const cap = Math.min(p.max, ...inForce.map((i) => i.max ?? Number.POSITIVE_INFINITY));
  return { floor: Math.min(cap, Math.max(p.min, ...inForce.map((i) => i.min ?? 0))), cap };
}

describe('whatever the policy, the readings and the history', () => {
  it('a count that is sent is at least the floor, and at most the cap unless it is on its way down to it', () => {
    fc.assert(
      fc.property(anyHistory, ({ policy: p, steps }) => {
        for (const { step, decision } of play(p, steps)) {
          if (decision.kind !== 'scale') continue;
          const { floor, cap } = boundsOf(p, step.observation, step.now);
          expect(Number.isInteger(decision.to)).toBe(true);
          expect(decision.to).toBeGreaterThanOrEqual(floor);
          if (decision.to > cap) expect(decision.to).toBeLessThan(decision.from);
          expect(decision.to).not.toBe(decision.from);
        }
      }),
      options,
    );
  });

  it('a count below the floor is raised to it in one step, with unknown readings too, unless something stronger than a reading forbids', () => {
    fc.assert(
      fc.property(anyHistory, ({ policy: p, steps }) => {
        for (const { step, decision } of play({ ...p, mode: 'on' }, steps)) {
          const { state } = step.observation;
          if (state.kind === 'unknown' || step.observation.paused.out || ['AnotherAutoscaler', 'InFlight'].includes(decision.code))
            continue;
          const { floor } = boundsOf(p, step.observation, step.now);
          if (state.desired < floor) expect(decision.to).toBeGreaterThanOrEqual(floor);
        }
      }),
      options,
    );
  });

  it('the decision names a code of the closed list, which is in its trail, as is every code there', () => {
    fc.assert(
      fc.property(anyHistory, ({ policy: p, steps }) => {
        for (const { decision } of play(p, steps)) {
          expect(Object.keys(CODES)).toContain(decision.code);
          expect(decision.trail.map((step) => step.code)).toContain(decision.code);
          for (const step of decision.trail) {
            expect(Object.keys(CODES)).toContain(step.code);
            expect(step.why).toMatch(/^[^a-z].*\.$/su);
          }
          expect(decision.why).toMatch(/\.$/u);
          expect(decision.why).not.toMatch(/undefined|NaN|Infinity|null/u);
        }
      }),
      options,
    );
  });

  it('the same input gives the same output', () => {
    fc.assert(
      fc.property(anyHistory, ({ policy: p, steps }) => {
        expect(play(p, structuredClone(steps))).toEqual(play(p, steps));
      }),
      options,
    );
  });

  it('the same observation at the same instant again is a hold that leaves the memory as it is', () => {
    fc.assert(
      fc.property(anyHistory, ({ policy: p, steps }) => {
        for (const { step, memory } of play(p, steps)) {
          const again = decide(p, step.observation, memory, step.now, 'web');
          expect(again.decision.kind).toBe('hold');
          expect(again.memory).toBe(memory);
        }
      }),
      options,
    );
  });

  it('the same goes for a service that is ready for a decision', () => {
    fc.assert(
      fc.property(warm(anyReading), ({ policy: p, observation: o, memory, now }) => {
        const once = decide(p, o, memory, now, 'web');
        const again = decide(p, o, once.memory, now, 'web');
        expect(again.decision.kind).toBe('hold');
        expect(again.memory).toBe(once.memory);
      }),
      options,
    );
  });

  it('a decision that was stored and not yet acted upon is waited for', () => {
    fc.assert(
      fc.property(anyHistory, ({ policy: p, steps }) => {
        for (const { step, decision, memory } of play(p, steps)) {
          if (decision.kind !== 'scale') continue;
          const inFlight = { decision: 'd', at: step.now, to: decision.to };
          const again = decide(p, { ...step.observation, inFlight }, memory, step.now + 2_000, 'web').decision;
          expect(again).toMatchObject({ kind: 'hold', code: 'InFlight' });
        }
      }),
      options,
    );
  });

  it('the memory stays under 2 KB with ten targets and counts to 5,000, and is what is read back from what was packed', () => {
    let largest = 0;
    const long = fc.record({
      policy: policyOf({ targets: 10 }),
      seed: fc.integer({ min: 0, max: 0xffffffff }),
      // Long enough to fill every list that is kept.
      length: fc.constantFrom(20, 40, 40, 80),
    });
    fc.assert(
      fc.property(long, ({ policy: p, seed, length }) => {
        const played = play(p, seededHistory(p, seed, length));
        for (const { memory } of played) largest = Math.max(largest, Buffer.byteLength(packMemory(memory)));
        expect(largest).toBeLessThan(2_048);
        const memory = played.at(-1)?.memory ?? emptyMemory;
        expect(parseMemory(packMemory(memory))).toEqual(memory);
      }),
      options,
    );
    // Else the histories would not have come near what can be kept.
    expect(largest).toBeGreaterThan(600);
  });
});

describe('what is not known', () => {
  const silent = (now: number) => fc.oneof(unknown, stale(now));

  it('never scales in, whatever was seen before, as long as no cap was lowered', () => {
    const arb = warm(known).chain((ready) =>
      fc.tuple(fc.nat({ max: ready.policy.targets.length - 1 }), silent(ready.now)).map(([blind, reading]) => {
        const targets = ready.observation.targets.map((signals, i) => (i === blind ? { ...signals, reading } : signals));
        return { ...ready, observation: { ...ready.observation, targets } };
      }),
    );
    fc.assert(
      fc.property(arb, ({ policy: p, observation: o, memory, now }) => {
        const { decision } = decide(p, o, memory, now, 'web');
        const { cap } = boundsOf(p, o, now);
        if (decision.kind === 'scale') expect(decision.to).toBeGreaterThanOrEqual(Math.min(decision.from, cap));
      }),
      options,
    );
  });

  it('does scale in where the same is known, so that the property above says something', () => {
    const outcomes = fc.sample(warm(known), { numRuns: 300, seed: 1 }).map((ready) => {
      const { decision } = decide(ready.policy, ready.observation, ready.memory, ready.now, 'web');
      return decision.kind === 'hold' ? 'hold' : decision.to < decision.from ? 'in' : 'out';
    });
    for (const outcome of ['in', 'out', 'hold']) expect(outcomes.filter((o) => o === outcome).length).toBeGreaterThan(15);
  });

  it('changes nothing at all where the state of the service is not known', () => {
    fc.assert(
      fc.property(anyHistory, ({ policy: p, steps }) => {
        const blind = steps.map((step) => ({
          ...step,
          observation: { ...step.observation, state: { kind: 'unknown', why: 'throttled' } as const },
        }));
        for (const { decision } of play(p, blind))
          expect(decision).toMatchObject({ kind: 'hold', from: null, to: null, code: 'StateUnknown' });
      }),
      options,
    );
  });
});

describe('more load', () => {
  const heavier = (o: Observation, factor: number): Observation => ({
    ...o,
    targets: o.targets.map((signals) => ({
      ...signals,
      reading: signals.reading.kind === 'known' ? { ...signals.reading, value: signals.reading.value * factor } : signals.reading,
      recent: signals.recent.kind === 'known' ? { ...signals.recent, value: signals.recent.value * factor } : signals.recent,
    })),
  });

  const ready = fc.tuple(warm(known), fc.double({ min: 1, max: 20, noNaN: true }));

  it('with the same readings known never means fewer tasks', () => {
    fc.assert(
      fc.property(ready, ([{ policy: p, observation: o, memory, now }, factor]) => {
        const less = decide(p, o, memory, now, 'web').decision;
        const more = decide(p, heavier(o, factor), memory, now, 'web').decision;
        expect(more.to ?? 0).toBeGreaterThanOrEqual(less.to ?? 0);
      }),
      options,
    );
  });

  it('in requests, at the same queue time, never means fewer tasks', () => {
    fc.assert(
      fc.property(ready, ([{ policy: p, observation: o, memory, now }, factor]) => {
        const targets = o.targets.map((signals) => ({
          ...signals,
          series: signals.series.map((slot) => ({ ...slot, ...(slot.requests !== undefined && { requests: slot.requests * factor }) })),
        }));
        const less = decide(p, o, memory, now, 'web').decision;
        const more = decide(p, { ...o, targets }, memory, now, 'web').decision;
        expect(more.to ?? 0).toBeGreaterThanOrEqual(less.to ?? 0);
      }),
      options,
    );
  });

  it('in the newest count of waiting jobs never means fewer tasks', () => {
    fc.assert(
      fc.property(ready, ([{ policy: p, observation: o, memory, now }, factor]) => {
        const targets = o.targets.map((signals) => {
          const newest = signals.series.findLastIndex((slot) => slot.depth !== undefined);
          return {
            ...signals,
            series: signals.series.map((slot, i) => (i === newest ? { ...slot, depth: Math.ceil((slot.depth ?? 0) * factor) } : slot)),
          };
        });
        const less = decide(p, o, memory, now, 'web').decision;
        const more = decide(p, { ...o, targets }, memory, now, 'web').decision;
        expect(more.to ?? 0).toBeGreaterThanOrEqual(less.to ?? 0);
      }),
      options,
    );
  });
});
