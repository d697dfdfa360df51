import { wholeTasks } from '../whole-tasks.ts';

/** Tasks are planned to be busy for that share of their time, so that a queue can shrink at all. */
export const BUSY_SHARE = 0.9;

/**
 * Tasks with a place for each job that runs and each that waits, `(busy ÷ 0.9 + waiting) ÷ k`. However long jobs take, more tasks are of
 * no use; and where they take longer than they may wait, so many are needed, for no place comes free in time. k is what a task
 * works on at once, as given; else what runs to a task now, one at least: while jobs wait every place is taken.
 * @param busy jobs that run. @param waiting jobs that wait. @param working tasks that run.
 */
export const placesForAll = (busy: number, waiting: number, working: number, k: number | undefined): number =>
  wholeTasks((busy / BUSY_SHARE + waiting) / (k ?? Math.max(1, busy / Math.max(1, working))));
