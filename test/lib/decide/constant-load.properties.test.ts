import { expect, it, vi } from 'vitest';
import type { SlotPoint } from '../../../lib/decide/observation.ts';
import fc from '../../builders/fast-check.ts';
import { aSignal, known } from '../../builders/observations.ts';
import { aBehavior, aLatencyTarget, aPolicy, aQueueTimeTarget } from '../../builders/policies.ts';
import { aStory } from '../../builders/story.ts';
import { hours, minutes, seconds, T0 } from '../../builders/times.ts';
import { aWebService } from '../../builders/web-service.ts';
import { RUNS, TIMEOUT_MS } from './arbitraries.ts';

vi.setConfig({ testTimeout: TIMEOUT_MS });

const runs = { numRuns: RUNS };

/**
 * How a story goes: most begin near the count that is needed, last as long as coming to rest takes from there and are looked at each 20
 * or 30 s while reports come each 10 s, so that a thousand of them take seconds. One in twenty begins anywhere, lasts four hours and is
 * looked at with each report. What is counted are the last thirty minutes: within them the count may be tried lower and come back
 * (where nothing tells what a task carries, that is never known but by trying), and no more. A worker does so once. A web service may
 * twice, by one task: its headroom shrinks until one slot of ten seconds in a hundred misses the target, which is one in 17 minutes.
 */
const course = fc.oneof(
  {
    weight: 19,
    arbitrary: fc.record({
      length: fc.constant(minutes(90)),
      every: fc.constantFrom(2, 3),
      start: fc.record({ share: fc.double({ min: 0.3, max: 1.3, noNaN: true }), more: fc.integer({ min: 0, max: 3 }) }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      length: fc.constant(hours(4)),
      every: fc.constant(1),
      start: fc.record({ share: fc.constant(0), more: fc.integer({ min: 1, max: 40 }) }),
    }),
  },
);

/** How often the count turned round. */
const turns = (counts: readonly number[]) => {
  const steps = counts
    .slice(1)
    .map((count, i) => Math.sign(count - (counts[i] ?? 0)))
    .filter((step) => step !== 0);
  return steps.slice(1).filter((step, i) => step !== steps[i]).length;
};

it('a web service under constant load comes to rest, whatever a task can serve and whatever it starts with', () => {
  const service = fc.record({
    rate: fc.integer({ min: 1, max: 400 }),
    serviceMs: fc.integer({ min: 20, max: 500 }),
    concurrency: fc.integer({ min: 1, max: 16 }),
    given: fc.boolean(),
    course,
  });
  fc.assert(
    fc.property(service, ({ rate, serviceMs, concurrency, given, course: { length, every, start } }) => {
      const tasks = Math.max(1, Math.round(((rate * serviceMs) / 1_000 / concurrency) * start.share) + start.more);
      const policy = aPolicy({ max: 500, targets: [aQueueTimeTarget(given ? { concurrency } : {})], behavior: aBehavior() });
      const story = aStory(policy, { tasks });
      const web = aWebService({ serviceMs, concurrency });
      const counts: number[] = [];
      for (let i = 0; i * seconds(10) <= length; i++) {
        const at = i * seconds(10);
        const signals = web.serve(at, rate, story.running(at));
        if (i % every === 0) story.at(at, { targets: [signals] });
        if (at >= length - minutes(30)) counts.push(story.desired);
      }
      expect(turns(counts)).toBeLessThanOrEqual(4);
      if (turns(counts) > 2) expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }),
    runs,
  );
});

for (const { adapter, reportsBusy, turnsAllowed } of [
  { adapter: 'that tells how many jobs run', reportsBusy: true, turnsAllowed: 2 },
  // Without it nothing shows how much work an empty queue hides: a task is tried without now and then.
  { adapter: 'that tells only what waits', reportsBusy: false, turnsAllowed: 3 },
]) {
  it(`a worker under constant load comes to rest, with an adapter ${adapter}`, () => {
    const work = fc.record({
      rate: fc.double({ min: 0.5, max: 50, noNaN: true }),
      serviceMs: fc.integer({ min: 50, max: 20_000 }),
      course,
    });
    fc.assert(
      fc.property(work, ({ rate, serviceMs, course: { length, every, start } }) => {
        const tasks = Math.max(1, Math.round(((rate * serviceMs) / 1_000 / 0.9) * start.share) + start.more);
        const story = aStory(aPolicy({ max: 2_000, targets: [aLatencyTarget()] }), { tasks });
        let backlog = 0;
        let series: SlotPoint[] = [];
        const counts: number[] = [];
        for (let i = 0; i * seconds(10) <= length; i++) {
          const at = i * seconds(10);
          const running = story.running(at);
          const capacity = (running * 1_000) / serviceMs;
          backlog = Math.max(0, backlog + (rate - capacity) * 10);
          const depth = Math.floor(backlog);
          const busy = backlog > 0 ? running : Math.min(running, (rate * serviceMs) / 1_000);
          const latencyMs = (depth / rate) * 1_000;
          series = [...series, { at: T0 + at - 10_000, reports: 1, depth, latencyMs, ...(reportsBusy && { busy }) }].slice(-30);
          if (at >= length - minutes(30)) counts.push(story.desired);
          if (i % every > 0) continue;
          const signal = aSignal(known(latencyMs, T0 + at), {
            label: 'latency of the worst queue',
            series,
            ...(reportsBusy && { busy: known(busy, T0 + at) }),
          });
          story.at(at, { targets: [signal] });
        }
        expect(turns(counts)).toBeLessThanOrEqual(turnsAllowed);
        expect(backlog / rate).toBeLessThan(minutes(5) / 1_000);
      }),
      runs,
    );
  });
}
