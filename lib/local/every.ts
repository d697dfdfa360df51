import type { Clock } from '../clock.ts';

/** Does `work` at once and then again `ms` after each end of it, until `signal` aborts. A failure is told and does not end it. */
export async function every(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: () => void | Promise<void>,
  onFailure: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      onFailure(error);
    }
    await clock.sleep(ms, signal);
  }
}
