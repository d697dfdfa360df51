import type { Waits } from './waits.ts';

/** What runs on the tasks of a simulated service: requests as a flow, or jobs one by one. Times in seconds of the trace. */
export interface Model {
  /** Tasks became ready. */
  addTasks(count: number): void;
  /** As many tasks are told to stop (SIGTERM); they take nothing new, and end when done or after the grace period. */
  stopTasks(count: number, at: number): void;
  /** Serves the second [t, t + 1) and fills `waits` and the rest. */
  step(t: number): void;
  /** Queue times of what began service in the last second. */
  readonly waits: Waits;
  readonly arrived: number;
  readonly finished: number;
  readonly waiting: number;
  readonly inService: number;
  readonly oldestMs: number;
  readonly busyShare: number;
  /** Tasks told to stop that were still there in the last second, on average: they are paid for. */
  readonly stopping: number;
  readonly totals: Totals;
}

/** Since the start. `arrived = finished + lost + in system`, where what is delivered again is in system. */
export interface Totals {
  readonly arrived: number;
  readonly finished: number;
  /** Broken off by a task that ended, and not delivered again. */
  readonly lost: number;
  /** Times that a job was broken off by a task that ended, delivered again or not. */
  readonly killed: number;
  readonly inSystem: number;
  /** Sum of the queue times of all that began service, seconds. */
  readonly waitedSeconds: number;
  /** Integral over time of the number waiting: by Little's law the same, less what waits still. */
  readonly waitingSeconds: number;
}
