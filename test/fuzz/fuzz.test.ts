import { describe, expect, test } from 'vitest';
import { seedOfRun } from '../seed-of-run.ts';
import { createDraw } from './draw/draw.ts';
import { play, replayOf } from './play.ts';
import type { Target } from './target.ts';
import { episodesOf, TARGETS } from './targets.ts';

/** For every change, so few that nobody waits; `npm run soak` runs a million. */
const CASES = 600;
const seed = seedOfRun();

describe(`hostile input, seed ${seed}`, () => {
  test.each([...episodesOf(TARGETS, CASES)].map(([target, episodes]) => [target.name, target, episodes] as const))(
    'breaks nothing: %s',
    async (_, target, episodes) => {
      let cases = 0;
      for (let episode = 0; episode < episodes; episode++) {
        const failure = await play(target, seed, episode, () => {
          cases += 1;
        });
        expect(failure, failure && `${failure.why}\nreplay: ${replayOf(seed, failure)}`).toBeUndefined();
      }
      expect(cases).toBeGreaterThanOrEqual(target.cases);
    },
    60_000,
  );
});

test('the same seed and episode draw the same, another draws something else', () => {
  const words = (...seeds: number[]) => {
    const draw = createDraw(...seeds);
    return Array.from({ length: 20 }, () => draw.word());
  };
  expect(words(7, 1)).toEqual(words(7, 1));
  expect(words(7, 1)).not.toEqual(words(7, 2));
  expect(words(7, 1)).not.toEqual(words(8, 1));
});

test('an episode that fails is told with what replays it', async () => {
  const broken: Target = { name: 'reports', share: 1, cases: 1, episode: () => Promise.reject(new Error('no')) };
  const failure = await play(broken, 5, 3, () => undefined);
  expect(failure).toMatchObject({ target: 'reports', episode: 3 });
  expect(failure && replayOf(5, failure)).toBe('npx tsx test/fuzz/run.ts --seed 5 --only reports --episode 3');
});
