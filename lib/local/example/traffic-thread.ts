import type { Load } from './load-model.ts';

/** What a thread of the example is started with. */
export interface TrafficThreadData {
  readonly reportUrl: string;
  readonly reportSeconds: number;
  readonly load: Load;
  /** Queues that the jobs go to; for web none. */
  readonly queues: readonly string[];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** Tasks that run now, told by the main thread. */
export function runningTasksOf(message: unknown): number | undefined {
  const running = isRecord(message) ? message['running'] : undefined;
  return typeof running === 'number' && Number.isInteger(running) && running >= 0 ? running : undefined;
}

/** Calls `arrive` at each of the times (ms since now); late ones at once. Real time, for threads only. */
export function playArrivals(times: Iterator<number, unknown>, arrive: () => void): void {
  const started = Date.now();
  const next = () => {
    const { value, done } = times.next();
    if (done || typeof value !== 'number') return;
    setTimeout(
      () => {
        arrive();
        next();
      },
      Math.max(0, started + value - Date.now()),
    );
  };
  next();
}
