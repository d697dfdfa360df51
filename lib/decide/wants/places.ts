import { wholeTasks } from '../whole-tasks.ts';

/** So many of the places are planned to be taken: jobs come in clumps, and a task that is ordered for one is up too late for it. */
const TAKEN_SHARE = 0.85;

/** What a task works on at once: as given, else what runs to a task now, one at least: while jobs wait every place is taken. */
export const placesPerTask = (given: number | undefined, busy: number, working: number): number =>
  given ?? Math.max(1, Math.round(busy / Math.max(1, working)));

/**
 * Tasks with a place for each job that runs and each that waits, `(busy ÷ 0.85 + waiting) ÷ k`. However long jobs take, more tasks are of
 * no use; and where they take longer than they may wait, so many are needed, for hardly a place comes free in time.
 * @param busy jobs that run. @param waiting jobs that wait. @param k jobs that a task works on at once.
 */
export const placesForAll = (busy: number, waiting: number, k: number): number => wholeTasks((busy / TAKEN_SHARE + waiting) / k);
