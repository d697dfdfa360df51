import { expect, it } from 'vitest';
import { aPolicy, aQueueTimeTarget } from '../../builders/policies.ts';
import { aStory } from '../../builders/story.ts';
import { hours, seconds } from '../../builders/times.ts';
import { aWebService } from '../../builders/web-service.ts';

it.each([
  {
    rate: 4,
    serviceMs: 39,
    concurrency: 1,
    tasks: 1,
    every: 1,
    because: 'its limit is doubted again when there is no more headroom to learn',
  },
  { rate: 2, serviceMs: 286, concurrency: 1, tasks: 3, every: 1, because: 'a steady queue has contradicted the formula' },
  {
    rate: 6,
    serviceMs: 335,
    concurrency: 2,
    tasks: 1,
    every: 1,
    because: 'a limit that the first miss set far too high falls step by step',
  },
  { rate: 8, serviceMs: 313, concurrency: 1, tasks: 2, every: 2, because: 'headroom that a miss can only fill up is spent' },
  { rate: 2, serviceMs: 286, concurrency: 1, tasks: 2, every: 1, because: 'a queue that came when a task went tells of the limit' },
  { rate: 157, serviceMs: 172, concurrency: 9, tasks: 4, every: 2, because: 'a queue that crept over the target tells of the limit' },
])('a small service of $rate req/s does not turn round each half minute: $because', ({ rate, serviceMs, concurrency, tasks, every }) => {
  const story = aStory(aPolicy({ max: 500, targets: [aQueueTimeTarget()] }), { tasks });
  const web = aWebService({ serviceMs, concurrency });
  let changes = 0;
  let late = 0;
  for (let at = 0; at <= hours(4); at += seconds(10)) {
    const before = story.desired;
    const signals = web.serve(at, rate, story.running(at));
    if ((at / seconds(10)) % every === 0) story.at(at, { targets: [signals] });
    if (story.desired !== before) changes++;
    if (story.desired !== before && at >= hours(2)) late++;
  }
  // A task less is tried now and then; turning each half minute would be hundreds. At rest it is tried once in 17 minutes.
  expect(changes).toBeLessThan(40);
  expect(late).toBeLessThanOrEqual(16);
});
