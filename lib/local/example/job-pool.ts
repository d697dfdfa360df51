import { createTaskQueue } from './task-queue.ts';

/** One measurement as a report carries it: what it is, how much, of which queue. */
export interface QueueMetric {
  readonly identifier: 'qd' | 'busy' | 'qt';
  readonly value: number;
  readonly queue: string;
}

/** Job queues that one pool of tasks drains, the oldest job first. */
export interface JobPool {
  add(queue: string, at: number): void;
  /** The next job, if a slot is free: the name of its queue. */
  take(capacity: number): string | undefined;
  ended(queue: string): void;
  /** Depth, busy jobs and latency (age of the oldest waiting job, ms) of each queue, as adapters report them. */
  metrics(now: number): QueueMetric[];
}

const MOST_WAITING = 20_000;

export function createJobPool(names: readonly string[]): JobPool {
  const queues = names.map((name) => ({ name, jobs: createTaskQueue<undefined>(MOST_WAITING) }));
  const find = (name: string) => queues.find((queue) => queue.name === name)?.jobs;
  return {
    add: (name, at) => find(name)?.add(undefined, at),
    take: (capacity) => {
      const busy = queues.reduce((sum, queue) => sum + queue.jobs.busy, 0);
      if (busy >= capacity) return undefined;
      const oldest = queues
        .filter((queue) => queue.jobs.waiting > 0)
        .reduce<(typeof queues)[number] | undefined>(
          (first, queue) => ((queue.jobs.oldestAt ?? 0) < (first?.jobs.oldestAt ?? Number.POSITIVE_INFINITY) ? queue : first),
          undefined,
        );
      return oldest?.jobs.take(Number.POSITIVE_INFINITY) === undefined ? undefined : oldest.name;
    },
    ended: (name) => find(name)?.ended(),
    metrics: (now) =>
      queues.flatMap(({ name, jobs }) => [
        { identifier: 'qd', value: jobs.waiting, queue: name },
        { identifier: 'busy', value: jobs.busy, queue: name },
        { identifier: 'qt', value: Math.max(0, now - (jobs.oldestAt ?? now)), queue: name },
      ]),
  };
}
