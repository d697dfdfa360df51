import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createRunner, type RunDone, type RunOrder } from './run-order.ts';

export interface RunAllOptions {
  /** Threads to spread the runs over; 1 makes them all here. */
  readonly threads: number;
  readonly onDone?: (done: number, total: number, order: RunOrder) => void;
}

/** Makes all runs, and returns what came of them in the order in which they were asked for. */
export async function runAll(orders: readonly RunOrder[], { threads, onDone }: RunAllOptions): Promise<RunDone[]> {
  const results: RunDone[] = new Array(orders.length);
  const entry = workerEntry();
  const count = entry === undefined ? 1 : Math.min(threads, orders.length);
  let next = 0;
  let finished = 0;
  const work = async (run: (order: RunOrder) => Promise<RunDone>) => {
    for (let i = next++; i < orders.length; i = next++) {
      const order = orders[i] as RunOrder;
      results[i] = await run(order);
      onDone?.(++finished, orders.length, order);
      // Whatever else waits for this thread (a progress bar, Ctrl-C) gets its turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  if (count <= 1 || entry === undefined) {
    await work(createRunner());
    return results;
  }
  const workers = Array.from({ length: count }, () => new Worker(entry));
  try {
    await Promise.all(workers.map((worker) => work((order) => ask(worker, order))));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}

/** The thread's own file stands beside the bundle; from source there is none, and all runs are made here. */
function workerEntry(): URL | undefined {
  const built = new URL('./compare-worker.js', import.meta.url);
  return existsSync(fileURLToPath(built)) ? built : undefined;
}

type Answer = { readonly done: RunDone } | { readonly failed: string };

function ask(worker: Worker, order: RunOrder): Promise<RunDone> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: Answer) => {
      end();
      if ('done' in answer) resolve(answer.done);
      else reject(new Error(`${order.scaler} could not be run: ${answer.failed}`));
    };
    const onError = (error: unknown) => {
      end();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const end = () => {
      worker.off('message', onMessage);
      worker.off('error', onError);
    };
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(order);
  });
}
