/**
 * First come, first served, in front of `capacity` slots: a router before web tasks, or a queue before job workers. Knows
 * no time and starts nothing itself; the caller takes what may start and says when it has ended.
 */
export interface TaskQueue<Work> {
  add(work: Work, at: number): void;
  /** Takes the next one if a slot is free; `at` is when it was added. */
  take(capacity: number): { readonly work: Work; readonly at: number } | undefined;
  /** One that was taken has ended. */
  ended(): void;
  readonly waiting: number;
  readonly busy: number;
  /** When the oldest that still waits was added. */
  readonly oldestAt: number | undefined;
  /** How many were turned away because the queue was full. */
  readonly refused: number;
}

/** `limit`: most that may wait; further ones are turned away, as a load balancer would. */
export function createTaskQueue<Work>(limit: number): TaskQueue<Work> {
  let items: { readonly work: Work; readonly at: number }[] = [];
  let head = 0;
  let busy = 0;
  let refused = 0;
  return {
    add: (work, at) => {
      if (items.length - head >= limit) refused += 1;
      else items.push({ work, at });
    },
    take: (capacity) => {
      const next = items[head];
      if (next === undefined || busy >= capacity) return undefined;
      head += 1;
      busy += 1;
      if (head > 1_024 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return next;
    },
    ended: () => {
      busy -= 1;
    },
    get waiting() {
      return items.length - head;
    },
    get busy() {
      return busy;
    },
    get oldestAt() {
      return items[head]?.at;
    },
    get refused() {
      return refused;
    },
  };
}
