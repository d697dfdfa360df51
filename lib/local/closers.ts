import type { Clock } from '../clock.ts';

/** What has been started and must be ended, the last first. */
export interface Closers {
  add(close: () => void | Promise<void>): void;
  /** Ends everything, each part at most `partMs`; what fails or hangs does not keep the others from ending. */
  closeAll(): Promise<void>;
}

export function createClosers(clock: Clock, partMs: number): Closers {
  const closers: (() => void | Promise<void>)[] = [];
  return {
    add: (close) => closers.push(close),
    closeAll: async () => {
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
        const part = Promise.resolve().then(close);
        await Promise.race([part.catch(() => undefined), clock.sleep(partMs)]);
      }
    },
  };
}
