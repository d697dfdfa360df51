import { SLOT_MS } from '../reports/slot.ts';

/** Adapters report that often, what they have measured since. */
export const PERIOD_S = SLOT_MS / 1_000;

/** What some tasks report at one moment, each of its last ten seconds. */
export interface SentReport {
  /** Simulated seconds. */
  readonly at: number;
  readonly tasks: number;
}

/**
 * Which tasks of a service report when: each every ten seconds from when it came up. Those that are there at first are spread evenly. Of tasks that
 * are stopped the last to come go first, and what they had not reported yet is lost.
 */
export class TaskReports {
  /** Second of ten in which each task reports, in the order in which they came up. */
  readonly #phases: number[] = [];
  readonly #inPhase: number[] = new Array(PERIOD_S).fill(0);
  #isFirst = true;

  /** @param running tasks at work in the second before. @returns how many report now. */
  at(now: number, running: number): number {
    while (this.#phases.length > running) (this.#inPhase[this.#phases.pop() as number] as number)--;
    // Who came up in the second before has nothing to tell before ten seconds are over.
    const reporting = this.#inPhase[now % PERIOD_S] as number;
    for (let task = this.#phases.length; task < running; task++) {
      const phase = (now - 1 + (this.#isFirst ? Math.floor((task * PERIOD_S) / running) : 0) + PERIOD_S) % PERIOD_S;
      this.#phases.push(phase);
      (this.#inPhase[phase] as number)++;
    }
    this.#isFirst = false;
    return reporting;
  }
}
