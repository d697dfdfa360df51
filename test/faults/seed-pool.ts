import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Emphasis } from './emphasis.ts';
import type { SeedResult } from './run-seed.ts';

export interface PoolOptions {
  /** The bundle of test/faults/worker.ts. */
  readonly worker: string;
  /** The bundle of the system under test. */
  readonly system: string;
  readonly threads: number;
  readonly emphasis?: Emphasis;
}

type Message = { readonly result: SeedResult } | { readonly broken: string; readonly seed: number } | { readonly lines: readonly string[] };

/**
 * Runs seeds over threads, each seed in one. `onResult` may say `stop`. The course of a seed depends on nothing but the seed:
 * which thread has it and when does not matter.
 * @throws where the simulation itself fails, which says nothing of the system.
 */
export async function runSeeds(
  options: PoolOptions,
  seeds: readonly number[],
  onResult: (result: SeedResult) => 'stop' | undefined,
  onLine?: (line: string) => void,
): Promise<void> {
  const waiting = [...seeds];
  const work = async () => {
    const worker = new Worker(options.worker, {
      workerData: { system: options.system },
      // Nearly all that a step makes is gone after it: with more room it is thrown away, not copied.
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
    try {
      for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
        worker.postMessage({ seed, steps: onLine !== undefined, emphasis: options.emphasis ?? {} });
        for (;;) {
          const [message] = (await once(worker, 'message')) as [Message];
          if ('lines' in message) {
            for (const line of message.lines) onLine?.(line);
            continue;
          }
          if ('broken' in message) throw new Error(`seed ${message.seed}: the simulation itself failed: ${message.broken}`);
          if (onResult(message.result) === 'stop') waiting.length = 0;
          break;
        }
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.threads, seeds.length) }, work));
}
