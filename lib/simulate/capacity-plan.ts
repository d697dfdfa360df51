/** What so many tasks in one step of time cost in lateness. */
export interface StepCost {
  /** Arrivals that are late with `first + i` tasks; with fewer than `first`, those of `first`; with more than the last, none. */
  readonly first: number;
  readonly late: Float64Array;
}

export interface PlanOptions {
  readonly steps: readonly StepCost[];
  readonly min: number;
  readonly max: number;
  readonly stepSeconds: number;
  /** Task-seconds that one late arrival is worth: more means more tasks. */
  readonly worth: number;
  /** Task-seconds paid for each task started. */
  readonly startCost: number;
}

/**
 * The cheapest number of tasks for each step of time, everything known: dynamic programming over time and count, exact for the sum of
 * task-seconds, starts and late arrivals by their worth. Starting costs by the task and stopping nothing, so the best predecessor of
 * every count is found in one pass up and one down.
 */
export function planCapacity({ steps, min, max, stepSeconds, worth, startCost }: PlanOptions): Uint16Array {
  const counts = max - min + 1;
  const from = new Uint16Array(steps.length * counts);
  let cost = new Float64Array(counts);
  let next = new Float64Array(counts);
  steps.forEach((step, i) => {
    const row = i * counts;
    for (let c = 0; c < counts; c++) {
      next[c] = cost[c] as number;
      from[row + c] = c;
    }
    if (i > 0) cheapestPredecessors(next, from, row, counts, startCost);
    for (let c = 0; c < counts; c++) (next[c] as number) += (min + c) * stepSeconds + worth * lateWith(step, min + c);
    [cost, next] = [next, cost];
  });
  const plan = new Uint16Array(steps.length);
  let at = cost.reduce((best, value, c) => (value < (cost[best] as number) ? c : best), 0);
  for (let i = steps.length - 1; i >= 0; i--) {
    plan[i] = min + at;
    at = from[i * counts + at] as number;
  }
  return plan;
}

function cheapestPredecessors(cost: Float64Array, from: Uint16Array, row: number, counts: number, startCost: number): void {
  for (let c = 1; c < counts; c++) {
    const started = (cost[c - 1] as number) + startCost;
    if (started < (cost[c] as number)) {
      cost[c] = started;
      from[row + c] = from[row + c - 1] as number;
    }
  }
  for (let c = counts - 2; c >= 0; c--) {
    const stopped = cost[c + 1] as number;
    if (stopped < (cost[c] as number)) {
      cost[c] = stopped;
      from[row + c] = from[row + c + 1] as number;
    }
  }
}

function lateWith({ first, late }: StepCost, count: number): number {
  const i = count - first;
  if (i >= late.length) return 0;
  if (i >= 0) return late[i] as number;
  // Every task that is missing makes it worse, so that the plan has a slope to climb.
  return (late[0] ?? 0) * (1 - i / Math.max(1, first));
}
