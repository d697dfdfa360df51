import { Worker } from 'node:worker_threads';
import type { Load } from './load-model.ts';
import type { TrafficThreadData } from './traffic-thread.ts';

/** One service that the example loads. */
export interface TrafficTarget {
  readonly kind: 'web' | 'jobs';
  readonly reportUrl: string;
  readonly load: Load;
  readonly queues: readonly string[];
  /** Tasks that run now, by ECS's own word. */
  readonly running: () => number;
}

export interface TrafficOptions {
  readonly targets: readonly TrafficTarget[];
  /** The built entries of the two threads. */
  readonly entries: { readonly web: URL; readonly jobs: URL };
  readonly reportSeconds: number;
  /** A thread that failed, or what an adapter wrote about an error: the run goes on without it. */
  readonly onProblem: (kind: TrafficTarget['kind'], why: string) => void;
}

export interface Traffic {
  /** Tells the threads how many tasks run now. */
  update(): void;
  stop(): Promise<void>;
}

/**
 * Starts the example's load, each service in a thread with an environment of its own: the machine's variables do not reach
 * the adapters, and what they print stays out of our output.
 */
export function startTraffic(options: TrafficOptions): Traffic {
  const threads = options.targets.map((target) => {
    const data: TrafficThreadData = {
      reportUrl: target.reportUrl,
      reportSeconds: options.reportSeconds,
      load: target.load,
      queues: target.queues,
    };
    const worker = new Worker(options.entries[target.kind], {
      workerData: data,
      env: { JUDOSCALE_CONTAINER: `example-${target.kind}`, NODE_ENV: 'production' },
      stdout: true,
      stderr: true,
    });
    worker.on('error', (error: unknown) => options.onProblem(target.kind, error instanceof Error ? error.message : String(error)));
    let told = false;
    const printed = (chunk: unknown) => {
      // Once is enough: an adapter that cannot report says so every second.
      if (!told) options.onProblem(target.kind, String(chunk).trim());
      told = true;
    };
    worker.stdout.on('data', printed);
    worker.stderr.on('data', printed);
    return { target, worker };
  });
  const update = () => {
    for (const { target, worker } of threads) worker.postMessage({ running: target.running() });
  };
  update();
  return {
    update,
    stop: async () => {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}
