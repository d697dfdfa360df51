import { describe, expect, it } from 'vitest';
import { emptyMemory } from '../../../lib/decide/memory.ts';
import { backlogAhead } from '../../../lib/decide/wants/backlog-ahead.ts';
import { T0 } from '../../builders/times.ts';

/** Tasks that serve ten requests a second each; one takes 30 s to start. */
const PER_REQUEST = 0.1;

function facts(running: number, starting = 0, orderedAgoS = 0) {
  const desired = running + starting;
  return {
    now: T0,
    state: { kind: 'known', at: T0, desired, running, pending: starting, deployment: 'none' } as const,
    starting,
    startUp: { p50Ms: 30_000, p95Ms: 60_000, overdueMs: 120_000, measured: true },
    memory: { ...emptyMemory, changes: starting > 0 ? [{ at: T0 - orderedAgoS * 1_000, from: running, to: desired }] : [] },
  };
}

describe('the backlog when tasks ordered now are up', () => {
  it('is what waits, and what comes in until then beyond what the tasks at work serve', () => {
    expect(backlogAhead(100, 80, PER_REQUEST, facts(5))).toBeCloseTo(100 + 30 * 30);
  });

  it('is less where they serve more than comes in, and none where they drain it themselves by then', () => {
    expect(backlogAhead(400, 40, PER_REQUEST, facts(5))).toBeCloseTo(400 - 10 * 30);
    expect(backlogAhead(200, 40, PER_REQUEST, facts(5))).toBe(0);
  });

  it('counts on tasks ordered before from when they are up', () => {
    // For 10 s 30 a second more come in than are served, and 20 fewer for the 20 s after that.
    expect(backlogAhead(500, 80, PER_REQUEST, facts(5, 5, 20))).toBeCloseTo(500 + 10 * 30 - 20 * 20);
    // Ordered just now they are up no sooner than others.
    expect(backlogAhead(500, 80, PER_REQUEST, facts(5, 5, 0))).toBeCloseTo(500 + 30 * 30);
    // Later than usual: any moment now.
    expect(backlogAhead(700, 80, PER_REQUEST, facts(5, 5, 45))).toBeCloseTo(700 - 30 * 20);
  });

  it('forecasts no queue that nobody sees, and none of requests that take no time', () => {
    expect(backlogAhead(0, 80, PER_REQUEST, facts(5))).toBe(0);
    expect(backlogAhead(100, 80, 0, facts(0))).toBe(0);
  });
});
