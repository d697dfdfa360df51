import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { Emphasis } from './emphasis.ts';
import type { SystemUnderTest } from './make-handler.ts';
import { rememberParts } from './remembered-parts.ts';
import { runSeed } from './run-seed.ts';

// Errors are thrown by the thousand on purpose; where from is told by the course of events.
Error.stackTraceLimit = 0;
rememberParts();

/** Runs the seeds that it is sent, one after the other, against the bundled system at `workerData.system`. */
const { system: path } = workerData as { system: string };
const system = (await import(pathToFileURL(path).href)) as SystemUnderTest;

parentPort?.on('message', ({ seed, steps, emphasis }: { seed: number; steps: boolean; emphasis: Emphasis }) => {
  const told = steps ? (line: string) => parentPort?.postMessage({ line }) : undefined;
  runSeed(system, seed, told, emphasis).then(
    (result) => parentPort?.postMessage({ result }),
    (error: unknown) => parentPort?.postMessage({ broken: error instanceof Error ? (error.stack ?? error.message) : String(error), seed }),
  );
});
