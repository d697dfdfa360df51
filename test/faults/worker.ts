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
  // Some hundreds at a time: a message costs more than the step that it tells of.
  let lines: string[] = [];
  const tell = () => {
    if (lines.length > 0) parentPort?.postMessage({ lines });
    lines = [];
  };
  const told = (line: string) => {
    if (lines.push(line) >= 500) tell();
  };
  runSeed(system, seed, steps ? told : undefined, emphasis).then(
    (result) => {
      tell();
      parentPort?.postMessage({ result });
    },
    (error: unknown) => {
      tell();
      parentPort?.postMessage({ broken: error instanceof Error ? (error.stack ?? error.message) : String(error), seed });
    },
  );
});
