import { createDraw } from './draw/draw.ts';
import type { Target } from './target.ts';

export interface Failure {
  readonly target: string;
  readonly episode: number;
  readonly why: string;
}

/** What replays one episode exactly. */
export const replayOf = (seed: number, { target, episode }: Pick<Failure, 'target' | 'episode'>): string =>
  `npx tsx test/fuzz/run.ts --seed ${seed} --only ${target} --episode ${episode}`;

/** Plays one episode of a target; its draw is of its own, so that no other episode moves it. */
export async function play(target: Target, seed: number, episode: number, step: () => void): Promise<Failure | undefined> {
  // Names are told apart by their letters: another target of the same seed draws something else.
  const draw = createDraw(seed, ...Buffer.from(target.name), episode);
  try {
    await target.episode(draw, step);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? (error.name === 'Broken' ? error.message : (error.stack ?? error.message)) : String(error);
    return { target: target.name, episode, why };
  }
}
