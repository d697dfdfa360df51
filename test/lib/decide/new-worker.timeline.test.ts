import { expect, it } from 'vitest';
import type { SlotPoint } from '../../../lib/decide/observation.ts';
import { aSignal, known } from '../../builders/observations.ts';
import { aBehavior, aLatencyTarget, aPolicy } from '../../builders/policies.ts';
import { aStory } from '../../builders/story.ts';
import { hours, seconds, T0 } from '../../builders/times.ts';

/**
 * A worker that nobody knows anything of, with too few tasks: so many jobs per second of so many seconds, so many at once on each task.
 * First in, first out, in steps of 10 s; looked at each time.
 */
function newWorker({ rate, jobS, atOnce, tasks }: { rate: number; jobS: number; atOnce: number; tasks: number }) {
  const story = aStory(aPolicy({ max: 300, targets: [aLatencyTarget()], behavior: aBehavior() }), { tasks, startUpMs: seconds(30) });
  let backlog = 0;
  let series: SlotPoint[] = [];
  let most = tasks;
  let late = 0;
  for (let at = 0; at <= hours(2); at += seconds(10)) {
    const places = story.running(at) * atOnce;
    backlog = Math.max(0, backlog + (rate - places / jobS) * 10);
    const depth = Math.floor(backlog);
    const busy = Math.round(depth > 0 ? places : Math.min(places, rate * jobS));
    const latencyMs = (depth / rate) * 1_000;
    if (latencyMs > 30_000) late += seconds(10);
    series = [...series, { at: T0 + at - seconds(10), reports: 1, depth, latencyMs, busy }].slice(-30);
    story.at(at, { targets: [aSignal(known(latencyMs, T0 + at), { label: 'latency', series, busy: known(busy, T0 + at) })] });
    most = Math.max(most, story.desired);
  }
  return { most, late, atLast: story.desired };
}

it.each([
  { rate: 30, jobS: 2, atOnce: 10, tasks: 2, needed: 6 },
  { rate: 3, jobS: 1, atOnce: 1, tasks: 1, needed: 3 },
  { rate: 60, jobS: 5, atOnce: 10, tasks: 5, needed: 30 },
  { rate: 0.5, jobS: 100, atOnce: 1, tasks: 20, needed: 50 },
])('of $rate jobs/s that take $jobS s, $atOnce at once, it gets the $needed tasks it needs and not many times as many', (work) => {
  const { most, late, atLast } = newWorker(work);
  expect(most).toBeGreaterThanOrEqual(work.needed);
  expect(most).toBeLessThanOrEqual(3 * work.needed);
  expect(late).toBeLessThanOrEqual(seconds(150));
  // Where jobs run at once and nobody said how many can, free places do not show: tasks stay until fewer jobs run than there are tasks.
  expect(atLast).toBeLessThanOrEqual((work.atOnce > 1 ? 1.7 : 1.4) * work.needed);
});
