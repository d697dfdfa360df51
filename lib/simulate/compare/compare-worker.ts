import { parentPort } from 'node:worker_threads';
import { createRunner, type RunOrder } from './run-order.ts';

// A thread of a comparison: takes orders one by one, and answers each with what came of it.
const run = createRunner();
parentPort?.on('message', (order: RunOrder) => {
  run(order).then(
    (done) => parentPort?.postMessage({ done }),
    (error: unknown) => parentPort?.postMessage({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
