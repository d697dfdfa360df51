import { Worker } from 'node:worker_threads';

/** A case takes milliseconds; one that takes so long, on however busy a machine, does not end. */
const PATIENCE_S = 60;

/*
 * A case that never gives the event loop back can be told by another thread alone: it looks once a second whether the count of cases
 * moves, names the episode that stands still, and ends the process. Plain JavaScript, since it is started from text.
 */
const SOURCE = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const cell = new Int32Array(workerData.shared);
let before = -1;
let still = 0;
setInterval(() => {
  const now = Atomics.load(cell, 0);
  still = now === before && now >= 0 ? still + 1 : 0;
  before = now;
  if (still < workerData.patience) return;
  writeSync(2, 'A case of target ' + workerData.names[Atomics.load(cell, 1)] + ', episode ' + Atomics.load(cell, 2) + ', has not ended after ' + still + ' s\\n');
  process.kill(process.pid, 'SIGKILL');
}, 1000);
`;

/** Ends this process where a case does not end, and says which. */
export function watch(names: readonly string[]): {
  readonly step: () => void;
  readonly episode: (target: string, episode: number) => void;
  readonly end: () => Promise<unknown>;
} {
  const shared = new SharedArrayBuffer(12);
  const cell = new Int32Array(shared);
  const worker = new Worker(SOURCE, { eval: true, execArgv: [], workerData: { shared, names, patience: PATIENCE_S } });
  worker.unref();
  return {
    step: () => void Atomics.add(cell, 0, 1),
    episode: (target, episode) => {
      Atomics.store(cell, 1, names.indexOf(target));
      Atomics.store(cell, 2, episode);
    },
    end: () => worker.terminate(),
  };
}
